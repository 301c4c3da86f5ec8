package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rights in {@code deploy/}. */
class InstallationTest {

  @Test
  void controllerHasNoWildcards() throws IOException {
    assertThat(controllerRules())
        .allSatisfy(
            rule ->
                assertThat(
                        Stream.of(rule.getApiGroups(), rule.getResources(), rule.getVerbs())
                            .flatMap(List::stream))
                    .doesNotContain("*"));
  }

  /** The API server refuses to let anybody grant a right that he does not have. */
  @Test
  void controllerHasAllThatItGrantsToGitd() throws IOException {
    List<String> held = controllerRules().stream().flatMap(InstallationTest::rights).toList();
    Role granted =
        GoldenInput.read(GoldenFiles.in("desired").input("workload-kinds"))
            .desired()
            .others()
            .stream()
            .filter(Role.class::isInstance)
            .map(Role.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(granted.getRules().stream().flatMap(InstallationTest::rights)).isSubsetOf(held);
  }

  private static Stream<String> rights(PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(
            group ->
                rule.getResources().stream()
                    .flatMap(
                        resource ->
                            rule.getVerbs().stream()
                                .map(verb -> verb + " " + resource + "." + group)));
  }

  /** It is open to the world: no Secrets, and nothing to write. */
  @Test
  void frontReadsRemotesAndNothingElse() throws IOException {
    assertThat(rules("front.yaml").stream().flatMap(InstallationTest::rights))
        .containsExactlyInAnyOrder("list remotes.gitkube.sh", "watch remotes.gitkube.sh");
  }

  private static List<PolicyRule> controllerRules() throws IOException {
    return rules("slipway.yaml");
  }

  private static List<PolicyRule> rules(String file) throws IOException {
    List<HasMetadata> objects =
        GoldenInput.SERIALIZATION.unmarshal(Files.readString(Path.of("../deploy", file)));
    return objects.stream()
        .filter(ClusterRole.class::isInstance)
        .map(ClusterRole.class::cast)
        .findFirst()
        .orElseThrow()
        .getRules();
  }
}
