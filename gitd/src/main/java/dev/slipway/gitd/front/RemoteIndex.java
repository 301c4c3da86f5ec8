package dev.slipway.gitd.front;

import dev.slipway.crd.GitdEndpoint;
import dev.slipway.crd.Remote;
import dev.slipway.crd.UserNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

  private final SharedIndexInformer<Remote> informer;

  private RemoteIndex(SharedIndexInformer<Remote> informer) {
    this.informer = informer;
  }

  /** Starts to watch; returns at once, whether the API server answers or not. */
  static RemoteIndex start(KubernetesClient client) {
    SharedIndexInformer<Remote> informer =
        client.resources(Remote.class).inAnyNamespace().runnableInformer(0);
    informer.addIndexers(
        Map.of(
            BY_FAMILIAR_NAME, remote -> List.of(UserNames.familiar(remote)),
            BY_UNAMBIGUOUS_NAME, remote -> List.of(UserNames.unambiguous(remote))));
    informer.exceptionHandler(
        (started, error) -> {
          log.atWarn()
              .addKeyValue("cause", error.toString())
              .log("Remotes cannot be watched, trying again");
          return true;
        });
    var _ = informer.start();
    return new RemoteIndex(informer);
  }

  /** Whether all Remotes that there are have been seen once. */
  boolean isComplete() {
    return informer.hasSynced();
  }

  Route find(String user) {
    String index = user.indexOf(UserNames.SEPARATOR) < 0 ? BY_FAMILIAR_NAME : BY_UNAMBIGUOUS_NAME;
    return route(informer.getIndexer().byIndex(index, user));
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
      return new Route.Unready(id);
    }
    Optional<PublicKey> hostKey = parse(gitd.hostKey());
    if (hostKey.isEmpty() || !SERVICE.matcher(gitd.service()).matches()) {
      log.atWarn().addKeyValue("remote", id).log("status.gitd leads nowhere");
      return new Route.Unready(id);
    }
    return new Route.ToGitd(
        id,
        UserNames.familiar(remote),
        gitd.service() + "." + namespace + ".svc",
        gitd.port(),
        hostKey.get());
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
    informer.stop();
  }
}
