package dev.slipway.gitd.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.GitdEndpoint;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.RemoteStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which gitd a user name leads to. */
class RemoteIndexTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIAaqKHaN9AQX/rhV8q9TTBz0lWIO7J2hCSi5bYSM+Jo";

  @Test
  void olderOfTwoThatClaimANameKeepsItWhateverTheirOrder() {
    Remote old = remote("a-b", "c", "2026-01-01T00:00:00Z", endpoint("c-gitd", KEY));
    Remote young = remote("a", "b-c", "2026-01-02T00:00:00Z", endpoint("b-c-gitd", KEY));

    for (List<Remote> claimants : List.of(List.of(old, young), List.of(young, old))) {
      assertThat(RemoteIndex.route(claimants))
          .isInstanceOfSatisfying(
              Route.ToGitd.class,
              route -> {
                assertThat(route.remote()).isEqualTo("a-b/c");
                assertThat(route.host()).isEqualTo("c-gitd.a-b.svc");
                assertThat(route.port()).isEqualTo(22);
              });
    }
  }

  /** It has the name, so nobody else gets it meanwhile. */
  @Test
  void olderKeepsItsNameAlsoWhileItHasNoGitd() {
    Remote old = remote("a-b", "c", "2026-01-01T00:00:00Z", null);
    Remote young = remote("a", "b-c", "2026-01-02T00:00:00Z", endpoint("b-c-gitd", KEY));

    assertThat(RemoteIndex.route(List.of(young, old))).isEqualTo(new Route.Unready());
  }

  /** Not the younger one, only because it was seen first, and no refusal either. */
  @Test
  void noNameIsDecidedBeforeAllRemotesAreKnown() {
    Config unreachable =
        new ConfigBuilder().withAutoConfigure(false).withMasterUrl("http://127.0.0.1:1/").build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(unreachable).build();
        RemoteIndex remotes = RemoteIndex.start(client, Set.of("a", "b"))) {
      assertThat(remotes.isComplete()).isFalse();
      assertThat(remotes.find("a-b-c")).isEqualTo(new Route.Unready());
    }
  }

  /** Its older namesake may be gone, and made again. */
  @Test
  void oneThatHasLostItsNameNeverInheritsIt() {
    GitdEndpoint kept = endpoint("c-gitd", KEY);
    Remote lost = remote("a-b", "c", "", new GitdEndpoint("c-gitd", 22, KEY, true, null));

    assertThat(RemoteIndex.familiarNames(lost)).isEmpty();
    assertThat(RemoteIndex.familiarNames(remote("a-b", "c", "", kept))).containsExactly("a-b-c");
  }

  @Test
  void remoteWithoutReplicasSleepsIfItMay() {
    GitdEndpoint sleepy = new GitdEndpoint("dev-gitd", 22, KEY, null, List.of("SHA256:a"));
    Remote asleep = remote("a", "b", "", sleepy);
    asleep.setSpec(scaledTo(0));
    Remote awake = remote("a", "b", "", sleepy);
    awake.setSpec(scaledTo(1));
    Remote restless = remote("a", "b", "", endpoint("dev-gitd", KEY));
    restless.setSpec(scaledTo(0));

    assertThat(RemoteIndex.route(List.of(asleep)))
        .isInstanceOfSatisfying(
            Route.Asleep.class, route -> assertThat(route.keys()).containsExactly("SHA256:a"));
    assertThat(RemoteIndex.route(List.of(awake))).isInstanceOf(Route.ToGitd.class);
    assertThat(RemoteIndex.route(List.of(restless))).isInstanceOf(Route.ToGitd.class);
  }

  private static RemoteSpec scaledTo(int replicas) {
    return Serialization.unmarshal("replicas: " + replicas, RemoteSpec.class);
  }

  @Test
  void nobodyHasAnUnknownName() {
    assertThat(RemoteIndex.route(List.of())).isEqualTo(new Route.Unknown());
  }

  /** Whoever may write a status must not send front to places outside the Remote's namespace. */
  @Test
  void statusThatLeadsElsewhereLeadsNowhere() {
    for (GitdEndpoint endpoint :
        List.of(
            endpoint("other.kube-system", KEY),
            endpoint("203.0.113.7", KEY),
            endpoint("host/path", KEY),
            endpoint("dev-gitd", "no key"))) {
      assertThat(RemoteIndex.route(List.of(remote("a", "b", "", endpoint))))
          .isEqualTo(new Route.Unready());
    }
  }

  private static GitdEndpoint endpoint(String service, String hostKey) {
    return new GitdEndpoint(service, 22, hostKey, null, null);
  }

  private static Remote remote(
      String namespace, String name, String created, @Nullable GitdEndpoint gitd) {
    var remote = new Remote();
    remote.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withCreationTimestamp(created)
            .build());
    remote.setStatus(new RemoteStatus(null, null, null, null, null, gitd, null, null, null));
    return remote;
  }
}
