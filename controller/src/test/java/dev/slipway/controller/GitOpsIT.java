package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.demo.cluster.Kubectl;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import party.iroiro.luajava.Lua;
import party.iroiro.luajava.lua51.Lua51;
import party.iroiro.luajava.value.LuaValue;

/** What Flux, Argo CD and others who apply from Git see of a Remote, and what is left to them. */
class GitOpsIT extends InstalledController {
  /** Kstatus is what Flux goes by; Argo CD goes by the script that docs/gitops.md gives it. */
  @Test
  void isInProgressThenFailedThenCurrent() throws IOException {
    create(remote("dev", ANA));
    succeeds(waitFor("condition=Reconciling"));
    assertThat(argoCdSays("dev")).isEqualTo("Progressing");

    edit("dev", "{\"spec\":{\"manifests\":{\"path\":\"../elsewhere\"}}}");
    succeeds(waitFor("condition=Stalled"));
    assertThat(condition("dev", "Stalled").getReason()).isEqualTo("InvalidPath");
    assertThat(argoCdSays("dev")).isEqualTo("Degraded");

    edit("dev", "{\"spec\":{\"manifests\":null}}");
    makeGitdAvailable("dev");
    succeeds(waitFor("condition=Ready"));
    Remote ready = get("dev");
    RemoteStatus status = requireNonNull(ready.getStatus());
    assertThat(status.observedGeneration()).isEqualTo(ready.getMetadata().getGeneration());
    assertThat(requireNonNull(status.conditions()))
        .extracting(Condition::getType)
        .doesNotContain("Reconciling", "Stalled");
    assertThat(argoCdSays("dev")).isEqualTo("Healthy");
  }

  private Kubectl.Result waitFor(String what) {
    return kubectl("wait", "--for=" + what, "remote/dev", "-n", namespace, "--timeout=120s");
  }

  /** Runs the script as Argo CD does, with the object as {@code obj}. */
  private String argoCdSays(String remote) throws IOException {
    Map<?, ?> object =
        new ObjectMapper()
            .readValue(
                kubectl("get", "remote", remote, "-n", namespace, "-o", "json").output(),
                Map.class);
    try (Lua lua = new Lua51()) {
      lua.openLibraries();
      lua.push(object, Lua.Conversion.FULL);
      lua.setGlobal("obj");
      LuaValue[] health = lua.eval(argoCdsScript());
      return health[0].get("status").toString();
    }
  }

  private static String argoCdsScript() throws IOException {
    String page = Files.readString(Path.of("../docs/gitops.md"));
    String key = "resource.customizations.health.gitkube.sh_Remote";
    String block = page.substring(page.indexOf(key), page.indexOf("```", page.indexOf(key)));
    return requireNonNull(new ObjectMapper(new YAMLFactory()).readTree(block).get(key)).asText();
  }

  @Test
  void labelsWhatItMakesAndLeavesTheLabelsOfOthersAlone() {
    create(remote("dev", ANA));
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    for (HasMetadata object : managed()) {
      assertThat(object.getMetadata().getLabels())
          .as(object.getKind())
          .containsEntry("app.kubernetes.io/name", "gitd")
          .containsEntry("app.kubernetes.io/instance", "dev")
          .containsEntry("app.kubernetes.io/part-of", "slipway");
    }
    List<String> objects =
        List.of("deployment/dev-gitd", "service/dev-gitd", "serviceaccount/dev-gitd");
    for (String object : objects) {
      succeeds(kubectl("label", object, "-n", namespace, "team=a"));
      succeeds(kubectl("annotate", object, "-n", namespace, "example.org/b=c"));
    }

    edit("dev", "{\"spec\":{\"builder\":{\"timeoutSeconds\":77}}}");

    soon(() -> assertThat(config("dev").builder().timeoutSeconds()).isEqualTo(77));
    for (String object : objects) {
      assertThat(kubectl("get", object, "-n", namespace, "-o", "jsonpath={.metadata}").output())
          .as(object)
          .contains("\"team\":\"a\"", "\"example.org/b\":\"c\"");
    }
  }
}
