package dev.slipway.gitd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.gitd.config.ConfigDocument.BrokenConfigException;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigDocumentTest {
  static final String GOOD =
      """
      {"namespace": "default", "name": "dev", "uid": "u",
       "authorizedKeys": ["%s"], "branches": ["master"], "registry": null, "targets": [],
       "builder": {"image": "b", "contextImage": "c", "contextUrl": "http://x:8022",
                   "tokenSecret": "t", "resources": {}, "timeoutSeconds": 1,
                   "nodeSelector": {}, "tolerations": [], "pullSecrets": [], "parallelism": 1},
       "hooks": [],
       "rollout": {"timeoutSeconds": 1, "onFailure": "Restore"},
       "limits": {"packBytes": 1000000, "fileBytes": 500000, "reserveBytes": 0},
       "unsupported": [], "somethingNewer": true}
      """;

  @Test
  void readsWhatANewerControllerWrites() throws Exception {
    assertThat(ConfigDocument.parse(GOOD.formatted("k")).authorizedKeys()).containsExactly("k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "null", "[]", "{}", "{\"namespace\": \"default\", \"name\": \"dev\"}"})
  void brokenDocumentIsNamedWithoutQuotingIt(String document) {
    assertThatThrownBy(() -> ConfigDocument.parse(document))
        .isInstanceOf(BrokenConfigException.class)
        .hasMessageStartingWith("config.json ");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> ConfigDocument.parse("{\"namespace\": \"n\", \"name\": null}"))
        .hasMessage(
            "config.json lacks name, uid, authorizedKeys, branches, targets, hooks, builder, rollout, limits, unsupported");
  }

  @Test
  void anOlderControllersDocumentIsRefusedWhereverSomethingIsNotThereYet() {
    String older =
        GOOD.formatted("k")
            .replace("\"tolerations\": [], ", "")
            .replace(
                "\"targets\": []",
                "\"targets\": [{\"workload\": {\"kind\": \"Deployment\", \"name\": \"web\"}, \"containers\": []}]");
    assertThatThrownBy(() -> ConfigDocument.parse(older))
        .hasMessage("config.json lacks targets.branches, builder.tolerations");
  }

  @Test
  void secretWithoutTheKeyIsBroken() {
    assertThatThrownBy(() -> ConfigDocument.read(new SecretBuilder().build()))
        .hasMessage("it has no key config.json");
  }
}
