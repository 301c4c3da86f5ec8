package dev.slipway.demo.cluster.control.quota;

import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.Key;
import dev.slipway.demo.cluster.control.loop.WorkQueue;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes into the status of each ResourceQuota what the pods of its namespace use of it. */
public final class QuotaController implements AutoCloseable {
  private final KubernetesClient client;
  private final ClusterView view;
  private final WorkQueue queue = new WorkQueue("quotas", 2, this::look);

  /** Listens to the view; works as soon as the view has started. */
  public QuotaController(KubernetesClient client, ClusterView view) {
    this.client = client;
    this.view = view;
    view.of(ResourceQuota.class).listen((_, after) -> request(after));
    view.of(Pod.class)
        .follow(
            pod ->
                view.of(ResourceQuota.class)
                    .in(pod.getMetadata().getNamespace())
                    .forEach(this::request));
  }

  private void request(@Nullable ResourceQuota quota) {
    if (quota != null) {
      queue.request(Key.of(quota));
    }
  }

  private Optional<Duration> look(Key key) {
    var found = view.of(ResourceQuota.class).get(key);
    if (found.isPresent()) {
      var quota = found.get();
      var status =
          new ResourceQuotaStatusBuilder()
              .withHard(quota.getSpec().getHard())
              .withUsed(used(quota))
              .build();
      if (!status.equals(quota.getStatus())) {
        client.resource(new ResourceQuotaBuilder(quota).withStatus(status).build()).updateStatus();
      }
    }
    return Optional.empty();
  }

  private Map<String, Quantity> used(ResourceQuota quota) {
    var usage = PodUsage.of(view.of(Pod.class).in(quota.getMetadata().getNamespace()).stream());
    var used = new HashMap<String, Quantity>();
    for (var name : quota.getSpec().getHard().keySet()) {
      var amount = usage.getOrDefault(name, BigDecimal.ZERO);
      used.put(name, new Quantity(PodUsage.text(name, amount)));
    }
    return used;
  }

  @Override
  public void close() {
    queue.close();
  }
}
