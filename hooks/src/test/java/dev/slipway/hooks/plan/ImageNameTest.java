package dev.slipway.hooks.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.TestConfig;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gitkube's names, which people have created repositories for; the prefix is as it was checked. */
class ImageNameTest {
  private static final ObjectId COMMIT =
      ObjectId.fromString("7608ddb0f9d3c2a7a2a14c5f0a9b5f7b4f8a1c2d");

  @ParameterizedTest
  @CsvSource({
    "docker.io/user, Deployment, docker.io/user/default-dev-default.web-nginx",
    "user, Deployment, user/default-dev-default.web-nginx",
    "gcr.io/project, Deployment, gcr.io/project/default-dev-default.web-nginx",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com, Deployment, 123456789012.dkr.ecr.eu-west-1.amazonaws.com/default-dev-default.web-nginx",
    "registry.example, Deployment, registry.example/default-dev-default.web-nginx",
    "registry.example:5000, Deployment, registry.example:5000/default-dev-default.web-nginx",
    "registry.example:5000/a/b, StatefulSet, registry.example:5000/a/b/default-dev-default.statefulset_web-nginx",
    "'', Deployment, default-dev-default.web-nginx",
  })
  void areTheSameInEveryRegistry(String registry, WorkloadKind kind, String repository) {
    assertThat(
            ImageName.of(registry, TestConfig.config(), new Workload(kind, "web"), "nginx", COMMIT))
        .isEqualTo(repository + ":" + COMMIT.name());
  }

  /** In Gitkube both were also one Linux user and one Git repository. */
  @Test
  void differWhereTheUserNamesAreTheSame() {
    assertThat(name("a-b", "c", "web", "web"))
        .isEqualTo("a-b-c-a-b.web-web:" + COMMIT.name())
        .isNotEqualTo(name("a", "b-c", "web", "web"));
  }

  /**
   * Gitkube's scheme does not tell these apart, and repositories made beforehand forbid another.
   * That is why a target gets an image by its digest: the same repository is not the same image.
   */
  @ParameterizedTest
  @CsvSource({"default, dev, web-api, x, default, dev, web, api-x", "a, a-x-a, w, w, a-a, x, w, w"})
  void canBeSharedByTwoImages(
      String namespace,
      String remote,
      String deployment,
      String container,
      String otherNamespace,
      String otherRemote,
      String otherDeployment,
      String otherContainer) {
    assertThat(name(namespace, remote, deployment, container))
        .isEqualTo(name(otherNamespace, otherRemote, otherDeployment, otherContainer));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void fitIntoARegistryAndStayApartWhenLong(int more) {
    String remote = "dev.x" + "x".repeat(100 + more);
    String deployment = "web" + ".w".repeat(60);

    String name = name("n".repeat(63), remote, deployment, "web");

    assertThat(name)
        .endsWith(":" + COMMIT.name())
        .isNotEqualTo(name("n".repeat(63), remote, deployment, "api"));
    assertThat(name.substring(0, name.indexOf(':')))
        .hasSizeBetween(215, 220)
        .matches("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  }

  private static String name(String namespace, String remote, String deployment, String container) {
    GitdConfig config = TestConfig.of().namespace(namespace).name(remote).build();
    return ImageName.of(
        "", config, new Workload(WorkloadKind.Deployment, deployment), container, COMMIT);
  }
}
