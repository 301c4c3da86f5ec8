package dev.slipway.hooks;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.hooks.kube.ApiCalls;
import dev.slipway.hooks.report.EventRecorder;
import dev.slipway.hooks.report.EventRecorder.EventType;
import dev.slipway.hooks.report.EventRecorder.News;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What whoever looks after the namespace is told by events, and that it stays readable. */
class EventsIT extends PipelineOnCluster {
  private final PatientClock clock = new PatientClock();

  @Test
  void theRemoteAndItsTargetsTellWhatAPushDoes() throws Exception {
    Push good = push("good one");
    deploys(good);
    String first = image();
    Push bad = push("bad image");
    pipeline.postReceive(bad, pipeline.preReceive(bad, lines::add), false);

    String title = "Push %s of %s by ana";
    String goodOne = title.formatted(good.id().brief(), brief(good));
    String badOne = title.formatted(bad.id().brief(), brief(bad));
    await()
        .untilAsserted(
            () -> {
              assertThat(about("Remote"))
                  .extracting(Event::getType, Event::getReason, Event::getMessage)
                  .contains(
                      tuple("Normal", "PushStarted", goodOne + " to branch master."),
                      tuple("Normal", "PushStarted", badOne + " to branch master."));
              assertThat(about("Deployment"))
                  .filteredOn(it -> "slipway-gitd".equals(it.getReportingComponent()))
                  .extracting(Event::getType, Event::getReason, Event::getMessage)
                  .satisfiesExactlyInAnyOrder(
                      it ->
                          assertThat(it)
                              .isEqualTo(
                                  tuple(
                                      "Normal",
                                      "ImageSet",
                                      goodOne + " has set container web to " + first + ".")),
                      it ->
                          assertThat(it.toList().getLast())
                              .asString()
                              .startsWith(badOne + " has set container web to registry."),
                      it ->
                          assertThat(it)
                              .isEqualTo(
                                  tuple(
                                      "Warning",
                                      "PutBack",
                                      badOne
                                          + " is not deployed: container web runs "
                                          + first
                                          + " again.")));
            });
    assertThat(about("Deployment"))
        .filteredOn(it -> "PutBack".equals(it.getReason()))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getMetadata().getLabels())
                  .containsEntry("gitkube.sh/push", bad.id().value());
              assertThat(it.getInvolvedObject().getUid())
                  .isEqualTo(deployment("web").getMetadata().getUid());
            });
  }

  /** A script that pushes what fails again and again. */
  @Test
  void theSameAgainIsCounted() throws Exception {
    EventRecorder recorder = recorder();
    for (int push = 0; push < 100; push++) {
      recorder.record(rejected("broken"));
    }

    assertThat(about("Remote"))
        .extracting(Event::getMessage, Event::getCount)
        .containsExactly(tuple("broken", 100));
  }

  @Test
  void ofManyThatDifferTheLaterOnesAreOneThatCounts() throws Exception {
    EventRecorder recorder = recorder();
    for (int push = 1; push <= 100; push++) {
      clock.pass(Duration.ofSeconds(30));
      recorder.record(rejected("broken " + push));
    }

    List<Event> events = about("Remote");
    assertThat(events).hasSize(11);
    Event last = events.getLast();
    assertThat(last.getMessage()).isEqualTo("(combined from similar events): broken 100");
    assertThat(last.getCount()).isEqualTo(90);
    assertThat(last.getLastTimestamp()).isEqualTo("2026-11-21T08:50:00Z");

    clock.pass(Duration.ofMinutes(11));
    recorder.record(rejected("broken 1"));

    assertThat(about("Remote")).hasSize(12).last().extracting(Event::getCount).isEqualTo(1);
  }

  @Test
  void whatTheClusterHasForgottenIsToldAnew() throws Exception {
    EventRecorder recorder = recorder();
    recorder.record(rejected("broken"));
    var _ = client().v1().events().inNamespace(namespace).delete();

    recorder.record(rejected("broken"));

    assertThat(about("Remote")).singleElement().extracting(Event::getCount).isEqualTo(1);
  }

  private EventRecorder recorder() {
    return new EventRecorder(
        client(), new ApiCalls(Clock.systemUTC(), Duration.ofMinutes(1)), clock, "slipway-gitd");
  }

  private News rejected(String message) {
    ObjectReference about =
        new ObjectReferenceBuilder()
            .withKind("Remote")
            .withName("dev")
            .withNamespace(namespace)
            .withUid(remote().getMetadata().getUid())
            .build();
    return new News(about, EventType.Warning, "PushRejected", message, PushId.random());
  }

  private List<Event> about(String kind) {
    return client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(it -> kind.equals(it.getInvolvedObject().getKind()))
        .sorted(comparing(Event::getFirstTimestamp))
        .toList();
  }

  private static String brief(Push push) {
    return push.changes().getFirst().newId().abbreviate(7).name();
  }
}
