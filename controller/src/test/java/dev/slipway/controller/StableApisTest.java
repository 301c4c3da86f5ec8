package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What clusters from 1.29 on serve, and will go on serving. */
class StableApisTest {
  private static final Pattern VERSION = Pattern.compile("(?m)^apiVersion: \"?([^\"\\s]+)");

  @Test
  void installsAndMakesNothingOfAVersionThatMayGo() throws IOException {
    Set<String> versions = new TreeSet<>();
    for (String folder :
        List.of(
            "../deploy",
            "../crd/remote.yaml",
            "../charts/slipway/templates",
            "src/test/resources/golden/desired",
            "../hooks/src/test/resources/golden")) {
      try (Stream<Path> files = Files.walk(Path.of(folder), 1)) {
        for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
          VERSION
              .matcher(Files.readString(file))
              .results()
              .forEach(it -> versions.add(it.group(1)));
        }
      }
    }

    assertThat(versions)
        .containsExactlyInAnyOrder(
            "v1",
            "apps/v1",
            "batch/v1",
            "apiextensions.k8s.io/v1",
            "networking.k8s.io/v1",
            "policy/v1",
            "rbac.authorization.k8s.io/v1",
            "monitoring.coreos.com/v1",
            "gitkube.sh/v1alpha1");
  }
}
