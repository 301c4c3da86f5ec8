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
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows the Secrets, ConfigMaps and workloads that Remotes name, and has a Remote looked at again
 * when one of them appears, goes, or changes. Of a kind that is named it follows the metadata, in
 * one watch for all; it reads no object that nobody names.
 */
public final class ReferenceWatch extends AbstractEventSource<HasMetadata, Remote>
    implements ResourceEventAware<Remote> {
  /** Anything else can name no object. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final KubernetesClient client;
  private final KubernetesClient metadataOnly;
  private final Set<String> namespaces;
  private final Map<Class<?>, KindWatch<?>> kinds = new HashMap<>();
  private final Map<Reference<?>, Named> named = new HashMap<>();
  private final Map<ResourceID, Set<Reference<?>>> wanted = new HashMap<>();

  /** An object that is named: by whom, and what is known of it. */
  private static final class Named {
    private final Set<ResourceID> by = new HashSet<>();
    private volatile @Nullable Known known;
  }

  /**
   * What was found in an object.
   *
   * @param version that it had, or one before
   */
  private record Known(String version, Object aspect) {}

  /**
   * Follows nothing yet.
   *
   * @param namespaces whose Remotes are served; all when empty
   */
  public ReferenceWatch(KubernetesClient client, Set<String> namespaces) {
    super(HasMetadata.class, "references");
    this.client = client;
    this.metadataOnly = MetadataOnly.client(client);
    this.namespaces = Set.copyOf(namespaces);
  }

  /**
   * What is there now of what the Remote names; from now on changes of it are noticed.
   *
   * @throws KubernetesClientException if the API does not say what is there
   */
  public References resolve(Remote remote, RemoteSpec spec) {
    String namespace = remote.getMetadata().getNamespace();
    Set<String> secretNames = new HashSet<>(BuildReferences.secretNames(spec));
    secretNames.addAll(RegistryReferences.secretNames(spec));
    Set<String> configMapNames = new HashSet<>(BuildReferences.configMapNames(spec));
    configMapNames.addAll(RegistryReferences.configMapNames(spec));
    var secrets = references(Secret.class, namespace, secretNames, Use.SHAPE);
    var configMaps = references(ConfigMap.class, namespace, configMapNames, Use.SHAPE);
    Map<WorkloadKind, Set<? extends Reference<?>>> workloads = new EnumMap<>(WorkloadKind.class);
    WrittenTargets.workloads(spec)
        .forEach(
            (kind, names) ->
                workloads.put(kind, references(kind.type(), namespace, names, Use.SHAPE)));
    var serviceAccounts =
        references(
            ServiceAccount.class,
            namespace,
            ManifestSource.serviceAccount(remote.getMetadata(), spec).stream()
                .collect(Collectors.toSet()),
            Use.SHAPE);
    var keySecrets =
        references(
            Secret.class, namespace, AuthorizedKeys.sourceNames(spec, Kind.Secret), Use.KEYS);
    var keyConfigMaps =
        references(
            ConfigMap.class, namespace, AuthorizedKeys.sourceNames(spec, Kind.ConfigMap), Use.KEYS);

    // Before anything is read: what changes meanwhile is looked at again.
    follow(
        remote,
        Stream.concat(
                Stream.of(secrets, configMaps, serviceAccounts, keySecrets, keyConfigMaps),
                workloads.values().stream())
            .<Reference<?>>flatMap(Set::stream)
            .collect(Collectors.toSet()));

    return new References(
        found(secrets, FoundSecret::of),
        found(configMaps, FoundConfigMap::of),
        found(workloads),
        found(serviceAccounts, account -> true).keySet(),
        found(keySecrets, secret -> decoded(secret.getData())),
        found(keyConfigMaps, map -> map.getData() == null ? Map.of() : map.getData()));
  }

  private static <T extends HasMetadata> Set<Reference<T>> references(
      Class<T> kind, String namespace, Set<String> names, Use use) {
    return names.stream()
        .filter(name -> NAME.matcher(name).matches())
        .map(name -> new Reference<>(kind, namespace, name, use))
        .collect(Collectors.toSet());
  }

  private Map<Workload, FoundWorkload> found(
      Map<WorkloadKind, Set<? extends Reference<?>>> references) {
    Map<Workload, FoundWorkload> found = new HashMap<>();
    references.forEach(
        (kind, ofKind) ->
            found(ofKind, FoundWorkload::of)
                .forEach((name, it) -> found.put(new Workload(kind, name), it)));
    return found;
  }

  private <T extends HasMetadata, A> Map<String, A> found(
      Set<? extends Reference<? extends T>> references, Function<? super T, A> aspect) {
    Map<String, A> found = new HashMap<>();
    references.forEach(
        it -> find(it, aspect).ifPresent(aspectOf -> found.put(it.name(), aspectOf)));
    return found;
  }

  /** Waits outside of any lock: an object that cannot be read holds up those who name it only. */
  @SuppressWarnings("unchecked") // A kind and a use always have the same aspect.
  private <T extends HasMetadata, A> Optional<A> find(
      Reference<T> reference, Function<? super T, A> aspect) {
    Optional<String> version = version(reference);
    if (version.isEmpty()) {
      return Optional.empty();
    }
    Named named = named(reference);
    Known known = named.known;
    if (known == null || !known.version().equals(version.get())) {
      T object =
          client
              .resources(reference.kind())
              .inNamespace(reference.namespace())
              .withName(reference.name())
              .get();
      if (object == null) {
        return Optional.empty();
      }
      known = new Known(version.get(), aspect.apply(object));
      named.known = known;
    }
    return Optional.of((A) known.aspect());
  }

  private Optional<String> version(Reference<?> reference) {
    KindWatch<?> watch = watch(reference.kind());
    try {
      return watch.version(reference.namespace(), reference.name());
    } catch (KubernetesClientException e) {
      forget(reference.kind(), watch);
      throw e;
    }
  }

  private synchronized KindWatch<?> watch(Class<? extends HasMetadata> kind) {
    return kinds.computeIfAbsent(
        kind,
        _ -> KindWatch.begin(metadataOnly, kind, namespaces, object -> changed(kind, object)));
  }

  /** One that never began is begun anew the next time. */
  private synchronized void forget(Class<?> kind, KindWatch<?> watch) {
    kinds.remove(kind, watch);
    watch.close();
  }

  private synchronized Named named(Reference<?> reference) {
    return named.getOrDefault(reference, new Named());
  }

  private synchronized void follow(Remote remote, Set<Reference<?>> references) {
    ResourceID id = ResourceID.fromResource(remote);
    references.forEach(it -> named.computeIfAbsent(it, _ -> new Named()).by.add(id));
    Set<Reference<?>> before = wanted.put(id, references);
    if (before != null) {
      before.stream().filter(it -> !references.contains(it)).forEach(it -> unname(it, id));
    }
  }

  private void unname(Reference<?> reference, ResourceID remote) {
    named.computeIfPresent(
        reference,
        (_, it) -> {
          it.by.remove(remote);
          return it.by.isEmpty() ? null : it;
        });
  }

  private <T extends HasMetadata> void changed(Class<T> kind, ResourceID object) {
    String namespace = object.getNamespace().orElse("");
    Set<ResourceID> remotes = new HashSet<>();
    synchronized (this) {
      for (Use use : Use.values()) {
        Named it = named.get(new Reference<>(kind, namespace, object.getName(), use));
        if (it != null) {
          remotes.addAll(it.by);
        }
      }
    }
    remotes.forEach(remote -> getEventHandler().handleEvent(new Event(remote)));
  }

  @Override
  public synchronized void onResourceDeleted(Remote remote) {
    ResourceID id = ResourceID.fromResource(remote);
    Set<Reference<?>> before = wanted.remove(id);
    if (before != null) {
      before.forEach(it -> unname(it, id));
    }
  }

  @Override
  public synchronized void stop() throws OperatorException {
    kinds.values().forEach(KindWatch::close);
    kinds.clear();
    metadataOnly.close();
    super.stop();
  }

  @Override
  public Set<HasMetadata> getSecondaryResources(Remote remote) {
    return Set.of();
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
}
