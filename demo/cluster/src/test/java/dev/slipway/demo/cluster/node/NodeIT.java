package dev.slipway.demo.cluster.node;

import static dev.slipway.demo.cluster.node.PodsOnNode.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.NodePart;
import dev.slipway.demo.cluster.NodeRequirements;
import dev.slipway.demo.cluster.image.Registry;
import dev.slipway.demo.cluster.process.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a node makes of a pod, from its image to its end. */
class NodeIT {
  @Order(1)
  @RegisterExtension
  static final BeforeAllCallback requirements = context -> NodeRequirements.assumeMet();

  @Order(2)
  @RegisterExtension
  static final ClusterExtension cluster = ClusterExtension.with(new NodePart(List.of(), 0.1));

  private final PodsOnNode pods = new PodsOnNode(cluster);

  @Test
  void runsAPodWithInitContainerVolumesAndReadinessBehindAService() throws Exception {
    pods.apply(
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

    var service =
        Awaitility.await()
            .until(
                () -> cluster.client().services().inNamespace("default").withName("web").get(),
                published -> !published.getStatus().getLoadBalancer().getIngress().isEmpty());
    var port = service.getStatus().getLoadBalancer().getIngress().getFirst().getPorts().getFirst();

    // A Service refuses connections until it has heard of its first pod.
    Awaitility.await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> get("http://127.0.0.1:" + port.getPort() + "/"),
            "hello from default: Grüße\n1000\n"::equals);
    assertThat(get("http://" + service.getSpec().getClusterIP() + ":18080/"))
        .startsWith("hello from default");
    assertThat(cluster.kubectl("get", "pods").output()).contains("1/1").contains("Running");

    // Another type is another way in. The address stays, and so does what is connected to it.
    try (var connected = new Socket(service.getSpec().getClusterIP(), 18080)) {
      cluster.kubectl("patch", "service", "web", "-p", "{\"spec\":{\"type\":\"ClusterIP\"}}");
      Awaitility.await().until(() -> isClosed(port.getPort()));
      connected.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
      assertThat(new String(connected.getInputStream().readAllBytes(), UTF_8))
          .contains("hello from default");
    }
    assertThat(get("http://" + service.getSpec().getClusterIP() + ":18080/"))
        .startsWith("hello from default");
  }

  @Test
  void reachesTheApiAndServicesByNameFromInsideAPod() {
    pods.apply(
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
              nc -w 60 kubernetes.default.svc 443 </dev/null && echo open
              echo bye > /dev/termination-log
        """);

    var end = pods.awaitEnd("inside", "main");

    assertThat(end.getReason()).isEqualTo("Completed");
    assertThat(end.getMessage()).isEqualTo("bye\n");
    assertThat(pods.logs("inside"))
        .isEqualTo("kubernetes.default.svc:443\ndefault\ntoken\n1\nopen\n");
  }

  @Test
  void restartsWhatCrashesAndStopsWhatIsDeleted() {
    pods.apply(
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

    var pod =
        pods.await(
            "crash",
            now ->
                status(now, "main").getRestartCount() >= 2
                    && status(now, "main").getState().getWaiting() != null);
    assertThat(status(pod, "main").getState().getWaiting().getReason())
        .isEqualTo("CrashLoopBackOff");
    assertThat(status(pod, "main").getLastState().getTerminated().getExitCode()).isEqualTo(3);
    assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    assertThat(pods.logs("crash", "-c", "main", "--previous")).isEqualTo("run\n");

    pods.delete("crash");
    pods.awaitEvents("crash", "Pulled", "Created", "Started", "BackOff", "Killing");
  }

  @Test
  void buildsAnImageThatThenRuns(@TempDir Path data) throws Exception {
    try (var registry = Registry.start(data, Optional.empty())) {
      var image = registry.host() + "/demo/app:1";
      pods.apply(
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

      var end = pods.awaitEnd("build", "kaniko");
      assertThat(end.getExitCode()).as(pods.logs("build")).isZero();
      assertThat(end.getMessage()).startsWith("sha256:");

      pods.apply(
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
      var pod = pods.await("app", now -> status(now, "app").getReady());
      assertThat(get("http://" + pod.getStatus().getPodIP() + ":8080/"))
          .isEqualTo("a page\nbuilt with care\n");
      assertThat(status(pod, "app").getImageID())
          .isEqualTo(registry.host() + "/demo/app@" + end.getMessage());
      assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(data.toString());
    }
  }

  private static boolean isClosed(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void keepsAClaimUntilThePodThatUsesItIsGone() {
    pods.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: kept, namespace: default}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: user, namespace: default}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - {name: main, image: busybox, command: [sleep, '1000'], volumeMounts: [{name: v, mountPath: /v}]}
          volumes: [{name: v, persistentVolumeClaim: {claimName: kept}}]
        """);
    var claim = cluster.client().persistentVolumeClaims().inNamespace("default").withName("kept");
    pods.await("user", pod -> "Running".equals(pod.getStatus().getPhase()));
    var volume = claim.get().getSpec().getVolumeName();

    claim.delete();
    assertThat(claim.get().getMetadata().getDeletionTimestamp()).isNotNull();

    pods.delete("user");
    Awaitility.await().until(() -> claim.get() == null);
    Awaitility.await()
        .until(() -> cluster.client().persistentVolumes().withName(volume).get() == null);
  }

  @Test
  void givesALoadBalancerItsPortOnceNobodyElseHasIt() throws Exception {
    int wanted = FreePort.find();
    try (var other = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
      pods.apply(
          """
          apiVersion: v1
          kind: Service
          metadata: {name: patient, namespace: default}
          spec: {type: LoadBalancer, ports: [{port: %d}]}
          """
              .formatted(other.getLocalPort()));
      awaitPort("patient", port -> port != wanted);
    }
    awaitPort("patient", port -> port == wanted);
  }

  /** Waits for what a Service's status says is its port on loopback. */
  private static void awaitPort(String service, IntPredicate condition) {
    Awaitility.await(service)
        .until(
            () ->
                cluster
                    .client()
                    .services()
                    .inNamespace("default")
                    .withName(service)
                    .get()
                    .getStatus()
                    .getLoadBalancer()
                    .getIngress(),
            ingress ->
                !ingress.isEmpty()
                    && condition.test(ingress.getFirst().getPorts().getFirst().getPort()));
  }

  private static String get(String url) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
