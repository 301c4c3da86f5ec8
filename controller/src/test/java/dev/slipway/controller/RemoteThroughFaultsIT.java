package dev.slipway.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.RemoteStatus;
import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import dev.slipway.demo.cluster.api.fault.Requests;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.Test;

/**
 * What the API does wrong at one place holds nothing else up, is said, and is tried again later
 * each time. What hangs here would hang for longer than a test waits if it were asked more than
 * once.
 */
class RemoteThroughFaultsIT extends InstalledController {
  private static final String MANIFESTS = "  manifests: {path: k8s}\n";

  @Fault(
      during = During.NO_PUSH,
      what = "the API hangs when it is asked for a right of one Remote",
      leaves = "keys of all Remotes are published and revoked all the same")
  @Test
  void reviewThatHangsHoldsNoKeysUp() {
    try (var review = cluster().faults().on("create", "subjectaccessreviews").hang()) {
      create(remote("dev", ANA) + MANIFESTS);
      soon(() -> assertThat(review.hits()).isPositive());
      create(remote("other", ANA));

      soon(() -> assertThat(config("other").authorizedKeys()).containsExactly(ANA));
      edit("other", "{\"spec\":{\"authorizedKeys\":[]}}");
      soon(() -> assertThat(config("other").authorizedKeys()).isEmpty());
      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");
      soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
    }
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the API hangs when it is asked for a Secret that one Remote names",
      leaves = "keys of all other Remotes are published and revoked all the same")
  @Test
  void secretThatCannotBeReadHoldsNoOtherRemoteUp() {
    registrySecret("team");
    try (var secret = on("get", "secrets").named("team").hang()) {
      create(remote("dev", ANA) + "  authorizedKeysFrom: [{secretRef: {name: team}}]\n");
      soon(() -> assertThat(secret.hits()).isPositive());
      create(remote("other", ANA));

      soon(() -> assertThat(config("other").authorizedKeys()).containsExactly(ANA));
    }
    soon(() -> assertThat(config("dev").authorizedKeys()).containsExactly(ANA));
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the API hangs when a status, or an event, is written",
      leaves = "keys are published and revoked all the same")
  @Test
  void statusAndEventsThatCannotBeWrittenDelayNoRevocation() {
    try (var status = on("patch", "remotes/status").named("dev").hang();
        var events = on("create", "events").hang()) {
      create(remote("dev", ANA));
      create(remote("tells", ANA + "\nno key"));
      soon(() -> assertThat(status.hits()).isPositive());
      soon(() -> assertThat(events.hits()).isPositive());

      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");
      edit("tells", "{\"spec\":{\"authorizedKeys\":[]}}");

      soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
      soon(() -> assertThat(config("tells").authorizedKeys()).isEmpty());
    }
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the API answers 500 for an object of a Remote",
      leaves = "all else is applied; the status says why, one event does; ends with the fault")
  @Test
  void saysWhatTheApiDoesNotDoAndTellsItOnce() {
    try (var _ = on("patch", "roles").serverError()) {
      create(remote("dev", ANA));

      soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("ApiFailed"));
      assertThat(condition("dev", "GitdAvailable").getMessage())
          .contains(
              "Role \"dev-gitd\" was not applied: etcdserver: request timed out. It is tried again.");
      assertThat(condition("dev", "Ready").getReason()).isEqualTo("ApiFailed");
      assertThat(owned("dev")).hasSize(11).contains("Deployment/dev-gitd");
    }
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    assertThat(owned("dev")).hasSize(12);
    assertThat(events("Warning")).extracting(Event::getReason).containsExactly("ApiFailed");
  }

  @Test
  void saysNothingOfWhatFailsOnce() {
    try (var once = on("patch", "roles").times(1).serverError()) {
      create(remote("dev", ANA));
      soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
      assertThat(once.hits()).isEqualTo(1);
    }
    assertThat(events("Warning")).isEmpty();
  }

  /** Front finds the gitd by the status, and developers the URL. */
  @Test
  void keepsTheUrlWhileTheApiDoesNotSayIt() {
    create(remote("dev", ANA));
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    RemoteStatus before = get("dev").getStatus();
    try (var _ = on("*", "services").serverError();
        var _ = on("get", "secrets").by("slipway-system", "slipway-controller").serverError()) {
      // What nobody has touched would not even be asked for.
      relabelled("dev-gitd-host-key");
      edit("dev", "{\"spec\":{\"authorizedKeys\":[],\"service\":{\"port\":2222}}}");

      soon(() -> assertThat(get("dev").getStatus().observedGeneration()).isEqualTo(2L));
      RemoteStatus during = get("dev").getStatus();
      assertThat(during.remoteUrl()).isNotNull().isEqualTo(before.remoteUrl());
      assertThat(during.knownHosts()).isNotNull().isEqualTo(before.knownHosts());
      assertThat(during.gitd()).isNotNull().isEqualTo(before.gitd());
    }
  }

  @Test
  void saysThatItIsNotKnownWhetherGitdMayApplyManifests() {
    try (var _ = cluster().faults().on("create", "subjectaccessreviews").serverError()) {
      create(remote("dev", ANA) + MANIFESTS);
      soon(
          () ->
              assertThat(condition("dev", "ManifestsAllowed").getMessage())
                  .contains("Whether gitd may act as ServiceAccount dev-manifests is not known"));
    }
    soon(
        () ->
            assertThat(condition("dev", "ManifestsAllowed").getMessage())
                .contains(
                    "gitd may not act as ServiceAccount dev-manifests. Who may grant it: kubectl create role -n "
                        + namespace
                        + " dev-manifests-token --verb=create")
                .doesNotContain("is not known"));
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the API does not say what a Remote refers to",
      leaves = "the status says so, one event does; ends with the fault")
  @Test
  void saysThatItCouldNotBeginAtAll() {
    registrySecret("team");
    try (var _ = on("get", "secrets").serverError()) {
      create(remote("dev", ANA) + "  authorizedKeysFrom: [{secretRef: {name: team}}]\n");

      soon(() -> assertThat(condition("dev", "Ready").getReason()).isEqualTo("NotReconciled"));
      assertThat(condition("dev", "Ready").getMessage())
          .contains("etcdserver: request timed out", "It is tried again.");
    }
    soon(() -> assertThat(condition("dev", "Ready").getReason()).isEqualTo("Starting"));
    assertThat(events("Warning"))
        .filteredOn(it -> it.getReason().equals("NotReconciled"))
        .hasSize(1);
  }

  @Fault(
      during = During.NO_PUSH,
      what = "the API answers 429 for a while",
      leaves = "is asked less and less; goes on when it is over")
  @Test
  void asksLessAndLessWhileItIsAskedToo() {
    create(remote("dev", ANA));
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    long start = System.nanoTime();
    try (var throttled = on("patch", "secrets").tooManyRequests(1)) {
      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");
      eventually().until(() -> secondsSince(start) >= 12 && throttled.hits() >= 3);

      // At 0, 1, 3, 7, 15 s and so on, and once or twice more when the status has changed.
      int doublings = (int) (Math.log(secondsSince(start) + 2) / Math.log(2));
      assertThat(throttled.hits()).isLessThanOrEqualTo(doublings + 5);
    }
    soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
  }

  @Fault(
      during = During.NO_PUSH,
      what = "every watch breaks as soon as it begins",
      leaves = "is asked for no more than once a second; changes are seen when it is over")
  @Test
  void doesNotSpinWhenWatchesBreak() {
    create(remote("dev", ANA));
    soon(() -> assertThat(condition("dev", "GitdAvailable").getReason()).isEqualTo("Starting"));
    long start = System.nanoTime();
    try (var broken =
        cluster()
            .faults()
            .on("watch", "*")
            .by("slipway-system", "slipway-controller")
            .breakAfter(0)) {
      int watches =
          cluster().faults().on("watch", "*").by("slipway-system", "slipway-controller").drop();
      eventually().until(() -> secondsSince(start) > 3 && broken.hits() >= watches);

      assertThat(broken.hits()).isLessThan(watches * (2 + (int) secondsSince(start)));
      edit("dev", "{\"spec\":{\"authorizedKeys\":[]}}");
    }
    soon(() -> assertThat(config("dev").authorizedKeys()).isEmpty());
  }

  /** Strikes no Remote but this test's: others are tested beside it. */
  private Requests on(String verb, String resource) {
    return cluster().faults().on(verb, resource).in(namespace);
  }

  /** Somebody changes what is the controller's in a Secret, without reading it. */
  private void relabelled(String secret) {
    client()
        .secrets()
        .inNamespace(namespace)
        .withName(secret)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"labels\":{\"app.kubernetes.io/part-of\":\"else\"}}}");
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
