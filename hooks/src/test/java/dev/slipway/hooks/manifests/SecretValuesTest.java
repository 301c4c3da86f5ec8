package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.hooks.kube.ClusterAnswer;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretValuesTest {
  @Test
  void foldsTextsIntoData() throws Exception {
    ObjectNode secret =
        object("{'data': {'a': 'YQ==', 'b': 'eA=='}, 'stringData': {'b': 'b', 'c': null}}");

    SecretValues.fold(secret);

    assertThat(secret).isEqualTo(object("{'data': {'a': 'YQ==', 'b': 'Yg==', 'c': ''}}"));
  }

  @Test
  void leavesASecretWithoutValuesAlone() throws Exception {
    ObjectNode secret = object("{'type': 'Opaque'}");

    SecretValues.fold(secret);

    assertThat(secret).isEqualTo(object("{'type': 'Opaque'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{'stringData': {'pin': 112358}} | stringData.pin is no text; put it in quotes",
        "{'data': {'pin': 112358}} | data.pin is no text; put it in quotes",
        "{'data': {'pin': {'a': '112358'}}} | data.pin is no text; put it in quotes",
        "{'data': {'pin': '112358!'}} | data.pin is not base64; write it so, or move it to stringData",
        "{'data': ['112358']} | data is no map from keys to texts"
      })
  void refusesOtherValuesByTheirKeysOnly(String secret, String sentence) throws Exception {
    ObjectNode object = object(secret);

    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> SecretValues.fold(object))
        .withMessage(sentence);
  }

  @Test
  void keepsQuietAboutWhatTheServerSays() {
    var told =
        SecretValues.withoutWords(
            new KubernetesClientException(
                "Invalid value: 112358",
                422,
                new StatusBuilder().withMessage("Invalid value: 112358").build()));

    assertThat(ClusterAnswer.words(told))
        .isEqualTo("it answers 422, and its words are not shown, as they may quote a Secret");
    assertThat(told).hasNoCause();
  }

  private static ObjectNode object(String json) throws Exception {
    return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
  }
}
