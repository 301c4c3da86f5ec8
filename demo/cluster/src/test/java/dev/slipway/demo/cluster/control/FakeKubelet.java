package dev.slipway.demo.cluster.control;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says of pods what a kubelet would, without running anything; the tag of the image decides: {@code
 * stuck} never starts, {@code fails} and {@code ends} run to their end, all others get ready.
 */
final class FakeKubelet implements AutoCloseable {
  static final String NODE = "node-1";

  private final KubernetesClient client;
  private final SharedIndexInformer<Pod> pods;
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final Set<String> started = ConcurrentHashMap.newKeySet();
  private final AtomicInteger addresses = new AtomicInteger(1);

  FakeKubelet(KubernetesClient client) {
    this.client = client;
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .endMetadata()
                .withNewStatus()
                .addToAllocatable("cpu", new Quantity("4"))
                .addToAllocatable("memory", new Quantity("8Gi"))
                .endStatus()
                .build())
        .create();
    pods =
        client
            .pods()
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    submit(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod pod) {
                    submit(pod);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean finalStateUnknown) {}
                });
  }

  /** Lets nothing happen to pods until this is closed. */
  Hold hold() {
    var released = new CountDownLatch(1);
    worker.execute(
        () -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return released::countDown;
  }

  /** While it is open, nothing happens to pods. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  private void submit(Pod pod) {
    if (!NODE.equals(pod.getSpec().getNodeName())) {
      return;
    }
    try {
      worker.execute(() -> serve(pod));
    } catch (RejectedExecutionException e) {
      started.clear(); // the test is over
    }
  }

  private void serve(Pod pod) {
    try {
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        client.resource(pod).withGracePeriod(0).delete();
      } else if (started.add(pod.getMetadata().getUid())) {
        start(pod);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private void start(Pod pod) {
    var image = pod.getSpec().getContainers().getFirst().getImage();
    switch (image.substring(image.indexOf(':') + 1)) {
      case "stuck" -> say(pod, "Pending", false);
      case "fails" -> say(pod, "Failed", false);
      case "ends" -> say(pod, "Succeeded", false);
      default -> say(pod, "Running", true);
    }
  }

  private void say(Pod pod, String phase, boolean ready) {
    var status =
        new PodBuilder(pod)
            .editOrNewStatus()
            .withPhase(phase)
            .withStartTime(now())
            .withPodIP("198.18.0." + addresses.incrementAndGet())
            .withConditions(
                List.of(
                    condition("Ready", ready ? "True" : "False"),
                    condition("PodScheduled", "True")))
            .withContainerStatuses(container(pod, phase, ready))
            .endStatus()
            .build();
    status.getMetadata().setResourceVersion(null);
    client.resource(status).updateStatus();
  }

  private static ContainerStatus container(Pod pod, String phase, boolean ready) {
    var status =
        new ContainerStatusBuilder()
            .withName(pod.getSpec().getContainers().getFirst().getName())
            .withImage(pod.getSpec().getContainers().getFirst().getImage())
            .withImageID("")
            .withRestartCount(0)
            .withReady(ready);
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      status
          .withNewState()
          .withNewTerminated()
          .withExitCode(phase.equals("Failed") ? 1 : 0)
          .withFinishedAt(now())
          .endTerminated()
          .endState();
    }
    return status.build();
  }

  private static PodCondition condition(String type, String status) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withLastTransitionTime(now())
        .build();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  @Override
  public void close() {
    pods.close();
    worker.shutdownNow();
    client.nodes().withName(NODE).delete();
  }
}
