package dev.slipway.hooks.job;

import dev.slipway.hooks.kube.PacedEvents;
import dev.slipway.hooks.kube.Signal;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Watches one Job and its pod. */
final class JobWatch implements AutoCloseable {
  private final Clock clock;
  private final Job created;
  private final JobSight.Memory memory;
  private final Signal signal = new Signal();
  private final SharedIndexInformer<Job> jobs;
  private final SharedIndexInformer<Pod> pods;
  private final PacedEvents events;

  JobWatch(KubernetesClient client, Clock clock, Job created, Duration timeout) {
    this.clock = clock;
    this.created = created;
    this.memory = new JobSight.Memory(clock.instant(), timeout);
    this.events = new PacedEvents(client, clock);
    String namespace = created.getMetadata().getNamespace();
    this.jobs =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(namespace)
            .withName(created.getMetadata().getName())
            .runnableInformer(0);
    this.pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabels(created.getSpec().getTemplate().getMetadata().getLabels())
            .runnableInformer(0);
    for (SharedIndexInformer<?> informer : List.of(jobs, pods)) {
      // An API server that is away for a while does not end the watch.
      informer.exceptionHandler((started, failure) -> true);
      informer.addEventHandler(signal.handler());
      informer.start();
    }
  }

  /** What is to be seen now. */
  JobSight look() {
    Optional<Pod> pod = pod();
    Job job = jobs.hasSynced() ? jobs.getStore().list().stream().findFirst().orElse(null) : created;
    return memory.look(job, pod.orElse(null), events(pod), clock.instant());
  }

  /** Of a Job that was suspended and resumed, the new one. */
  Optional<Pod> pod() {
    return pods.getStore().list().stream()
        .min(Comparator.comparing(pod -> pod.getMetadata().getDeletionTimestamp() != null));
  }

  void await(Duration limit) throws InterruptedException {
    signal.await(limit);
  }

  @Override
  public void close() {
    jobs.stop();
    pods.stop();
  }

  /** Events explain why a pod does not start; once it runs they say nothing. */
  private List<Event> events(Optional<Pod> pod) {
    boolean started =
        pod.isPresent()
            && pod.get().getStatus() != null
            && !"Pending".equals(pod.get().getStatus().getPhase());
    return started
        ? List.of()
        : events.about(Stream.concat(Stream.of(created), pod.stream()).toList());
  }
}
