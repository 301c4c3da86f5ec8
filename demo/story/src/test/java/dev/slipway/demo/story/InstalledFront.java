package dev.slipway.demo.story;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one entry of all Remotes, installed as an operator does it who had Gitkube and brings a host
 * key along.
 *
 * @param files where its keys lie
 * @param port at which the node leads to it
 * @param hostKey the public half of the key that it is known by, one line
 */
record InstalledFront(Path files, String port, String hostKey) {
  static final String NAMESPACE = "kube-system";

  /**
   * Installs it, and has gitds trust it.
   *
   * @param files an existing folder
   */
  static InstalledFront install(Installation slipway, Path files) throws Exception {
    String hostKey = bringKeys(slipway, files);
    String chart = chart();
    String port = expose(slipway, front(chart, files));
    haveGitdsTrustFront(slipway, chart);
    return new InstalledFront(files, port, hostKey);
  }

  URI url(String user) {
    return URI.create("ssh://%1$s@127.0.0.1:%2$s/~/git/%1$s".formatted(user, port));
  }

  /** As {@code known_hosts} has it. */
  String knownHost() {
    return "[127.0.0.1]:" + port + " " + hostKey;
  }

  Door door(String user) throws IOException {
    return new Door(url(user), Files.writeString(files.resolve("host-of-front"), knownHost()));
  }

  Checkout checkout(Playground playground, String user) {
    return playground.checkoutThroughFront(port, user, hostKey);
  }

  /** Returns the public half of the host key. */
  private static String bringKeys(Installation slipway, Path folder) throws Exception {
    var secret =
        new ArrayList<>(List.of("create", "secret", "generic", "slipway-front", "-n", NAMESPACE));
    for (String key : List.of("ssh_host_ed25519_key", "ca_ed25519_key")) {
      String file = folder.resolve(key).toString();
      makeKey(Path.of(file));
      secret.add("--from-file=" + file);
      secret.add("--from-file=" + file + ".pub");
    }
    slipway.kubectl(secret.toArray(String[]::new));
    return Files.readString(folder.resolve("ssh_host_ed25519_key.pub")).strip();
  }

  static void makeKey(Path file) throws Exception {
    var made =
        new ProcessBuilder(
            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file.toString());
    assertThat(made.inheritIO().start().waitFor()).isZero();
  }

  /** As an operator renders it who comes from Gitkube. */
  private static String chart() {
    return new Helm(SharedSlipway.HOME.resolve("charts/slipway"))
        .template()
        .withName("slipway")
        .withKubeVersion("1.29")
        .withNamespace(NAMESPACE)
        .set("front.enabled", true)
        .set("front.name", "gitkubed")
        .set("front.service.create", false)
        .call();
  }

  private static Path front(String chart, Path files) throws IOException {
    String objects =
        Stream.of(chart.split("(?m)^---$"))
            .filter(part -> part.contains("# Source: slipway/templates/front.yaml\n"))
            .collect(joining("---"));
    return Files.writeString(files.resolve("front.yaml"), objects);
  }

  /** Gives the port at which the node leads to front. */
  private static String expose(Installation slipway, Path front) {
    slipway.kubectl(
        "label", "namespace", NAMESPACE, "pod-security.kubernetes.io/enforce=restricted");
    slipway.kubectl("apply", "-f", front.toString());
    slipway.kubectl(
        "rollout", "status", "-n", NAMESPACE, "deployment/gitkubed", Playground.PATIENCE);
    slipway.kubectl(
        "--namespace",
        "kube-system",
        "expose",
        "deployment",
        "gitkubed",
        "--type=LoadBalancer",
        "--name=gitkubed");
    return slipway.kubectl(
        "get", "service", "gitkubed", "-n", NAMESPACE, "-o", "jsonpath={.spec.ports[0].nodePort}");
  }

  /** By the arguments that the chart gives the controller. */
  private static void haveGitdsTrustFront(Installation slipway, String chart) {
    String controller = "deployment/slipway-controller";
    String arguments =
        chart
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("- --front-"))
            .map(
                line ->
                    "{\"op\": \"add\", \"path\": \"/spec/template/spec/containers/0/args/-\", \"value\": \"%s\"}"
                        .formatted(line.substring(2)))
            .collect(joining(",", "[", "]"));
    slipway.kubectl("patch", controller, "-n", "slipway-system", "--type=json", "-p", arguments);
    slipway.kubectl("rollout", "status", "-n", "slipway-system", controller, Playground.PATIENCE);
  }
}
