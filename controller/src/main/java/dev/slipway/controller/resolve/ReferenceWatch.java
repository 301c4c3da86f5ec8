package dev.slipway.controller.resolve;

import dev.slipway.controller.check.AuthorizedKeys;
import dev.slipway.controller.check.BuildReferences;
import dev.slipway.controller.check.ManifestSource;
import dev.slipway.controller.check.RegistryReferences;
import dev.slipway.controller.check.WrittenTargets;
import dev.slipway.controller.resolve.Reference.Use;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Target.Source.Kind;
import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches just the Secrets, ConfigMaps and workloads that Remotes name, each by its name, and has a
 * Remote looked at again when one of them appears, goes, or changes in what matters of it.
 */
public final class ReferenceWatch extends AbstractEventSource<HasMetadata, Remote>
    implements ResourceEventAware<Remote> {
  /** Anything else can name no object, and has no business in a field selector. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final KubernetesClient client;
  private final Map<Reference<?>, NamedWatch<?, ?>> watches = new HashMap<>();
  private final Map<ResourceID, Set<Reference<?>>> wanted = new HashMap<>();

  public ReferenceWatch(KubernetesClient client) {
    super(HasMetadata.class, "references");
    this.client = client;
  }

  /**
   * What is there now of what the Remote names; from now on changes of it are noticed.
   *
   * @throws KubernetesClientException if the API does not say what is there
   */
  public References resolve(Remote remote, RemoteSpec spec) {
    // Waited for outside: an API that hangs at one Remote's Secret must not hold up the others.
    Followed followed = follow(remote, spec);
    Map<Workload, FoundWorkload> workloads = new HashMap<>();
    followed
        .workloads()
        .forEach(
            (kind, watched) ->
                current(watched)
                    .forEach((name, found) -> workloads.put(new Workload(kind, name), found)));
    return new References(
        current(followed.secrets()),
        current(followed.configMaps()),
        workloads,
        current(followed.serviceAccounts()).keySet(),
        current(followed.secretKeyTexts()),
        current(followed.configMapKeyTexts()));
  }

  /** The watches of all that one Remote names, in the shape of {@link References}. */
  private record Followed(
      Map<String, NamedWatch<?, FoundSecret>> secrets,
      Map<String, NamedWatch<?, FoundConfigMap>> configMaps,
      Map<WorkloadKind, Map<String, NamedWatch<?, FoundWorkload>>> workloads,
      Map<String, NamedWatch<?, Boolean>> serviceAccounts,
      Map<String, NamedWatch<?, Map<String, String>>> secretKeyTexts,
      Map<String, NamedWatch<?, Map<String, String>>> configMapKeyTexts) {}

  private synchronized Followed follow(Remote remote, RemoteSpec spec) {
    String namespace = remote.getMetadata().getNamespace();
    Set<Reference<?>> references = new HashSet<>();
    Set<String> secretNames = new HashSet<>(BuildReferences.secretNames(spec));
    secretNames.addAll(RegistryReferences.secretNames(spec));
    Set<String> configMapNames = new HashSet<>(BuildReferences.configMapNames(spec));
    configMapNames.addAll(RegistryReferences.configMapNames(spec));
    Map<WorkloadKind, Map<String, NamedWatch<?, FoundWorkload>>> workloads =
        new EnumMap<>(WorkloadKind.class);
    WrittenTargets.workloads(spec)
        .forEach(
            (kind, names) ->
                workloads.put(
                    kind,
                    watches(
                        kind.type(), Use.SHAPE, namespace, names, FoundWorkload::of, references)));
    var followed =
        new Followed(
            watches(Secret.class, Use.SHAPE, namespace, secretNames, FoundSecret::of, references),
            watches(
                ConfigMap.class,
                Use.SHAPE,
                namespace,
                configMapNames,
                FoundConfigMap::of,
                references),
            workloads,
            watches(
                ServiceAccount.class,
                Use.SHAPE,
                namespace,
                ManifestSource.serviceAccount(remote.getMetadata(), spec).stream()
                    .collect(Collectors.toSet()),
                account -> true,
                references),
            watches(
                Secret.class,
                Use.KEYS,
                namespace,
                AuthorizedKeys.sourceNames(spec, Kind.Secret),
                secret -> decoded(secret.getData()),
                references),
            watches(
                ConfigMap.class,
                Use.KEYS,
                namespace,
                AuthorizedKeys.sourceNames(spec, Kind.ConfigMap),
                map -> map.getData() == null ? Map.of() : map.getData(),
                references));
    wanted.put(ResourceID.fromResource(remote), references);
    stopUnwanted();
    return followed;
  }

  private <A> Map<String, A> current(Map<String, NamedWatch<?, A>> watched) {
    Map<String, A> found = new HashMap<>();
    watched.forEach(
        (name, watch) -> {
          try {
            watch.current().ifPresent(it -> found.put(name, it));
          } catch (KubernetesClientException e) {
            forget(watch);
            throw e;
          }
        });
    return found;
  }

  /** One that never began is begun anew the next time. */
  private synchronized void forget(NamedWatch<?, ?> watch) {
    watches.remove(watch.reference(), watch);
    watch.close();
  }

  @Override
  public synchronized void onResourceDeleted(Remote remote) {
    wanted.remove(ResourceID.fromResource(remote));
    stopUnwanted();
  }

  @Override
  public synchronized void stop() throws OperatorException {
    wanted.clear();
    stopUnwanted();
    super.stop();
  }

  @Override
  public Set<HasMetadata> getSecondaryResources(Remote remote) {
    return Set.of();
  }

  /**
   * Follows the objects of one kind.
   *
   * @param references gets what is watched
   */
  private <T extends HasMetadata, A> Map<String, NamedWatch<?, A>> watches(
      Class<T> kind,
      Use use,
      String namespace,
      Set<String> names,
      Function<T, A> aspect,
      Set<Reference<?>> references) {
    Map<String, NamedWatch<?, A>> watched = new HashMap<>();
    for (String name : names) {
      if (NAME.matcher(name).matches()) {
        var reference = new Reference<>(kind, namespace, name, use);
        references.add(reference);
        watched.put(name, watch(reference, aspect));
      }
    }
    return watched;
  }

  private static Map<String, String> decoded(@Nullable Map<String, String> data) {
    Map<String, String> texts = new HashMap<>();
    if (data != null) {
      data.forEach(
          (key, value) ->
              texts.put(
                  key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return texts;
  }

  @SuppressWarnings("unchecked") // A kind and a use always have a watch of their aspect.
  private <T extends HasMetadata, A> NamedWatch<T, A> watch(
      Reference<T> reference, Function<T, A> aspect) {
    NamedWatch<?, ?> existing = watches.get(reference);
    if (existing == null) {
      existing = NamedWatch.begin(client, reference, aspect, () -> changed(reference));
      watches.put(reference, existing);
    }
    return (NamedWatch<T, A>) existing;
  }

  private void changed(Reference<?> reference) {
    Set<ResourceID> remotes;
    synchronized (this) {
      remotes =
          wanted.entrySet().stream()
              .filter(entry -> entry.getValue().contains(reference))
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
    }
    remotes.forEach(remote -> getEventHandler().handleEvent(new Event(remote)));
  }

  private void stopUnwanted() {
    Set<Reference<?>> all =
        wanted.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    watches
        .entrySet()
        .removeIf(
            entry -> {
              boolean unwanted = !all.contains(entry.getKey());
              if (unwanted) {
                entry.getValue().close();
              }
              return unwanted;
            });
  }
}
