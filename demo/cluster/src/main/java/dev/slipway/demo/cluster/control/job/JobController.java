package dev.slipway.demo.cluster.control.job;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.loop.Expectations;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.Ownership;
import dev.slipway.demo.cluster.control.loop.PodControl;
import dev.slipway.demo.cluster.control.loop.PodFacts;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs the pods of each Job to its end, counts them once each, and says how it ended. */
public final class JobController implements AutoCloseable {
  /** Annotation of a namespace: after so many seconds its Jobs notice what their pods do. */
  private static final String DELAY = "embedded-cluster/job-delay-seconds";

  private static final int PARALLEL = 5;

  private final KubernetesClient client;
  private final ClusterView view;
  private final InstantSource clock;
  private final EventLog.Voice events;
  private final Expectations expectations;
  private final PodControl pods;
  private final TrackingFinalizer finalizer;

  /** The version of each Job that we wrote last: decisions need at least that one. */
  private final Map<Key, Long> written = new ConcurrentHashMap<>();

  private final WorkQueue queue = new WorkQueue("jobs", PARALLEL, this::look);
  private final WorkQueue orphans = new WorkQueue("job-orphans", PARALLEL, this::lookAtOrphan);

  /** Listens to the view; works as soon as the view has started. */
  public JobController(
      KubernetesClient client, ClusterView view, EventLog events, InstantSource clock) {
    this.client = client;
    this.view = view;
    this.clock = clock;
    this.events = events.as("job-controller");
    this.expectations = new Expectations(clock);
    this.pods = new PodControl(client, this.events, expectations);
    this.finalizer = new TrackingFinalizer(client);
    view.of(Job.class).listen(this::jobChanged);
    view.of(Pod.class).listen(this::podChanged);
  }

  private void jobChanged(@Nullable Job before, @Nullable Job after) {
    if (after != null) {
      if (before != null && isSameWish(before, after)) {
        noteLater(Key.of(after));
      } else {
        queue.request(Key.of(after));
      }
    } else if (before != null) {
      expectations.forget(Key.of(before));
      written.remove(Key.of(before));
      view.of(Pod.class).controlledBy(before.getMetadata().getUid()).stream()
          .filter(JobPicture::isTracked)
          .forEach(pod -> orphans.request(Key.of(pod)));
    }
  }

  private static boolean isSameWish(Job before, Job after) {
    return Objects.equals(before.getMetadata().getGeneration(), after.getMetadata().getGeneration())
        && after.getMetadata().getDeletionTimestamp() == null;
  }

  private void podChanged(@Nullable Pod before, @Nullable Pod after) {
    var pod = after == null ? before : after;
    if (pod == null) {
      return;
    }
    var owner = Ownership.controllerOf(pod, "Job");
    if (after != null
        && JobPicture.isTracked(after)
        && owner.flatMap(view.of(Job.class)::get).isEmpty()) {
      orphans.request(Key.of(after));
    }
    if (owner.isPresent()) {
      see(owner.get(), before, after, pod.getMetadata().getUid());
      noteLater(owner.get());
    }
  }

  /** As a real controller does it: what only says how things stand is collected for a while. */
  private void noteLater(Key job) {
    var delay = delay(job);
    if (delay.isZero()) {
      queue.request(job);
    } else {
      queue.postpone(job, delay);
    }
  }

  private Duration delay(Key job) {
    return view.of(Namespace.class)
        .get(new Key("", job.namespace()))
        .map(namespace -> namespace.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(DELAY))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(Duration.ZERO);
  }

  private void see(Key job, @Nullable Pod before, @Nullable Pod after, String uid) {
    if (before == null) {
      expectations.creationSeen(job);
    }
    if (after == null || PodFacts.isTerminating(after)) {
      expectations.changeSeen(job, uid);
    }
    if (after == null || !JobPicture.isTracked(after)) {
      expectations.changeSeen(job, released(uid));
    }
  }

  private static String released(String uid) {
    return "released " + uid;
  }

  private Optional<Duration> look(Key key) {
    // Asked before anything is read: what is shown meanwhile must not count as known.
    boolean isCurrent = expectations.fulfilled(key);
    var found = view.of(Job.class).get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var job = found.get();
    var now = clock.instant();
    if (JobStatuses.end(job).isPresent()) {
      return removeInTime(job, now);
    }
    if (!isCurrent) {
      return Optional.of(Expectations.PATIENCE);
    }
    if (version(job) < written.getOrDefault(key, 0L)) {
      return Optional.empty(); // our own write is on its way, and with it the next look
    }
    var picture = new JobPicture(job, view.of(Pod.class).controlledBy(job.getMetadata().getUid()));
    if (job.getMetadata().getDeletionTimestamp() != null) {
      picture.tracked().forEach(pod -> release(key, pod));
      return Optional.empty();
    }
    return advance(key, picture, now);
  }

  private Optional<Duration> removeInTime(Job job, Instant now) {
    var left = JobDecision.untilTtl(job, now);
    if (left.filter(duration -> !duration.isPositive()).isPresent()
        && job.getMetadata().getDeletionTimestamp() == null) {
      client.resource(job).withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
      return Optional.empty();
    }
    return left.filter(Duration::isPositive);
  }

  private Optional<Duration> advance(Key key, JobPicture picture, Instant now) {
    var job = picture.job();
    var decision = JobDecision.of(picture, now);
    decision.discard().forEach(pod -> release(key, pod));
    var refusal = pods.delete(job, decision.discard());
    refusal = refusal.or(() -> pods.delete(job, decision.stop()));
    var refusedCreation =
        pods.create(
            job, job.getSpec().getTemplate(), Set.of(JobPicture.FINALIZER), decision.create());
    int created = refusedCreation.isPresent() ? 0 : decision.create();
    record(key, picture, decision, created, now);
    refusal = refusal.or(() -> refusedCreation);
    if (refusal.isPresent()) {
      throw refusal.get(); // comes back later and later
    }
    return startsNow(job) ? firstDeadline(job) : decision.again();
  }

  private static boolean startsNow(Job job) {
    return JobPicture.status(job).getStartTime() == null;
  }

  private static Optional<Duration> firstDeadline(Job job) {
    return Optional.ofNullable(job.getSpec().getActiveDeadlineSeconds()).map(Duration::ofSeconds);
  }

  private void record(Key key, JobPicture picture, JobDecision decision, int created, Instant now) {
    var job = picture.job();
    var noted = JobStatuses.noted(picture, decision, created, now);
    var current = write(job, noted);
    JobStatuses.suspension(job)
        .ifPresent(
            suspended ->
                events.normal(
                    job,
                    suspended ? "Suspended" : "Resumed",
                    suspended ? "Job suspended" : "Job resumed"));
    var counting = new HashSet<>(noted.getUncountedTerminatedPods().getFailed());
    counting.addAll(noted.getUncountedTerminatedPods().getSucceeded());
    picture.tracked().stream()
        .filter(pod -> counting.contains(pod.getMetadata().getUid()))
        .forEach(pod -> release(key, pod));
    var counted = write(current, JobStatuses.counted(noted, decision.verdict(), now));
    if (JobStatuses.end(counted).isPresent()) {
      decision.verdict().ifPresent(verdict -> tell(job, verdict));
    }
  }

  private void tell(Job job, Verdict verdict) {
    if (verdict.isFailure()) {
      events.warning(job, verdict.reason(), verdict.message());
    } else {
      events.normal(job, "Completed", "Job completed");
    }
  }

  private Job write(Job job, JobStatus status) {
    if (status.equals(job.getStatus())) {
      return job;
    }
    var result = client.resource(new JobBuilder(job).withStatus(status).build()).updateStatus();
    written.put(Key.of(job), version(result));
    return result;
  }

  private static long version(Job job) {
    return Long.parseLong(job.getMetadata().getResourceVersion());
  }

  private void release(Key job, Pod pod) {
    if (JobPicture.isTracked(pod)) {
      var expected = released(pod.getMetadata().getUid());
      expectations.expectChange(job, expected);
      try {
        finalizer.remove(pod);
      } catch (KubernetesClientException e) {
        expectations.changeSeen(job, expected);
        throw e;
      }
    }
  }

  private Optional<Duration> lookAtOrphan(Key key) {
    view.of(Pod.class)
        .get(key)
        .filter(JobPicture::isTracked)
        .filter(pod -> !hasLivingJob(pod))
        .ifPresent(finalizer::remove);
    return Optional.empty();
  }

  /** Asks the API and not the view, which may not know a new Job yet. */
  private boolean hasLivingJob(Pod pod) {
    var owner = Ownership.controllerOf(pod);
    if (owner.isEmpty()) {
      return false;
    }
    var job =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(owner.get().getName())
            .get();
    return job != null
        && job.getMetadata().getUid().equals(owner.get().getUid())
        && job.getMetadata().getDeletionTimestamp() == null;
  }

  @Override
  public void close() {
    queue.close();
    orphans.close();
  }
}
