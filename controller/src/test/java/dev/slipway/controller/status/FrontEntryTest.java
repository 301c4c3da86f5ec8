package dev.slipway.controller.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.controller.model.Front;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.ServiceSettings;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a Remote shows where there is a front. */
class FrontEntryTest {
  private static final Front FRONT =
      new Front(Optional.of("git.example"), 22, "ssh-ed25519 HOST", "ssh-ed25519 CA", 60);

  @Test
  void showsFrontInGitkubesForm() {
    FrontEntry entry = entry(FRONT, remote("a-b", "c"), true);

    assertThat(entry.address().url(entry.user())).contains("ssh://a-b-c@git.example/~/git/a-b-c");
    assertThat(entry.address().knownHosts(entry.hostKey()))
        .contains("git.example ssh-ed25519 HOST");
    assertThat(entry.address().description()).isEmpty();
  }

  @Test
  void showsThePort() {
    FrontEntry entry =
        entry(new Front(Optional.of("git.example"), 2222, "K", "CA", 60), remote("a", "b"), true);

    assertThat(entry.address().url(entry.user())).contains("ssh://a-b@git.example:2222/~/git/a-b");
    assertThat(entry.address().knownHosts(entry.hostKey())).contains("[git.example]:2222 K");
  }

  @Test
  void youngerOfTwoWithOneNameShowsTheUnambiguousFormAndSaysWhy() {
    FrontEntry entry = entry(FRONT, remote("a", "b-c"), false);

    assertThat(entry.address().url(entry.user())).contains("ssh://a_b-c@git.example/~/git/a_b-c");
    assertThat(entry.address().description()).contains("a-b-c is or was an older Remote's");
  }

  @Test
  void longNamesAreWrittenOut() {
    String name = "long.name." + "x".repeat(240);

    assertThat(entry(FRONT, remote("a", name), true).user()).isEqualTo("a-" + name);
  }

  @Test
  void remoteWithAWayInOfItsOwnAndFrontWithoutANameChangeNothing() {
    Remote nodePort = remote("a", "b");
    nodePort.setSpec(
        new RemoteSpec(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            new ServiceSettings(ServiceSettings.Type.NodePort, null, null, null, null),
            null,
            null,
            null));

    assertThat(FrontEntry.of(FRONT, nodePort, true)).isEmpty();
    assertThat(
            FrontEntry.of(new Front(Optional.empty(), 22, "K", "CA", 60), remote("a", "b"), true))
        .isEmpty();
  }

  private static FrontEntry entry(Front front, Remote remote, boolean keepsFamiliarName) {
    return FrontEntry.of(front, remote, keepsFamiliarName).orElseThrow();
  }

  private static Remote remote(String namespace, String name) {
    var remote = new Remote();
    remote.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    return remote;
  }
}
