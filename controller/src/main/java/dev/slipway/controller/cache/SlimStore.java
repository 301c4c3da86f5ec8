package dev.slipway.controller.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keeps of the objects that an informer sees only what somebody asks for: there is one of each kind
 * for every Remote, and of some kinds there are all of a cluster.
 */
public final class SlimStore<T extends HasMetadata> extends BasicItemStore<T> {
  /** Of a list, so that no answer holds more whole objects than fit beside what is kept. */
  public static final long PAGE = 200;

  private final Consumer<T> strip;

  /**
   * A store of objects that lose what nobody asks for as they come in.
   *
   * @param strip takes it away, before any handler sees the object
   */
  public SlimStore(Consumer<T> strip) {
    super(Cache::metaNamespaceKeyFunc);
    this.strip = strip;
  }

  @Override
  public T put(String key, T object) {
    strip.accept(object);
    return super.put(key, object);
  }

  /** Takes away what is long and asked of nothing: who set which field, and what was applied. */
  public static void stripMetadata(HasMetadata object) {
    object.getMetadata().setManagedFields(List.of());
    object.getMetadata().setLabels(Map.of());
    object.getMetadata().setAnnotations(Map.of());
  }
}
