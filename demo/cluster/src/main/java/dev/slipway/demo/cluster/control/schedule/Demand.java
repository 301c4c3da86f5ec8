package dev.slipway.demo.cluster.control.schedule;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for, or a node has.
 *
 * @param cpu in cores
 * @param memory in bytes
 */
record Demand(BigDecimal cpu, BigDecimal memory) {
  static final Demand NOTHING = new Demand(BigDecimal.ZERO, BigDecimal.ZERO);

  /** Containers run side by side, init containers before them and one after another. */
  static Demand of(Pod pod) {
    var together = NOTHING;
    for (var container : pod.getSpec().getContainers()) {
      together = together.plus(of(container));
    }
    List<Container> before = pod.getSpec().getInitContainers();
    for (var container : before) {
      together = together.atLeast(of(container));
    }
    return together;
  }

  private static Demand of(Container container) {
    var resources = container.getResources();
    return resources == null ? NOTHING : of(resources.getRequests());
  }

  static Demand of(@Nullable Map<String, Quantity> quantities) {
    return quantities == null
        ? NOTHING
        : new Demand(amount(quantities.get("cpu")), amount(quantities.get("memory")));
  }

  Demand plus(Demand other) {
    return new Demand(cpu.add(other.cpu), memory.add(other.memory));
  }

  private Demand atLeast(Demand other) {
    return new Demand(cpu.max(other.cpu), memory.max(other.memory));
  }

  private static BigDecimal amount(@Nullable Quantity quantity) {
    return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
  }
}
