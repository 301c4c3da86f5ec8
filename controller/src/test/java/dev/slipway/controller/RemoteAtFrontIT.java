package dev.slipway.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.GitdEndpoint;
import dev.slipway.crd.Remote;
import dev.slipway.crd.UserNames;
import dev.slipway.crd.keys.AuthorizedKey;
import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the controller does so that front finds a Remote, and by which name. */
class RemoteAtFrontIT extends InstalledController {
  private static final String BOB =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN8vup/HOAKwIE92znDEi8vkxopqKvItNgqSq+SQpLwD bob";

  @Test
  void makesFrontsKeysAndTellsGitdAndFrontOfEachOther() {
    create(remote("dev", ANA));

    soon(
        () -> {
          GitdEndpoint gitd = requireNonNull(requireNonNull(get("dev").getStatus()).gitd());
          assertThat(gitd.service()).isEqualTo("dev-gitd");
          assertThat(gitd.port()).isEqualTo(22);
          assertThat(gitd.hostKey()).startsWith("ssh-ed25519 ");
          assertThat(config("dev").frontCa())
              .startsWith("ssh-ed25519 ")
              .isNotEqualTo(gitd.hostKey());
        });
    assertThat(client().secrets().inNamespace("slipway-system").withName("slipway-front").require())
        .satisfies(secret -> assertThat(secret.getImmutable()).isNull())
        .satisfies(
            secret ->
                assertThat(secret.getData())
                    .containsOnlyKeys(
                        "ssh_host_ed25519_key",
                        "ssh_host_ed25519_key.pub",
                        "ca_ed25519_key",
                        "ca_ed25519_key.pub"));
  }

  @Test
  void gitdOfASleepingRemoteIsScaledToZeroAndTheRemoteStaysReady() {
    create(remote("dev", ANA));
    makeGitdAvailable("dev");
    soon(() -> assertThat(condition("dev", "Ready").getStatus()).isEqualTo("True"));
    assertThat(config("dev").sleepAfterSeconds()).isEqualTo(1800);
    assertThat(kubectl("get", "remote", "dev", "-n", namespace, "--subresource=scale").output())
        .isNotEmpty();

    succeeds(kubectl("scale", "remote", "dev", "-n", namespace, "--replicas=0"));

    soon(() -> assertThat(condition("dev", "GitdAvailable").getMessage()).contains("gitd sleeps"));
    assertThat(condition("dev", "Ready").getStatus()).isEqualTo("True");
    assertThat(gitd("dev").getSpec().getReplicas()).isZero();
    soon(() -> assertThat(get("dev").getStatus().replicas()).isZero());

    edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");

    soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
    soon(() -> assertThat(endpoint("dev").wakingKeys()).isEmpty());
    assertThat(gitd("dev").getSpec().getReplicas()).isZero();

    succeeds(kubectl("scale", "remote", "dev", "-n", namespace, "--replicas=1"));

    soon(() -> assertThat(gitd("dev").getSpec().getReplicas()).isEqualTo(1));
  }

  @Test
  void onlyKeysOfTheRemoteAreSaidToWakeIt() {
    create(remote("dev", ANA + "\nread-only " + BOB));

    soon(
        () ->
            assertThat(endpoint("dev").wakingKeys())
                .containsExactly(fingerprint(ANA), fingerprint(BOB)));
  }

  /** Nobody could wake it. */
  @Test
  void remoteWithAServiceOfItsOwnNeverSleepsAndSaysSo() {
    create(
        remote("dev", ANA)
            + "  service: {type: NodePort}\n  sleepAfterSeconds: 60\n  replicas: 0\n");

    soon(() -> assertThat(condition("dev", "Supported").getReason()).isEqualTo("NeverSleeps"));
    assertThat(gitd("dev").getSpec().getReplicas()).isEqualTo(1);
    assertThat(config("dev").sleepAfterSeconds()).isNull();
    assertThat(endpoint("dev").wakingKeys()).isNull();
  }

  @Test
  void remoteThatMayNotSleepAnyMoreIsWoken() {
    create(remote("dev", ANA) + "  replicas: 0\n");
    soon(() -> assertThat(gitd("dev").getSpec().getReplicas()).isZero());

    edit("dev", "{\"spec\":{\"sleepAfterSeconds\":0}}");

    soon(() -> assertThat(gitd("dev").getSpec().getReplicas()).isEqualTo(1));
  }

  private GitdEndpoint endpoint(String remote) {
    return requireNonNull(requireNonNull(get(remote).getStatus()).gitd());
  }

  private static String fingerprint(String line) throws UnusableKeyException {
    return AuthorizedKey.parse(line).fingerprint();
  }

  @Test
  void youngerOfTwoWithOneUserNameNeverInheritsIt() {
    String other = namespace + "-b";
    client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(other).endMetadata().build())
        .create();
    create(remote("b-dev", ANA));
    client()
        .resource(Serialization.unmarshal(remote("dev", ANA), Remote.class))
        .inNamespace(other)
        .create();
    List<Resource<Remote>> both =
        List.of(
            client().resources(Remote.class).inNamespace(namespace).withName("b-dev"),
            client().resources(Remote.class).inNamespace(other).withName("dev"));
    // Made within the same second, either may be the older.
    soon(() -> assertThat(both.stream().filter(this::hasLostItsName)).hasSize(1));
    Resource<Remote> younger = both.stream().filter(this::hasLostItsName).findFirst().orElseThrow();
    Resource<Remote> older = both.get(1 - both.indexOf(younger));
    soon(() -> assertThat(supported(older).getReason()).isEqualTo("UserNameShared"));
    assertThat(supported(younger).getReason()).isEqualTo("UserNameTaken");

    Remote made = older.require();
    older.delete();
    // It is looked at again now that nobody else claims the name.
    edit(younger, "{\"spec\":{\"authorizedKeys\":[]}}");
    soon(() -> assertThat(younger.require().getStatus().observedGeneration()).isEqualTo(2L));
    assertThat(hasLostItsName(younger)).isTrue();
    var again = new Remote();
    again.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(made.getMetadata().getNamespace())
            .withName(made.getMetadata().getName())
            .build());
    again.setSpec(made.getSpec());
    soon(() -> client().resource(again).create());

    soon(() -> assertThat(supported(older).getReason()).isEqualTo("UserNameShared"));
    assertThat(hasLostItsName(older)).isFalse();
    assertThat(hasLostItsName(younger)).isTrue();
  }

  private boolean hasLostItsName(Resource<Remote> remote) {
    return UserNames.isLongNameOnly(remote.require());
  }

  private static Condition supported(Resource<Remote> remote) {
    return requireNonNull(remote.require().getStatus().conditions()).stream()
        .filter(it -> it.getType().equals("Supported"))
        .findFirst()
        .orElseThrow();
  }

  private static void edit(Resource<Remote> remote, String patch) {
    remote.patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }
}
