package dev.slipway.controller.dependent;

import dev.slipway.controller.cache.SlimStore;
import dev.slipway.controller.model.HostKeySecret;
import dev.slipway.controller.model.Names;
import dev.slipway.crd.Remote;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Follows the objects of one kind that belong to Remotes, and knows which of them are as desired,
 * so that only news is applied.
 */
public final class OwnedObjects<T extends HasMetadata> extends InformerEventSource<T, Remote> {
  /** Of what is kept of an object, beside which nothing else is. */
  private static final String FINGERPRINT = "fingerprint";

  private final KubernetesSerialization json;
  private final OwnWrites writes;

  /**
   * Follows nothing yet.
   *
   * @param namespaces that are watched; all when empty
   */
  public OwnedObjects(Class<T> kind, Set<String> namespaces, EventSourceContext<Remote> context) {
    this(kind, namespaces, context, new OwnWrites());
  }

  private OwnedObjects(
      Class<T> kind, Set<String> namespaces, EventSourceContext<Remote> context, OwnWrites writes) {
    super(
        InformerEventSourceConfiguration.from(kind, Remote.class)
            .withName(name(kind))
            .withLabelSelector(Names.MANAGED_BY + "=" + Names.SLIPWAY)
            .withNamespacesInheritedFromController()
            .withItemStore(
                SlimStore.forOneInformer(
                    namespaces,
                    it -> strip(it, writes, context.getClient().getKubernetesSerialization())))
            .withInformerListLimit(SlimStore.PAGE)
            .withOnAddFilter(it -> !writes.mayInclude(it))
            .withOnUpdateFilter((it, _) -> !writes.mayInclude(it))
            .build(),
        context);
    this.json = context.getClient().getKubernetesSerialization();
    this.writes = writes;
  }

  /** Of kinds of which more is followed than what belongs to Remotes. */
  static String name(Class<? extends HasMetadata> kind) {
    return "owned " + kind.getSimpleName();
  }

  /** Whether there is an object of this name that belongs to a Remote, as far as is known. */
  boolean has(T object) {
    return get(ResourceID.fromResource(object)).isPresent();
  }

  /** The object, if to apply just this again would change nothing. */
  Optional<T> asDesired(T desired, String fingerprint) {
    ResourceID id = ResourceID.fromResource(desired);
    return get(id)
        .filter(
            it ->
                writes.haveLedTo(it, fingerprint)
                    || fingerprint(it).filter(fingerprint::equals).isPresent());
  }

  private Optional<String> fingerprint(T object) {
    return Optional.ofNullable(object.getMetadata().getAnnotations().get(FINGERPRINT))
        .or(() -> Fingerprint.ofOwned(object, json));
  }

  /**
   * Applies an object, and remembers what that has led to.
   *
   * @param before the object as it was, if it was there
   * @param fingerprint of what is applied
   */
  T apply(T object, Optional<T> before, String fingerprint, UnaryOperator<T> apply) {
    ResourceID id = ResourceID.fromResource(object);
    writes.begin(id);
    try {
      T after = apply.apply(object);
      String version = after.getMetadata().getResourceVersion();
      writes.settle(id, version, fingerprint);
      if (before.isEmpty()) {
        handleRecentResourceCreate(id, after);
      } else if (!version.equals(before.get().getMetadata().getResourceVersion())) {
        handleRecentResourceUpdate(id, after, before.get());
      }
      return after;
    } finally {
      if (writes.end(id)) {
        remotes(object).forEach(remote -> getEventHandler().handleEvent(new Event(remote)));
      }
    }
  }

  private Set<ResourceID> remotes(T object) {
    return configuration().getSecondaryToPrimaryMapper().toPrimaryResourceIDs(object);
  }

  @Override
  public void onDelete(T object, boolean finalStateUnknown) {
    writes.forget(ResourceID.fromResource(object));
    super.onDelete(object, finalStateUnknown);
  }

  /**
   * What is left is what {@link Applied} is made of, and the fingerprint; no secret is. Of an own
   * write there is none: {@link OwnWrites} say the same for less.
   */
  private static void strip(HasMetadata object, OwnWrites own, KubernetesSerialization json) {
    Optional<String> fingerprint =
        own.mayInclude(object) ? Optional.empty() : Fingerprint.ofOwned(object, json);
    SlimStore.stripMetadata(object);
    fingerprint.ifPresent(it -> object.getMetadata().setAnnotations(Map.of(FINGERPRINT, it)));
    switch (object) {
      case Secret secret -> {
        secret.setStringData(Map.of());
        secret.setData(
            HostKeySecret.isOne(secret)
                ? Map.of(HostKeySecret.PUBLIC_KEY, secret.getData().get(HostKeySecret.PUBLIC_KEY))
                : Map.of());
      }
      case Deployment deployment -> {
        deployment.getSpec().setTemplate(null);
        deployment.getSpec().setSelector(null);
      }
      case Role role -> role.setRules(null);
      case RoleBinding binding -> binding.setSubjects(null);
      case NetworkPolicy policy -> policy.setSpec(null);
      default -> {
        // The others are short.
      }
    }
  }
}
