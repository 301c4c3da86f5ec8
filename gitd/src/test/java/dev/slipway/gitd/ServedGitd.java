package dev.slipway.gitd;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.demo.cluster.ClusterExtension;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** gitd's process as its container runs it, configured through the API. */
public final class ServedGitd implements SshTarget, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SECRET = "config";

  private final ClusterExtension cluster;
  private final String namespace;
  private final Path log;
  private final Process process;

  private ServedGitd(ClusterExtension cluster, String namespace, Path log, Process process) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts it; it serves when there is a config.
   *
   * @param namespace that exists, with no other gitd in it
   * @param folder for its repository, its host key and its log
   */
  public static ServedGitd start(
      ClusterExtension cluster, String namespace, Path folder, List<String> jvmOptions)
      throws IOException {
    Path hostKey = Developer.withKey(folder, "host", "-t", "ed25519").key();
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(jvmOptions);
    argv.addAll(List.of("-cp", System.getProperty("java.class.path"), GitdMain.class.getName()));
    argv.addAll(
        List.of(
            "serve",
            "--namespace=" + namespace,
            "--config-secret=" + SECRET,
            "--repository=" + folder.resolve("repository"),
            "--host-key=" + hostKey,
            "--ssh-port=0",
            "--context-port=0",
            "--health-port=0"));
    Path log = folder.resolve("gitd.log");
    ProcessBuilder builder =
        new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    return new ServedGitd(cluster, namespace, log, builder.start());
  }

  /** Gives it a config that lets these in and deploys nothing. */
  public void publish(Developer... authorized) {
    String keys =
        Stream.of(authorized)
            .map(Developer::publicKey)
            .collect(Collectors.joining("\", \"", "\"", "\""));
    String document =
        """
        {"namespace": "default", "name": "dev", "uid": "u",
         "authorizedKeys": [%s], "branches": ["master"], "registry": null, "targets": [],
         "builder": {"image": "b", "contextImage": "c", "contextUrl": "http://x:8022",
                     "tokenSecret": "t", "resources": {}, "timeoutSeconds": 1,
                     "nodeSelector": {}, "tolerations": [], "pullSecrets": [],
                     "parallelism": 1},
         "hooks": [],
         "rollout": {"timeoutSeconds": 1, "onFailure": "Restore"},
         "limits": {"packBytes": 1000000000, "fileBytes": 500000000, "reserveBytes": 0},
         "unsupported": []}
        """
            .formatted(keys);
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    var _ =
        cluster
            .client()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(SECRET)
                    .endMetadata()
                    .addToData(GitdConfig.KEY, Base64.getEncoder().encodeToString(bytes))
                    .build())
            .createOr(existing -> existing.update());
  }

  /** Waits until it serves. */
  public void awaitReady() {
    Eventually.await().until(() -> get("/readyz").statusCode() == 200);
  }

  public Process process() {
    return process;
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int port() {
    return port("ssh");
  }

  /** Which port it has taken, as it says itself. */
  private int port(String name) {
    Pattern said = Pattern.compile("\"%s\":(\\d+)".formatted(name));
    return Eventually.await()
        .until(() -> said.matcher(log()).results().findFirst(), Optional::isPresent)
        .map(found -> Integer.parseInt(found.group(1)))
        .orElseThrow();
  }

  /** Asks for a page of health or metrics. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port("health") + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    Eventually.await().until(() -> !process.destroyForcibly().isAlive());
  }
}
