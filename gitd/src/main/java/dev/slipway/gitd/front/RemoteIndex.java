package dev.slipway.gitd.front;

import dev.slipway.crd.GitdEndpoint;
import dev.slipway.crd.Remote;
import dev.slipway.crd.UserNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches all Remotes and knows which one a user name means. */
final class RemoteIndex implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RemoteIndex.class);
  private static final String BY_FAMILIAR_NAME = "familiar";
  private static final String BY_UNAMBIGUOUS_NAME = "unambiguous";

  /** One label: with the Remote's namespace behind it, front connects to nothing else. */
  private static final Pattern SERVICE = Pattern.compile("[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?");

  /** All that is kept of a Remote besides its name: nothing else of the spec, so no keys. */
  private static final String[] KEPT = {
    "metadata.creationTimestamp", "metadata.uid", "spec.replicas", "status.gitd"
  };

  private final List<SharedIndexInformer<Remote>> informers;

  private RemoteIndex(List<SharedIndexInformer<Remote>> informers) {
    this.informers = informers;
  }

  /**
   * Starts to watch; returns at once, whether the API server answers or not.
   *
   * @param namespaces whose Remotes have a name here; all if empty
   */
  static RemoteIndex start(KubernetesClient client, Set<String> namespaces) {
    var remotes = client.resources(Remote.class);
    Stream<SharedIndexInformer<Remote>> informers =
        namespaces.isEmpty()
            ? Stream.of(remotes.inAnyNamespace().runnableInformer(0))
            : namespaces.stream().map(it -> remotes.inNamespace(it).runnableInformer(0));
    return new RemoteIndex(
        informers.map(it -> started(it, client.getKubernetesSerialization())).toList());
  }

  private static SharedIndexInformer<Remote> started(
      SharedIndexInformer<Remote> informer, KubernetesSerialization serialization) {
    informer.itemStore(
        new ReducedStateItemStore<>(
            ReducedStateItemStore.NAME_KEY_STATE, Remote.class, serialization, KEPT));
    informer.addIndexers(
        Map.of(
            BY_FAMILIAR_NAME,
            RemoteIndex::familiarNames,
            BY_UNAMBIGUOUS_NAME,
            remote -> List.of(UserNames.unambiguous(remote))));
    informer.exceptionHandler(
        (running, error) -> {
          log.atWarn()
              .addKeyValue("cause", error.toString())
              .log("Remotes cannot be watched, trying again");
          return true;
        });
    var _ = informer.start();
    return informer;
  }

  /** Whether all Remotes that there are have been seen once. */
  boolean isComplete() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  /** Has front say how many Remotes it knows, and how many of them sleep. */
  void count(MeterRegistry meters) {
    for (boolean asleep : List.of(true, false)) {
      Gauge.builder("slipway.front.remotes", () -> count(asleep))
          .tag("state", asleep ? "asleep" : "awake")
          .register(meters);
    }
  }

  private long count(boolean asleep) {
    return informers.stream()
        .flatMap(it -> it.getStore().list().stream())
        .filter(it -> isAsleep(it) == asleep)
        .count();
  }

  /** Until all Remotes have been seen, none of them is known to be the oldest, or not to exist. */
  Route find(String user) {
    if (!isComplete()) {
      return new Route.Unready();
    }
    String index = user.indexOf(UserNames.SEPARATOR) < 0 ? BY_FAMILIAR_NAME : BY_UNAMBIGUOUS_NAME;
    return route(informers.stream().flatMap(it -> claimants(it, index, user).stream()).toList());
  }

  /**
   * fabric8 takes an object that changes out of its indices for a moment and holds this lock: read
   * without it, a name would seem to be nobody's, or its next claimant's.
   */
  private static List<Remote> claimants(
      SharedIndexInformer<Remote> informer, String index, String user) {
    var indexer = informer.getIndexer();
    synchronized (indexer) {
      return indexer.byIndex(index, user);
    }
  }

  /** None for one that has lost its own. */
  static List<String> familiarNames(Remote remote) {
    return UserNames.isLongNameOnly(remote) ? List.of() : List.of(UserNames.familiar(remote));
  }

  /** What is meant when these claim the same name. */
  static Route route(List<Remote> claimants) {
    return claimants.stream()
        .min(UserNames.SENIORITY)
        .map(RemoteIndex::toGitd)
        .orElseGet(Route.Unknown::new);
  }

  private static Route toGitd(Remote remote) {
    String namespace = remote.getMetadata().getNamespace();
    String id = namespace + "/" + remote.getMetadata().getName();
    GitdEndpoint gitd = remote.getStatus() == null ? null : remote.getStatus().gitd();
    if (gitd == null || gitd.service() == null || gitd.port() == null || gitd.hostKey() == null) {
      return new Route.Unready();
    }
    Optional<PublicKey> hostKey = parse(gitd.hostKey());
    if (hostKey.isEmpty() || !SERVICE.matcher(gitd.service()).matches()) {
      log.atWarn().addKeyValue("remote", id).log("status.gitd leads nowhere");
      return new Route.Unready();
    }
    var route =
        new Route.ToGitd(id, gitd.service() + "." + namespace + ".svc", gitd.port(), hostKey.get());
    return gitd.wakingKeys() != null && isAsleep(remote)
        ? new Route.Asleep(route, Set.copyOf(gitd.wakingKeys()))
        : route;
  }

  private static boolean isAsleep(Remote remote) {
    return remote.getSpec() != null && Objects.equals(remote.getSpec().replicas(), 0);
  }

  private static Optional<PublicKey> parse(String line) {
    try {
      return Optional.of(
          PublicKeyEntry.parsePublicKeyEntry(line)
              .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }
}
