package dev.slipway.demo.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All of a Playground that can be read without reading a Secret: objects, logs, what a process was
 * started with, the repository on the disk. And the secrets that are in nobody's hands but
 * Slipway's.
 */
record PlainView(Playground playground, Installation slipway) {
  private static final String SYSTEM = "slipway-system";
  private static final Pattern VOLUMES = Pattern.compile("/kaniko/.*|(/var)?/run/.*");

  /** The line of the private host key that most of its seed stands in, as ssh-keygen breaks it. */
  String hostKey() {
    String key =
        playground.kubectl(
            "get",
            "secret",
            "dev-gitd-host-key",
            "-o",
            "go-template={{index .data \"ssh_host_ed25519_key\" | base64decode}}");
    List<String> lines = key.lines().toList();
    assertThat(lines).hasSizeBetween(7, 8);
    return lines.get(4);
  }

  /** What gitd shows to the API. */
  String gitdToken() throws IOException {
    return Files.readString(file(gitd(), "root/var/run/secrets/kubernetes.io/serviceaccount/token"))
        .strip();
  }

  /**
   * Texts by where they were read, none of them empty.
   *
   * @param containers besides those of every push, of which a log has to be there
   */
  Map<String, String> everything(String... containers) throws IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    for (String namespace : List.of(playground.namespace(), SYSTEM)) {
      seen.put("objects in " + namespace, objects(namespace));
      logs(namespace, seen);
    }
    Stream.concat(Stream.of("kaniko", "fetch-context", "gitd", "controller"), Stream.of(containers))
        .forEach(it -> assertThat(seen.keySet()).anyMatch(where -> where.endsWith(" " + it)));
    for (String file : List.of("cmdline", "environ")) {
      seen.put(file + " of gitd", Files.readString(file(gitd(), file), ISO_8859_1));
      seen.put(file + " of the controller", Files.readString(file(controller(), file), ISO_8859_1));
    }
    String config =
        playground.kubectl(
            "get",
            "secret",
            "dev-gitd-config",
            "-o",
            "go-template={{index .data \"config.json\" | base64decode}}");
    seen.put("what gitd is told", config);
    seen.put("repository", repository());
    assertThat(seen).allSatisfy((where, text) -> assertThat(text).as(where).isNotBlank());
    return seen;
  }

  /**
   * What a step of a Dockerfile can read in Kaniko's container, besides the image: all volumes, and
   * the environment. The stand-in for Kaniko shuts its steps in, Kaniko does not.
   */
  String ofTheBuilder() {
    ProcessHandle builder =
        process("/" + playground.namespace() + "-dev-", "--dockerfile=/kaniko/");
    try {
      var text = new StringBuilder(Files.readString(file(builder, "environ"), ISO_8859_1));
      for (String line : Files.readAllLines(file(builder, "mountinfo"))) {
        String point = line.split(" ", -1)[4];
        if (VOLUMES.matcher(point).matches()) {
          text.append(filesIn(file(builder, "root" + point)));
        }
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a step of a Dockerfile runs a program. */
  ProcessHandle step(String commandLine) {
    return await()
        .dontCatchUncaughtExceptions()
        .ignoreExceptions()
        .atMost(Duration.ofMinutes(2))
        .until(() -> process(commandLine), it -> true);
  }

  private String objects(String namespace) {
    String kinds =
        slipway
            .kubectl("api-resources", "--namespaced", "--verbs=list", "-o", "name")
            .lines()
            .filter(kind -> !kind.equals("secrets"))
            .collect(Collectors.joining(","));
    String objects =
        slipway.kubectl("get", kinds, "-n", namespace, "-o", "yaml", "--show-managed-fields");
    assertThat(objects).contains("kind: Event\n", "kind: Pod\n", "managedFields:");
    return objects;
  }

  /** Of every container that has run; pods may go while this looks at them. */
  private void logs(String namespace, Map<String, String> seen) {
    KubernetesClient client = slipway.cluster().client();
    for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
      var containers =
          Stream.concat(
              pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
      containers
          .map(Container::getName)
          .forEach(
              name -> {
                try {
                  String log =
                      client
                          .pods()
                          .inNamespace(namespace)
                          .withName(pod.getMetadata().getName())
                          .inContainer(name)
                          .getLog();
                  seen.put("log of " + pod.getMetadata().getName() + " " + name, "Its log: " + log);
                } catch (KubernetesClientException e) {
                  assertThat(e.getCode()).as("%s: %s", name, e).isIn(400, 404);
                }
              });
    }
  }

  private String repository() throws IOException {
    return filesIn(playground.witness().repository());
  }

  private static String filesIn(Path folder) throws IOException {
    var text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, ISO_8859_1));
      }
    }
    return text.toString();
  }

  private ProcessHandle gitd() {
    return process("serve\0--namespace=" + playground.namespace() + "\0");
  }

  private ProcessHandle controller() {
    return process("ControllerMain\0", "--gitd-image=");
  }

  /** A process of this cluster, others may run beside it. */
  private static ProcessHandle process(String... words) {
    return ProcessHandle.current()
        .descendants()
        .filter(it -> Stream.of(words).allMatch(commandLine(it)::contains))
        .findFirst()
        .orElseThrow();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(file(process, "cmdline"), ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static Path file(ProcessHandle process, String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }
}
