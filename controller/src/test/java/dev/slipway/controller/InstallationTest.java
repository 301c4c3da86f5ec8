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
    for (String input : List.of("workload-kinds", "asleep")) {
      assertThat(granted(input).getRules().stream().flatMap(InstallationTest::rights))
          .as(input)
          .isSubsetOf(held);
    }
  }

  private static Role granted(String input) throws IOException {
    return GoldenInput.read(GoldenFiles.in("desired").input(input)).desired().others().stream()
        .filter(Role.class::isInstance)
        .map(Role.class::cast)
        .findFirst()
        .orElseThrow();
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

  /** It is open to the world: no Secrets, and nothing to write but how many gitds a Remote has. */
  @Test
  void frontReadsAndScalesRemotesAndDoesNothingElse() throws IOException {
    assertThat(rules("front.yaml").stream().flatMap(InstallationTest::rights))
        .containsExactlyInAnyOrder(
            "list remotes.gitkube.sh",
            "watch remotes.gitkube.sh",
            "patch remotes/scale.gitkube.sh");
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
