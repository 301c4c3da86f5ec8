package dev.slipway.demo.cluster.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private static final String DEPLOYMENT = "io.k8s.api.apps.v1.Deployment";

  private final ObjectNode document =
      OpenApi.document(
          "apps",
          "v1",
          Map.of(
              new ApiResource(
                  "apps",
                  "v1",
                  "Deployment",
                  "deployments",
                  true,
                  List.of("create", "get", "list", "patch", "update", "delete"),
                  List.of("status", "scale")),
              Kind.builtIn("apps", "v1", "Deployment").orElseThrow()));

  @Test
  void saysWhichKindAnOperationAndASchemaStandFor() {
    JsonNode patch =
        document
            .path("paths")
            .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
            .path("patch");

    assertThat(patch.at("/x-kubernetes-group-version-kind/kind").asText()).isEqualTo("Deployment");
    assertThat(schema(DEPLOYMENT).at("/x-kubernetes-group-version-kind/0/group").asText())
        .isEqualTo("apps");
  }

  @Test
  void offersFieldValidationOnEveryWrite() {
    JsonNode collection =
        document.path("paths").path("/apis/apps/v1/namespaces/{namespace}/deployments");
    JsonNode item =
        document.path("paths").path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");

    for (JsonNode write : List.of(collection.path("post"), item.path("put"), item.path("patch"))) {
      assertThat(write.path("parameters").valueStream().map(each -> each.path("name").asText()))
          .contains("fieldValidation", "dryRun");
    }
  }

  @Test
  void definesEverySchemaThatItRefersTo() {
    List<String> references =
        document.findValuesAsText("$ref").stream()
            .map(each -> each.substring("#/components/schemas/".length()))
            .distinct()
            .toList();

    assertThat(references).contains(DEPLOYMENT, "io.k8s.api.core.v1.Container");
    assertThat(references).allMatch(each -> document.at("/components/schemas").has(each));
  }

  @Test
  void tellsHowListsMerge() {
    JsonNode ports = schema("io.k8s.api.core.v1.Container").at("/properties/ports");

    assertThat(ports.at("/x-kubernetes-list-map-keys").toString())
        .isEqualTo("[\"containerPort\",\"protocol\"]");
    assertThat(ports.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("containerPort");
    assertThat(ports.path("x-kubernetes-patch-strategy").asText()).isEqualTo("merge");
  }

  private JsonNode schema(String name) {
    return document.path("components").path("schemas").path(name);
  }
}
