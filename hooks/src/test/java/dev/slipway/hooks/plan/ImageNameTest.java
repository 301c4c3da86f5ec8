package dev.slipway.hooks.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.TestRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            ImageName.of(
                registry, TestRepository.config(), new Workload(kind, "web"), "nginx", COMMIT))
        .isEqualTo(repository + ":" + COMMIT.name());
  }
}
