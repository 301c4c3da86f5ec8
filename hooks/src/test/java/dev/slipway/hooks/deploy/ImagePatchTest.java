package dev.slipway.hooks.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.WorkloadKind;
import dev.slipway.hooks.workload.LiveWorkload;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is sent to set images. */
class ImagePatchTest {
  private static final String POD =
      "{initContainers: [{name: z, image: old}, {name: other}, {name: a, image: old}], containers: [{name: web, image: old}]}";

  @Test
  void namesContainersInTheOrderOfTheWorkload() {
    assertThat(
            patch(
                "DaemonSet",
                "{template: {spec: %s}}",
                Map.of("a", "new-a", "web", "new", "z", "new-z")))
        .isEqualTo(
            yaml(
                """
            metadata:
              annotations: {}
              resourceVersion: "7"
            spec:
              template:
                spec:
                  containers:
                  - image: "new"
                    name: "web"
                  initContainers:
                  - image: "new-z"
                    name: "z"
                  - image: "new-a"
                    name: "a"
            """));
  }

  @Test
  void reachesTheTemplateOfACronJobAndLeavesOtherContainersAlone() {
    assertThat(
            patch("CronJob", "{jobTemplate: {spec: {template: {spec: %s}}}}", Map.of("web", "new")))
        .isEqualTo(
            yaml(
                """
            metadata:
              annotations: {}
              resourceVersion: "7"
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      containers:
                      - image: "new"
                        name: "web"
            """));
  }

  private static Map<String, Object> patch(String kind, String spec, Map<String, String> images) {
    HasMetadata object =
        Serialization.unmarshal(
            "kind: %s\nmetadata: {name: web, resourceVersion: \"7\"}\nspec: %s\n"
                .formatted(kind, spec.formatted(POD)),
            WorkloadKind.valueOf(kind).type());
    return ImagePatch.of(LiveWorkload.of(object), images, List.of(), Map.of());
  }

  private static Object yaml(String text) {
    return Serialization.unmarshal(text, Map.class);
  }
}
