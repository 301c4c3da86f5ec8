package dev.slipway.controller.cache;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /**
   * For JOSDK, which has one informer for each namespace and gives all of them one store: each
   * takes out of it what it does not list itself. So there is none for several namespaces, whose
   * informers then keep all.
   *
   * @param namespaces all when empty
   */
  public static <T extends HasMetadata> @Nullable SlimStore<T> forOneInformer(
      Set<String> namespaces, Consumer<T> strip) {
    return namespaces.size() > 1 ? null : new SlimStore<>(strip);
  }

  /**
   * Takes away what is long and asked of nothing: who set which field, and what was applied. What
   * many objects say is kept once for all of them.
   */
  public static void stripMetadata(HasMetadata object) {
    object.setApiVersion(shared(object.getApiVersion()));
    ObjectMeta metadata = object.getMetadata();
    metadata.setManagedFields(List.of());
    metadata.setLabels(Map.of());
    metadata.setAnnotations(Map.of());
    metadata.setAdditionalProperties(Map.of());
    metadata.setNamespace(shared(metadata.getNamespace()));
    metadata.setCreationTimestamp(shared(metadata.getCreationTimestamp()));
    for (OwnerReference owner : metadata.getOwnerReferences()) {
      owner.setApiVersion(shared(owner.getApiVersion()));
      owner.setKind(shared(owner.getKind()));
      owner.setName(shared(owner.getName()));
      owner.setUid(shared(owner.getUid()));
      owner.setAdditionalProperties(Map.of());
    }
  }

  /** The same for a condition, of which all objects of a kind have the same few. */
  public static void strip(Condition condition) {
    condition.setType(shared(condition.getType()));
    condition.setStatus(shared(condition.getStatus()));
    condition.setReason(shared(condition.getReason()));
    condition.setMessage(shared(condition.getMessage()));
    condition.setLastTransitionTime(shared(condition.getLastTransitionTime()));
    condition.setAdditionalProperties(Map.of());
  }

  private static @Nullable String shared(@Nullable String text) {
    return text == null ? null : text.intern();
  }
}
