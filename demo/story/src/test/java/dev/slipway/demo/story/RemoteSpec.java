package dev.slipway.demo.story;

/** How the Remote of a {@link Playground} differs from one that works. */
record RemoteSpec(
    String registry,
    String credentials,
    String deployment,
    String container,
    String build,
    String memory,
    int rolloutSeconds) {

  /** One that works, with its images in a registry that wants no password. */
  static RemoteSpec working(String registry) {
    return new RemoteSpec(registry, "", "web", "web", "path: .", "1Gi", 120);
  }

  RemoteSpec withBuild(String changed) {
    return new RemoteSpec(
        registry, credentials, deployment, container, changed, memory, rolloutSeconds);
  }

  RemoteSpec withDeployment(String changed) {
    return new RemoteSpec(registry, credentials, changed, container, build, memory, rolloutSeconds);
  }

  RemoteSpec withContainer(String changed) {
    return new RemoteSpec(
        registry, credentials, deployment, changed, build, memory, rolloutSeconds);
  }

  RemoteSpec withMemory(String changed) {
    return new RemoteSpec(
        registry, credentials, deployment, container, build, changed, rolloutSeconds);
  }

  RemoteSpec withRolloutSeconds(int changed) {
    return new RemoteSpec(registry, credentials, deployment, container, build, memory, changed);
  }

  RemoteSpec withRegistry(String changed, String secret) {
    return new RemoteSpec(changed, secret, deployment, container, build, memory, rolloutSeconds);
  }

  /** The Remote {@code dev}, for whoever has this key. */
  String yaml(String publicKey) {
    return """
    apiVersion: gitkube.sh/v1alpha1
    kind: Remote
    metadata: {name: dev}
    spec:
      authorizedKeys: ["%s"]
      registry:
        url: %s%s
      service: {type: NodePort}
      rollout: {timeoutSeconds: %d}
      builder: {resources: {limits: {memory: %s}}}
      deployments:
      - name: %s
        containers:
        - name: %s
          %s
    """
        .formatted(
            publicKey,
            registry,
            credentials.isEmpty()
                ? ""
                : "\n    credentials: {secretRef: %s}".formatted(credentials),
            rolloutSeconds,
            memory,
            deployment,
            container,
            build.replace("\n", "\n      "));
  }
}
