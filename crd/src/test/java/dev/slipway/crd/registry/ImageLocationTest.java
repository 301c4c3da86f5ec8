package dev.slipway.crd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageLocationTest {
  @ParameterizedTest
  @CsvSource({
    "docker.io/user/web:1, docker.io, user/web",
    "index.docker.io/user/web, docker.io, user/web",
    "registry-1.docker.io/user/web, docker.io, user/web",
    "user/web, docker.io, user/web",
    "web:1, docker.io, library/web",
    "registry/web, docker.io, registry/web",
    "localhost/web, localhost, web",
    "localhost:5000/web:1, localhost:5000, web",
    "registry.example/team/web, registry.example, team/web",
    "Registry.Example:5000/web, registry.example:5000, web",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web, 123456789012.dkr.ecr.eu-west-1.amazonaws.com, web",
    "gcr.io/project/web, gcr.io, project/web",
  })
  void readsANameAsDockerDoes(String name, String host, String repository) {
    assertThat(ImageLocation.of(name)).isEqualTo(new ImageLocation(host, repository));
  }
}
