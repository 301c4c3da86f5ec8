package dev.slipway.demo.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.image.Registry;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class NodeIT {
  @Order(1)
  @RegisterExtension
  static final BeforeAllCallback requirements = context -> NodeRequirements.assumeMet();

  @Order(2)
  @RegisterExtension
  static final ClusterExtension cluster = ClusterExtension.with(new NodePart(List.of(), 0.1));

  @Test
  void runsAPodWithInitContainerVolumesAndReadinessBehindAService() throws Exception {
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: page, namespace: default}
        stringData: {title: Grüße}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: default}
        data: {greeting: hello}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          type: LoadBalancer
          selector: {app: web}
          ports: [{name: http, port: 18080, targetPort: http}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              initContainers:
              - name: write
                image: busybox
                command: [sh, -c, 'echo "$(GREETING) from $(NAME): $(cat /page/title)" > /www/index.html; id -u >> /www/index.html']
                env:
                - {name: GREETING, valueFrom: {configMapKeyRef: {name: settings, key: greeting}}}
                - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
                securityContext: {runAsUser: 1000}
                volumeMounts: [{name: www, mountPath: /www}, {name: page, mountPath: /page}]
              containers:
              - name: web
                image: busybox
                command: [httpd, -f, -p, '8080', -h, /www]
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
                securityContext: {readOnlyRootFilesystem: true}
                volumeMounts: [{name: www, mountPath: /www}]
              volumes:
              - {name: www, emptyDir: {}}
              - {name: page, secret: {secretName: page}}
        """);

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                Optional.ofNullable(
                            cluster
                                .client()
                                .apps()
                                .deployments()
                                .inNamespace("default")
                                .withName("web")
                                .get())
                        .map(deployment -> deployment.getStatus())
                        .map(status -> status.getAvailableReplicas())
                        .orElse(0)
                    == 1);
    var service = cluster.client().services().inNamespace("default").withName("web").get();
    var port = service.getStatus().getLoadBalancer().getIngress().getFirst().getPorts().getFirst();

    assertThat(get("http://127.0.0.1:" + port.getPort() + "/"))
        .isEqualTo("hello from default: Grüße\n1000\n");
    assertThat(get("http://" + service.getSpec().getClusterIP() + ":18080/"))
        .startsWith("hello from default");
    assertThat(cluster.kubectl("get", "pods").output()).contains("1/1").contains("Running");
  }

  @Test
  void reachesTheApiAndServicesByNameFromInsideAPod() {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: inside, namespace: default}
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: busybox
            command:
            - sh
            - -c
            - |
              echo "$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT"
              cat /var/run/secrets/kubernetes.io/serviceaccount/namespace; echo
              test -s /var/run/secrets/kubernetes.io/serviceaccount/token && echo token
              grep -c kubernetes.default.svc /etc/hosts
              nc -w 2 kubernetes.default.svc 443 </dev/null && echo open
              echo bye > /dev/termination-log
        """);

    var end = terminated("inside", "main");

    assertThat(end.getReason()).isEqualTo("Completed");
    assertThat(end.getMessage()).isEqualTo("bye\n");
    assertThat(cluster.kubectl("logs", "inside").output())
        .isEqualTo("kubernetes.default.svc:443\ndefault\ntoken\n1\nopen\n");
  }

  @Test
  void saysHowAPodFails() {
    failing(
        "exit", "[sh, -c, 'echo why; exit 7']", "terminationMessagePolicy: FallbackToLogsOnError");
    failing(
        "oom",
        "[dd, if=/dev/zero, of=/dev/null, bs=200M, count=1]",
        "resources: {limits: {memory: 32Mi}}");
    failing("start", "[/no/such/binary]", "workingDir: /");

    assertThat(terminated("exit", "main"))
        .extracting(
            ContainerStateTerminated::getExitCode,
            ContainerStateTerminated::getReason,
            ContainerStateTerminated::getMessage)
        .containsExactly(7, "Error", "why\n");
    assertThat(terminated("oom", "main"))
        .extracting(ContainerStateTerminated::getExitCode, ContainerStateTerminated::getReason)
        .containsExactly(137, "OOMKilled");
    assertThat(terminated("start", "main"))
        .extracting(
            ContainerStateTerminated::getExitCode,
            ContainerStateTerminated::getReason,
            ContainerStateTerminated::getMessage)
        .containsExactly(
            128,
            "StartError",
            "failed to create containerd task: failed to create shim task: OCI runtime create"
                + " failed: runc create failed: unable to start container process: exec:"
                + " \"/no/such/binary\": stat /no/such/binary: no such file or directory: unknown");
    for (var name : List.of("exit", "oom", "start")) {
      awaitPod(name, pod -> pod.getStatus().getPhase().equals("Failed"));
    }
  }

  @Test
  void saysWhatAPodWaitsFor() {
    waiting(
        "config",
        "image: busybox, env: [{name: A, valueFrom: {secretKeyRef: {name: none, key: k}}}]");
    waiting("pull", "image: '127.0.0.1:1/app:1'");
    waiting("invalid", "image: 'Busy_Box::1'");
    waiting("never", "image: 'busybox:notpulled', imagePullPolicy: Never");

    awaitWaiting("config", "CreateContainerConfigError", "secret \"none\" not found");
    awaitWaiting(
        "pull",
        "ImagePullBackOff",
        "Back-off pulling image \"127.0.0.1:1/app:1\": ErrImagePull: failed to pull and unpack"
            + " image \"127.0.0.1:1/app:1\": failed to resolve reference \"127.0.0.1:1/app:1\":"
            + " failed to do request: Get \"http://127.0.0.1:1/v2/app/manifests/1\": dial tcp"
            + " 127.0.0.1:1: connect: connection refused");
    awaitWaiting(
        "invalid",
        "InvalidImageName",
        "Failed to apply default image tag \"Busy_Box::1\": couldn't parse image name"
            + " \"Busy_Box::1\": invalid reference format: repository name (library/Busy_Box) must"
            + " be lowercase");
    awaitWaiting(
        "never",
        "ErrImageNeverPull",
        "Container image \"busybox:notpulled\" is not present with pull policy of Never");
    for (var name : List.of("config", "pull", "invalid", "never")) {
      cluster.client().pods().inNamespace("default").withName(name).delete();
      awaitGone(name);
    }
  }

  @Test
  void restartsWhatCrashesAndStopsWhatIsDeleted() {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: crash, namespace: default}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - {name: main, image: busybox, command: [sh, -c, 'echo run; exit 3']}
          - {name: other, image: busybox, command: [sleep, '1000']}
        """);

    awaitPod(
        "crash",
        pod ->
            status(pod, "main").getRestartCount() >= 2
                && status(pod, "main").getState().getWaiting() != null);
    var pod = cluster.client().pods().inNamespace("default").withName("crash").get();
    assertThat(status(pod, "main").getState().getWaiting().getReason())
        .isEqualTo("CrashLoopBackOff");
    assertThat(status(pod, "main").getLastState().getTerminated().getExitCode()).isEqualTo(3);
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    assertThat(cluster.kubectl("logs", "crash", "-c", "main", "--previous").output())
        .isEqualTo("run\n");

    cluster.client().pods().inNamespace("default").withName("crash").delete();
    awaitGone("crash");
    assertThat(
            cluster.client().v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> "crash".equals(event.getInvolvedObject().getName())))
        .extracting(Event::getReason)
        .contains("Pulled", "Created", "Started", "BackOff", "Killing");
  }

  @Test
  void buildsAnImageThatThenRuns(@TempDir Path data) throws Exception {
    try (var registry = Registry.start(data, Optional.empty())) {
      var image = registry.host() + "/demo/app:1";
      apply(
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: source, namespace: default}
          data:
            Dockerfile: |
              FROM busybox
              ARG WORD
              COPY index.html /www/index.html
              RUN echo "built with $WORD" >> /www/index.html
              WORKDIR /www
              USER 1234
              CMD ["httpd", "-f", "-p", "8080"]
            index.html: |
              a page
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: build, namespace: default}
          spec:
            restartPolicy: Never
            automountServiceAccountToken: false
            initContainers:
            - name: context
              image: busybox
              command: [sh, -c, 'cp -L /source/* /kaniko/buildcontext/']
              volumeMounts: [{name: source, mountPath: /source}, {name: context, mountPath: /kaniko/buildcontext}]
            containers:
            - name: kaniko
              image: ghcr.io/osscontainertools/kaniko:v1.28.3
              args:
              - --context=dir:///kaniko/buildcontext
              - --dockerfile=/kaniko/buildcontext/Dockerfile
              - --destination=%1$s
              - --digest-file=/dev/termination-log
              - --log-format=json
              - --build-arg=WORD=care
              volumeMounts: [{name: context, mountPath: /kaniko/buildcontext}]
            volumes:
            - {name: source, configMap: {name: source}}
            - {name: context, emptyDir: {}}
          """
              .formatted(image));

      var end = terminated("build", "kaniko");
      assertThat(end.getExitCode()).as(cluster.kubectl("logs", "build").output()).isZero();
      assertThat(end.getMessage()).startsWith("sha256:");

      apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: app, namespace: default}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - {name: app, image: '%s@%s', readinessProbe: {httpGet: {path: /, port: 8080}}}
          """
              .formatted(image, end.getMessage()));
      awaitPod("app", pod -> status(pod, "app").getReady());

      var pod = cluster.client().pods().inNamespace("default").withName("app").get();
      assertThat(get("http://" + pod.getStatus().getPodIP() + ":8080/"))
          .isEqualTo("a page\nbuilt with care\n");
      assertThat(status(pod, "app").getImageID())
          .isEqualTo(registry.host() + "/demo/app@" + end.getMessage());
      assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(data.toString());
    }
  }

  private static void failing(String name, String command, String more) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default}
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: busybox
            command: %s
            %s
        """
            .formatted(name, command, more));
  }

  private static void waiting(String name, String container) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default}
        spec:
          restartPolicy: Never
          containers: [{name: main, %s}]
        """
            .formatted(name, container));
  }

  private static void apply(String yaml) {
    for (var document : yaml.split("(?m)^---$", -1)) {
      cluster.client().resource(document).create();
    }
  }

  private static ContainerStateTerminated terminated(String pod, String container) {
    awaitPod(pod, found -> status(found, container).getState().getTerminated() != null);
    var found = cluster.client().pods().inNamespace("default").withName(pod).get();
    return status(found, container).getState().getTerminated();
  }

  private static void awaitWaiting(String pod, String reason, String message) {
    awaitPod(
        pod,
        found -> {
          var waiting = status(found, "main").getState().getWaiting();
          return waiting != null
              && reason.equals(waiting.getReason())
              && message.equals(waiting.getMessage());
        });
  }

  private static ContainerStatus status(Pod pod, String name) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(name))
        .findFirst()
        .orElseGet(
            () ->
                new ContainerStatusBuilder()
                    .withNewState()
                    .endState()
                    .withReady(false)
                    .withRestartCount(0)
                    .build());
  }

  private static void awaitPod(String name, Predicate<Pod> condition) {
    var pods = cluster.client().pods().inNamespace("default").withName(name);
    Awaitility.await(name).atMost(Duration.ofSeconds(20)).until(() -> condition.test(pods.get()));
  }

  private static void awaitGone(String name) {
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(10))
        .until(() -> cluster.client().pods().inNamespace("default").withName(name).get() == null);
  }

  private static String get(String url) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
