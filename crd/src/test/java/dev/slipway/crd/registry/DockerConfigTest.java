package dev.slipway.crd.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {
  private static final String LOGIN = "{\"auth\":\"" + base64("ana:s3cret") + "\"}";

  @ParameterizedTest
  @CsvSource({
    "docker.io, docker.io/user/web",
    "index.docker.io, docker.io/user/web",
    "registry-1.docker.io, index.docker.io/user/web",
    "https://index.docker.io/v1/, user/web",
    "https://index.docker.io/v1, docker.io/user/web",
    "https://index.docker.io/v2/, docker.io/user/web",
    "https://registry.example, registry.example/web",
    "http://registry.example:5000/, registry.example:5000/team/web",
    "REGISTRY.example, registry.example/web",
    "registry.example/team, registry.example/team/web",
    "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com, 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web",
    "europe-docker.pkg.dev, europe-docker.pkg.dev/project/repo/web",
    "team.azurecr.io, team.azurecr.io/web",
  })
  void findsTheLoginForAnImageInEveryForm(String key, String image) throws Exception {
    for (String form : new String[] {"{\"auths\":{\"%s\":%s}}", "{\"%s\":%s}"}) {
      DockerConfig config = DockerConfig.parse(form.formatted(key, LOGIN));

      assertThat(config.login(ImageLocation.of(image)))
          .contains(new RegistryLogin("ana", "s3cret", "", ""));
      assertThat(config.hosts()).containsExactly(ImageLocation.of(image).host());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, registry.example/web",
    "registry.example, registry.example:5000/web",
    "registry.example:5000, registry.example/web",
    "example, registry.example/web",
    "registry.example, registry.example.org/web",
  })
  void givesALoginToNoOtherRegistry(String key, String image) throws Exception {
    assertThat(
            DockerConfig.parse("{\"auths\":{\"%s\":%s}}".formatted(key, LOGIN))
                .login(ImageLocation.of(image)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'auth':'%s'} | ana | p:a:s:s",
        "{'username':'ana','password':'p:a:s:s'} | ana | p:a:s:s",
        "{'username':'bob','password':'old','auth':'%s'} | ana | p:a:s:s",
      })
  void readsUserAndPasswordFromEitherField(String json, String user, String password)
      throws Exception {
    String entry = json.formatted(base64("ana:p:a:s:s")).replace('\'', '"');

    assertThat(
            DockerConfig.parse("{\"auths\":{\"r.example\":%s}}".formatted(entry))
                .login(ImageLocation.of("r.example/web")))
        .contains(new RegistryLogin(user, password, "", ""));
  }

  @Test
  void readsTheKeyOfAGoogleServiceAccount() throws Exception {
    String key = "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN\\n\"}";
    String text =
        "{\"auths\":{\"https://gcr.io\":{\"auth\":\"%s\"}}}".formatted(base64("_json_key:" + key));

    assertThat(DockerConfig.parse(text).login(ImageLocation.of("gcr.io/project/web")))
        .contains(new RegistryLogin("_json_key", key, "", ""));
  }

  @Test
  void takesTheLoginOfTheLongestPath() throws Exception {
    DockerConfig config =
        DockerConfig.parse(
            """
            {"auths": {
              "r.example": {"username": "all", "password": "1"},
              "r.example/team": {"username": "team", "password": "2"},
              "r.example/team/special": {"username": "special", "password": "3"},
              "docker.io": {"username": "hub", "password": "4"}}}
            """);

    assertThat(user(config, "r.example/other/web")).isEqualTo("all");
    assertThat(user(config, "r.example/teams/web")).isEqualTo("all");
    assertThat(user(config, "r.example/team/web")).isEqualTo("team");
    assertThat(user(config, "r.example/team/special/web")).isEqualTo("special");
    JsonNode auths =
        new ObjectMapper()
            .readTree(config.forBuilder(ImageLocation.of("r.example/team/web:1")))
            .path("auths");
    assertThat(auths.properties()).hasSize(2);
    assertThat(auths.path("r.example").path("username").asText()).isEqualTo("team");
    assertThat(auths.path("https://index.docker.io/v1/").path("username").asText())
        .isEqualTo("hub");
  }

  @Test
  void tellsLoginsFromTheNamesThatAHelperLeaves() throws Exception {
    DockerConfig config =
        DockerConfig.parse(
            """
            {"auths": {"https://index.docker.io/v1/": {}, "r.example": {"auth": "%s"}},
             "credsStore": "desktop", "credHelpers": {"gcr.io": "gcloud"}}
            """
                .formatted(base64("ana:s3cret")));

    assertThat(config.hosts()).containsExactly("r.example");
    assertThat(config.hostsWithoutLogin()).containsExactly("docker.io");
    assertThat(config.helpers()).containsExactly("desktop", "gcloud");
    assertThat(config.forBuilder(ImageLocation.of("user/web"))).doesNotContain("desktop", "docker");
  }

  @Test
  void readsTokens() throws Exception {
    assertThat(
            DockerConfig.parse(
                    "{\"auths\":{\"t.azurecr.io\":{\"auth\":\"%s\",\"identitytoken\":\"long\"}}}"
                        .formatted(base64("00000000-0000-0000-0000-000000000000:")))
                .login(ImageLocation.of("t.azurecr.io/web")))
        .contains(new RegistryLogin("00000000-0000-0000-0000-000000000000", "", "long", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cret",
        "[\"s3cret\"]",
        "{\"auths\":{\"r.example\":{\"auth\":\"s3cret!\"}}}",
        "{\"auths\":{\"r.example\":{\"auth\":\"czNjcmV0\"}}}"
      })
  void saysWhatIsWrongAndQuotesNothing(String text) {
    assertThatThrownBy(() -> DockerConfig.parse(text))
        .isInstanceOf(InvalidDockerConfigException.class)
        .hasMessageContaining("it")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void printsNoLogin() throws Exception {
    assertThat(
            DockerConfig.parse("{\"r.example\":%s}".formatted(LOGIN))
                .login(ImageLocation.of("r.example/web"))
                .toString())
        .doesNotContain("ana", "s3cret");
  }

  private static String user(DockerConfig config, String image) {
    return config.login(ImageLocation.of(image)).orElseThrow().user();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
