package dev.slipway.hooks.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.manifests.ManifestObjects.Conflict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherImagesTest {
  private static final Workload WEB = Workload.deployment("web");
  private static final Place PLACE = new Place(WEB, "web");
  private static final OtherImages IMAGES = new OtherImages(List.of(PLACE));

  @Test
  void keepsTheLiveImageOfAContainerThatAnotherBranchBuilds() throws Exception {
    Manifest kept = IMAGES.kept(manifest("placeholder"), Map.of(), Optional.of(object("pushed")));

    assertThat(kept.object()).isEqualTo(object("pushed"));
  }

  @Test
  void leavesWhatThisPushBuilds() throws Exception {
    Manifest kept =
        IMAGES.kept(manifest("new"), Map.of(PLACE, "new"), Optional.of(object("pushed")));

    assertThat(kept.object()).isEqualTo(object("new"));
  }

  @Test
  void leavesContainersThatNoPushSets() throws Exception {
    Manifest kept =
        new OtherImages(List.of())
            .kept(manifest("nginx:2"), Map.of(), Optional.of(object("nginx:1")));

    assertThat(kept.object()).isEqualTo(object("nginx:2"));
  }

  @Test
  void refusesAPlaceholderWhereNothingRunsYet() throws Exception {
    Manifest manifest = manifest("placeholder");

    assertThatExceptionOfType(InvalidManifestException.class)
        .isThrownBy(() -> IMAGES.kept(manifest, Map.of(), Optional.empty()))
        .withMessageContaining("this branch does not build the image of container web");
  }

  @ParameterizedTest
  @CsvSource({
    ".spec.template.spec.containers[name=\"web\"].image, kubectl, true",
    ".spec.template.spec.containers[name=\"qa\"].image, slipway-gitd, false",
    ".spec.replicas, slipway-gitd, false",
    ".metadata.annotations.gitkube.sh/commit, slipway-gitd, true",
    ".metadata.annotations.kubernetes.io/change-cause, kubectl, true"
  })
  void takesOverImagesOfThisPushAndTheirAnnotationsOnly(
      String field, String manager, boolean ours) {
    assertThat(ManifestDeployment.isOurs(new Conflict(field, manager), Set.of("web")))
        .isEqualTo(ours);
  }

  private static Manifest manifest(String image) throws Exception {
    return new Manifest("k8s/web.yaml", object(image));
  }

  private static ObjectNode object(String image) throws Exception {
    return (ObjectNode)
        new ObjectMapper()
            .readTree(
                """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
                 "spec": {"template": {"spec": {"containers": [
                   {"name": "web", "image": "%s"}, {"name": "proxy", "image": "envoy"}]}}}}
                """
                    .formatted(image));
  }
}
