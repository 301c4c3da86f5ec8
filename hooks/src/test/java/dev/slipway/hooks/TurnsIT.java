package dev.slipway.hooks;

import static dev.slipway.hooks.TestConfig.buildOnly;
import static dev.slipway.hooks.TestConfig.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.gitd.Target;
import dev.slipway.hooks.kube.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What may go on at the same time, and what may not. */
class TurnsIT extends PipelineOnCluster {
  private static final int PARALLELISM = 2;

  /** From the first thing that a push did in its turn to the last. */
  private record Interval(Instant begin, Instant end) {}

  @Test
  void pushesToOneRemoteDoNotOverlap() throws Exception {
    Push holder = push("held holder");
    FutureTask<Interval> held = inBackground(holder, pipeline, new CopyOnWriteArrayList<>());
    await().until(() -> lines.contains("       Step: RUN make"));
    List<FutureTask<Interval>> others = new ArrayList<>();
    List<List<String>> screens = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<String> screen = new CopyOnWriteArrayList<>();
      screens.add(screen);
      others.add(inBackground(push("good " + i), pipeline, screen));
    }
    String who = who(holder);
    for (List<String> screen : screens) {
      await().until(() -> screen.stream().anyMatch(line -> isAbout(line, "Waiting for " + who)));
      await()
          .until(
              () ->
                  screen.stream()
                      .anyMatch(
                          line ->
                              isAbout(line, "waiting for " + who)
                                  && line.matches(".* \\(\\d+ s\\)")));
    }

    letGo(holder);

    List<Interval> intervals = new ArrayList<>(List.of(get(held)));
    for (FutureTask<Interval> other : others) {
      intervals.add(get(other));
    }
    intervals.sort(Comparator.comparing(Interval::begin));
    for (int i = 1; i < intervals.size(); i++) {
      assertThat(intervals.get(i).begin())
          .as("%s", intervals)
          .isAfterOrEqualTo(intervals.get(i - 1).end());
    }
  }

  /** It is what a second push waits for: its Jobs are deleted first. Prints how long that took. */
  @Test
  void turnIsFreeSoonAfterTheClientOfTheOneThatHasItIsGone() throws Exception {
    Push holder = push("held holder");
    Running first = begin(holder);
    await().until(() -> lines.contains("       Step: RUN make"));
    List<String> screen = new CopyOnWriteArrayList<>();
    FutureTask<Interval> second = inBackground(push("good second"), pipeline, screen);
    await()
        .until(() -> screen.stream().anyMatch(line -> isAbout(line, "Waiting for " + who(holder))));

    Instant gone = Instant.now();
    first.thread().interrupt();

    PushOutcome outcome = first.await();
    assertThat(outcome).isEqualTo(new PushOutcome.Cancelled());
    pipeline.postReceive(holder, outcome, false);
    Duration took = Duration.between(gone, get(second).begin());
    System.out.printf("client gone: the next push builds after %d ms%n", took.toMillis());
    // A busy machine may take ten times as long.
    assertThat(took).isLessThan(Duration.ofSeconds(20));
  }

  /** Each has a gitd, and so a pipeline, of its own. */
  @Test
  void pushesToDifferentRemotesDoNotWaitForEachOther() throws Exception {
    PushPipeline other = pipeline(TestConfig.of(target("web", "web")).name("other"));
    List<String> screen = new CopyOnWriteArrayList<>();
    Push one = push("held one");
    Push two = push("held two");

    FutureTask<Interval> first = inBackground(one, pipeline, new CopyOnWriteArrayList<>());
    FutureTask<Interval> second = inBackground(two, other, screen);

    // Neither is let go before both are in the middle.
    await().until(() -> lines.contains("       Step: RUN make"));
    await().until(() -> screen.contains("       Step: RUN make"));
    assertThat(screen).noneMatch(line -> line.contains("Waiting for the push"));
    letGo(one);
    letGo(two);
    assertThat(get(first).begin()).isBefore(get(second).end());
    assertThat(get(second).begin()).isBefore(get(first).end());
  }

  @Test
  void noMoreBuildsRunAtATimeThanAreAllowed() throws Exception {
    Map<String, String> files = new HashMap<>();
    List<String> names = List.of("one", "two", "three", "four", "five");
    names.forEach(name -> files.put(name + "/Dockerfile", "FROM scratch\nRUN make " + name + "\n"));
    pipeline =
        pipeline(
            TestConfig.of(
                names.stream().map(name -> buildOnly(name, name)).toArray(Target[]::new)));
    RunningBuilds builds = new RunningBuilds();

    try (var _ = client().pods().inNamespace(namespace).withLabel(Labels.BUILD).inform(builds)) {
      Push push = push("good", files);
      PushOutcome outcome = pipeline.preReceive(push, lines::add);
      pipeline.postReceive(push, outcome, true);

      assertThat(outcome).as("%s", lines).isInstanceOf(PushOutcome.Stored.class);
      await().until(() -> builds.ended.size() == names.size());
    }
    assertThat(builds.most).hasValue(PARALLELISM);
  }

  /**
   * Counts builds in the order in which the API tells of them: that a slot is free is seen only
   * after the pod that was in it has ended.
   */
  private static final class RunningBuilds implements ResourceEventHandler<Pod> {
    private final Set<String> running = new HashSet<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();

    @Override
    public void onAdd(Pod pod) {
      String name = pod.getMetadata().getName();
      boolean over =
          pod.getStatus() != null
              && Set.of("Succeeded", "Failed").contains(String.valueOf(pod.getStatus().getPhase()));
      if (over) {
        running.remove(name);
        ended.add(name);
      } else if (!ended.contains(name)) {
        running.add(name);
        most.accumulateAndGet(running.size(), Math::max);
      }
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      onAdd(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      running.remove(pod.getMetadata().getName());
    }
  }

  /** A whole push, as gitd would have it, but for the branch, which stays where it is. */
  private FutureTask<Interval> inBackground(Push push, PushPipeline pipeline, List<String> screen) {
    FutureTask<Interval> whole =
        new FutureTask<>(
            () -> {
              List<Instant> begin = new CopyOnWriteArrayList<>();
              PushOutcome outcome =
                  pipeline.preReceive(
                      push,
                      line -> {
                        if (line.startsWith("-----> Building")) {
                          begin.add(Instant.now());
                        }
                        screen.add(line);
                        lines.add(line);
                      });
              Instant end = Instant.now();
              assertThat(outcome).as("%s", screen).isInstanceOf(PushOutcome.Deployed.class);
              pipeline.postReceive(push, outcome, true);
              return new Interval(begin.getFirst(), end);
            });
    Thread.ofVirtual().start(whole);
    return whole;
  }

  private static boolean isAbout(String line, String what) {
    return line.contains(what) && line.contains(" to end");
  }

  private static Interval get(FutureTask<Interval> push) throws Exception {
    return push.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String who(Push push) {
    return "the push of %s by ana"
        .formatted(push.changes().getFirst().newId().abbreviate(7).name());
  }
}
