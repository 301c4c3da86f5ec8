package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class OwnedFieldsTest {
  private static final String OBJECT =
      """
      {"apiVersion": "apps/v1", "kind": "Deployment",
       "metadata": {"name": "web", "namespace": "default", "uid": "1", "labels": {"a": "1", "b": "2"},
         "finalizers": ["x", "y"],
         "managedFields": [
           {"manager": "slipway-manifests", "operation": "Apply", "fieldsV1": {
             "f:metadata": {"f:labels": {"f:a": {}}, "f:finalizers": {"v:\\"y\\"": {}}},
             "f:spec": {"f:template": {"f:spec": {"f:containers": {
               "k:{\\"name\\":\\"web\\"}": {".": {}, "f:name": {}, "f:image": {},
                 "f:args": {}}}}}}}},
           {"manager": "slipway-manifests", "operation": "Update", "fieldsV1": {"f:spec": {"f:paused": {}}}},
           {"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]},
       "spec": {"replicas": 3, "paused": true, "template": {"spec": {"containers": [
         {"name": "proxy", "image": "envoy"},
         {"name": "web", "image": "old", "args": ["a", "b"], "tty": true}]}}}}
      """;

  @Test
  void takesOutWhatAManagerHasApplied() throws Exception {
    JsonNode object = new ObjectMapper().readTree(OBJECT);

    assertThat(OwnedFields.extract(object, OwnedFields.of(object, ManifestObjects.FIELD_MANAGER)))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"apiVersion": "apps/v1", "kind": "Deployment",
                     "metadata": {"name": "web", "namespace": "default", "labels": {"a": "1"},
                       "finalizers": ["y"]},
                     "spec": {"template": {"spec": {"containers": [
                       {"name": "web", "image": "old", "args": ["a", "b"]}]}}}}
                    """));
  }

  @Test
  void addsWhatWasTakenOverFromOthers() throws Exception {
    JsonNode object = new ObjectMapper().readTree(OBJECT);
    var fields =
        OwnedFields.union(
            OwnedFields.of(object, ManifestObjects.FIELD_MANAGER),
            OwnedFields.of(object, "kubectl"));

    assertThat(OwnedFields.extract(object, fields).at("/spec/replicas").asInt()).isEqualTo(3);
    assertThat(OwnedFields.of(object, "nobody").isEmpty()).isTrue();
  }
}
