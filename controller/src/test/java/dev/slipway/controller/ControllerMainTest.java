package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.controller.model.BuilderDefaults;
import dev.slipway.controller.model.Defaults;
import dev.slipway.controller.model.Images;
import dev.slipway.crd.Registry;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ControllerMainTest {
  @Test
  void needsTheImageOfGitdAndHasDefaultsForTheRest() {
    assertThat(ControllerMain.parse("--gitd-image=slipway/gitd"))
        .isEqualTo(
            new ControllerConfig(
                new Defaults(
                    new Images(
                        "slipway/gitd",
                        "ghcr.io/osscontainertools/kaniko:v1.28.3"
                            + "@sha256:779f463aaa3219151ceff518249aa043a60bcb09a17fab58b915f63c678ecde6"),
                    BuilderDefaults.none(),
                    List.of(),
                    3600,
                    Optional.empty()),
                8080,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    assertThatThrownBy(ControllerMain::parse)
        .isInstanceOf(CommandLine.MissingParameterException.class);
  }

  @Test
  void readsEveryOption() {
    assertThat(
            ControllerMain.parse(
                "--gitd-image=g",
                "--builder-image=b",
                "--builder-defaults={\"nodeSelector\": {\"disk\": \"fast\"}, \"tolerations\":"
                    + " [{\"key\": \"builds\", \"operator\": \"Exists\"}],"
                    + " \"priorityClassName\": \"low\"}",
                "--gitd-priority-class=high",
                "--image-pull-secrets=pull,other",
                "--drain-seconds=60",
                "--health-port=1234",
                "--watch-namespaces=one,two",
                "--front-secret=system/front",
                "--front-service=gitkubed",
                "--front-host=git.example:2222",
                "--sleep-after-seconds=60",
                "--lease=system/controller",
                "--lease-seconds=30",
                "--otlp-endpoint=http://collector.observability:4318",
                "--default-registry=registry.slipway-system.svc:5000",
                "--default-registry-pull-url=localhost:32000",
                "--default-registry-insecure"))
        .isEqualTo(
            new ControllerConfig(
                new Defaults(
                    new Images("g", "b"),
                    new BuilderDefaults(
                        null,
                        Map.of("disk", "fast"),
                        List.of(
                            new TolerationBuilder()
                                .withKey("builds")
                                .withOperator("Exists")
                                .build()),
                        "low"),
                    List.of("pull", "other"),
                    60,
                    Optional.of("high")),
                1234,
                Set.of("one", "two"),
                Optional.of(
                    new FrontSettings(
                        "system",
                        "front",
                        Optional.of("gitkubed"),
                        Optional.of("git.example"),
                        2222,
                        60)),
                Optional.of(new LeaseSettings("system", "controller", Duration.ofSeconds(30))),
                Optional.of("http://collector.observability:4318"),
                Optional.of(
                    new Registry(
                        "registry.slipway-system.svc:5000",
                        "localhost:32000",
                        null,
                        null,
                        null,
                        true))));
  }

  @Test
  void aLeaseThatIsNoneIsRefusedWithASentence() {
    assertThatThrownBy(() -> ControllerMain.parse("--gitd-image=g", "--lease=controller"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--lease must be <namespace>/<name>");
    assertThatThrownBy(
            () -> ControllerMain.parse("--gitd-image=g", "--lease=a/b", "--lease-seconds=1"))
        .hasMessageContaining("--lease-seconds must be at least 3");
  }

  @Test
  void defaultsOfBuildersThatAreNoneAreRefusedWithASentence() {
    for (String none : List.of("kaniko:1", "[]", "{\"nodeselector\": {}}")) {
      assertThatThrownBy(() -> ControllerMain.parse("--gitd-image=g", "--builder-defaults=" + none))
          .isInstanceOf(CommandLine.ParameterException.class)
          .hasMessageContaining("--builder-defaults must be a JSON object");
    }
  }

  @Test
  void frontWithoutASecretIsRefusedWithASentence() {
    assertThatThrownBy(() -> ControllerMain.parse("--gitd-image=g", "--front-host=git.example"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--front-secret must be <namespace>/<name>");
  }
}
