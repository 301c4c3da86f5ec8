package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who reaches what by the NetworkPolicies, where a cluster enforces them. */
class NetworkPathsTest {
  private static final String SYSTEM = "slipway-system";
  private static final List<NetworkPolicy> policies = new ArrayList<>();
  private static final Map<String, Pod> pods = new HashMap<>();

  private record Pod(String namespace, Map<String, String> labels) {}

  @BeforeAll
  static void read() throws IOException {
    var remote = GoldenInput.read(GoldenFiles.in("desired").input("plain")).desired();
    String namespace = remote.hostKey().getMetadata().getNamespace();
    remote.others().forEach(NetworkPathsTest::add);
    for (String file : List.of("slipway.yaml", "front.yaml")) {
      List<HasMetadata> objects =
          GoldenInput.SERIALIZATION.unmarshal(Files.readString(Path.of("../deploy", file)));
      objects.forEach(NetworkPathsTest::add);
    }
    Map<String, String> build = jobLabels("build", "dev");
    pods.put("build", new Pod(namespace, build));
    pods.put("hook", new Pod(namespace, jobLabels("hook", "dev")));
    pods.put("build of another Remote", new Pod(namespace, jobLabels("build", "other")));
    pods.put("same labels elsewhere", new Pod("elsewhere", build));
    pods.put("app", new Pod(namespace, Map.of("app", "web")));
    pods.put("anybody", new Pod("elsewhere", Map.of()));
  }

  private static void add(HasMetadata object) {
    if (object instanceof NetworkPolicy policy) {
      policies.add(policy);
    } else if (object instanceof Deployment it) {
      Map<String, String> labels = it.getSpec().getTemplate().getMetadata().getLabels();
      pods.put(
          labels.get("app.kubernetes.io/name"), new Pod(it.getMetadata().getNamespace(), labels));
    }
  }

  /** As hooks.kube.Labels gives them, which BuildJobTest and HookJobTest hold. */
  private static Map<String, String> jobLabels(String name, String remote) {
    return Map.of(
        "app.kubernetes.io/name", name,
        "app.kubernetes.io/instance", remote,
        "app.kubernetes.io/managed-by", "slipway",
        "gitkube.sh/remote", remote);
  }

  @ParameterizedTest(name = "{0} to {1}:{2} {3}")
  @CsvSource({
    "anybody, gitd, 2022, true",
    "front, gitd, 2022, true",
    "anybody, gitd, 8080, true",
    "build, gitd, 8022, true",
    "hook, gitd, 8022, true",
    "build of another Remote, gitd, 8022, false",
    "same labels elsewhere, gitd, 8022, false",
    "app, gitd, 8022, false",
    "front, gitd, 8022, false",
    "controller, gitd, 8022, false",
    "anybody, gitd, 8022, false",
    "anybody, gitd, 22, false",
    "anybody, build, 80, false",
    "app, build, 8080, false",
    "gitd, build, 8080, false",
    "build, build, 8080, false",
    "anybody, front, 22, true",
    "anybody, front, 8080, true",
    "anybody, front, 8022, false",
    "anybody, controller, 8080, true",
    "gitd, controller, 8443, false",
    "build, controller, 2022, false",
    "anybody, app, 8080, true"
  })
  void allowsThePathsOfTheDesignAndNoOther(String from, String to, int port, boolean allowed) {
    assertThat(allows(pod(from), pod(to), port)).isEqualTo(allowed);
  }

  /**
   * So that the table above is about all there are, and what it does not understand is not used.
   */
  @Test
  void everyPolicyIsAboutAPodOfTheTable() {
    assertThat(policies)
        .extracting(policy -> policy.getMetadata().getNamespace())
        .containsExactly("default", "default", SYSTEM, SYSTEM);
    assertThat(policies)
        .allSatisfy(
            policy -> {
              assertThat(pods.values()).anyMatch(pod -> selects(policy, pod));
              assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
              assertThat(policy.getSpec().getIngress())
                  .flatExtracting(NetworkPolicyIngressRule::getFrom)
                  .allSatisfy(
                      peer -> {
                        assertThat(peer.getIpBlock()).isNull();
                        assertThat(peer.getNamespaceSelector()).isNull();
                      });
            });
  }

  private static Pod pod(String name) {
    return requireNonNull(pods.get(name), name);
  }

  private static boolean allows(Pod from, Pod to, int port) {
    List<NetworkPolicy> selecting =
        policies.stream().filter(policy -> selects(policy, to)).toList();
    return selecting.isEmpty()
        || selecting.stream()
            .flatMap(policy -> policy.getSpec().getIngress().stream())
            .anyMatch(rule -> allows(rule, from, to, port));
  }

  private static boolean allows(NetworkPolicyIngressRule rule, Pod from, Pod to, int port) {
    boolean peer =
        rule.getFrom().isEmpty()
            || rule.getFrom().stream()
                .anyMatch(
                    it ->
                        from.namespace().equals(to.namespace())
                            && matches(it.getPodSelector(), from));
    return peer
        && rule.getPorts().stream()
            .anyMatch(it -> it.getPort().getIntVal() == port && it.getProtocol().equals("TCP"));
  }

  private static boolean selects(NetworkPolicy policy, Pod pod) {
    return policy.getMetadata().getNamespace().equals(pod.namespace())
        && matches(policy.getSpec().getPodSelector(), pod);
  }

  private static boolean matches(LabelSelector selector, Pod pod) {
    assertThat(selector.getMatchExpressions()).isEmpty();
    return pod.labels().entrySet().containsAll(selector.getMatchLabels().entrySet());
  }
}
