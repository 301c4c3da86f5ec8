package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivingTest {
  private static final String BINDING =
      "{'kind': 'RoleBinding', 'metadata': {'name': 'ana'}, 'roleRef': {'kind': 'Role', 'name': 'reader'}}";
  private static final String POD =
      "{'kind': 'Pod', 'metadata': {'name': 'once'}, 'spec': {'serviceAccountName': 'runner'}}";
  private static final String NO_ROLE = "role.rbac.authorization.k8s.io \"reader\" not found";

  /** In the words of a real API server. */
  @Test
  void waitsForWhatComesWithTheSamePush() throws Exception {
    assertThat(needed(BINDING, 404, NO_ROLE)).isEqualTo("Role reader");
    assertThat(
            needed(
                POD,
                403,
                "pods \"once\" is forbidden: error looking up service account default/runner:"
                    + " serviceaccount \"runner\" not found"))
        .isEqualTo("ServiceAccount runner");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        // Of another role than the one in the push.
        "404 | role.rbac.authorization.k8s.io \"writer\" not found",
        // A webhook that is not there.
        "404 | the server could not find the requested resource",
        "422 | role.rbac.authorization.k8s.io \"reader\" not found",
        "403 | rolebindings is forbidden: User \"a\" cannot patch resource \"rolebindings\": RBAC: role.rbac.authorization.k8s.io \"reader\" not found"
      })
  void doesNotWaitForAnythingElse(int code, String words) throws Exception {
    assertThat(needed(BINDING, code, words)).isEqualTo("nothing");
  }

  @Test
  void doesNotWaitForWhatTheObjectDoesNotName() throws Exception {
    assertThat(needed(POD, 404, NO_ROLE)).isEqualTo("nothing");
  }

  private static String needed(String object, int code, String words) throws Exception {
    Arriving arriving = new Arriving();
    arriving.add(manifest("{'kind': 'ServiceAccount', 'metadata': {'name': 'runner'}}"));
    arriving.add(manifest("{'kind': 'Role', 'metadata': {'name': 'reader'}}"));
    return arriving
        .neededBy(
            manifest(object),
            new KubernetesClientException(
                words, code, new StatusBuilder().withCode(code).withMessage(words).build()))
        .map(Manifest::title)
        .orElse("nothing");
  }

  private static Manifest manifest(String json) throws Exception {
    return new Manifest(
        "k8s/a.yaml", (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"')));
  }
}
