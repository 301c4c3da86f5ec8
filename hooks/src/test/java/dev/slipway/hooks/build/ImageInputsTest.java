package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.hooks.context.ContextSource;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That ReuseIT changes everything that there is to be changed. */
class ImageInputsTest {
  /** Whoever adds a setting of a build has to say whether it makes another image. */
  @Test
  void everySettingOfABuildIsAnInputOrIsKnownToBeNone() {
    assertThat(components(Target.Container.class))
        .as("inputs")
        .containsExactlyInAnyOrder(
            // By the objects that they name.
            "path",
            "dockerfile",
            // As they are.
            "stage",
            "buildArgs",
            "buildSecrets",
            "inputsVersion",
            // By the name of the repository.
            "name",
            // What is missing refuses a push, noCache builds, the others say where an image goes.
            "missing",
            "noCache",
            "buildOnly",
            "alsoOn");
    assertThat(components(ContextSource.OfBuild.class))
        .containsExactlyInAnyOrder(
            "tree",
            "dockerfileName",
            "dockerfile",
            "dockerignore",
            // Nothing but the times of files.
            "committed");
    assertThat(components(BuildSettings.class))
        .containsExactlyInAnyOrder(
            "image",
            "nodeSelector",
            "tolerations",
            // How a build gets its files, and how much of the cluster.
            "contextImage",
            "contextUrl",
            "tokenSecret",
            "resources",
            "timeoutSeconds",
            "pullSecrets",
            "parallelism",
            "priorityClassName",
            // How fast.
            "cache",
            // Who pushes, not what.
            "isolatePush");
  }

  private static Stream<String> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName);
  }
}
