package dev.slipway.controller.status;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.Topic;
import dev.slipway.controller.check.Verdict;
import dev.slipway.controller.dependent.Applied;
import dev.slipway.controller.model.Sleep;
import dev.slipway.crd.GitdEndpoint;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteStatus;
import dev.slipway.crd.UserNames;
import dev.slipway.crd.keys.AuthorizedKey;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of one look at a Remote.
 *
 * @param status just the fields that are the controller's
 */
public record Assessment(RemoteStatus status, List<Verdict> verdicts) {

  /**
   * Puts together what was checked and what the cluster has.
   *
   * @param front empty if the Remote shows its own Service
   * @param name what became of the Remote's claim to its familiar user name
   * @param sleep whether its gitd may sleep
   * @param rights whether gitd may apply manifests
   * @param nodes needed for NodePort only
   */
  public static Assessment of(
      Remote remote,
      CheckedRemote checked,
      Applied applied,
      List<Finding> rights,
      Optional<FrontEntry> front,
      NameClaim name,
      Sleep sleep,
      List<Node> nodes,
      Instant now) {
    Optional<Address> address =
        front
            .map(FrontEntry::address)
            .or(() -> applied.ssh().map(ssh -> Address.of(remote, ssh, nodes)));
    String user = front.map(FrontEntry::user).orElseGet(() -> UserNames.familiar(remote));
    Optional<String> hostKey = front.map(FrontEntry::hostKey).or(applied::hostKey);
    List<Verdict> verdicts = new ArrayList<>();
    for (Verdict verdict : checked.verdicts()) {
      verdicts.add(
          switch (verdict.topic()) {
            case Supported ->
                joined(
                    verdict,
                    Stream.of(applied.storageFindings(), name.findings(remote), sleep.findings())
                        .flatMap(List::stream)
                        .toList());
            case ManifestsAllowed -> joined(verdict, rights);
            default -> verdict;
          });
    }
    verdicts.add(gitd(applied, address, now));
    long generation = Objects.requireNonNullElse(remote.getMetadata().getGeneration(), 0L);
    var status =
        new RemoteStatus(
            address.flatMap(it -> it.url(user)).orElse(null),
            address.map(Address::description).filter(it -> !it.isEmpty()).orElse(null),
            hostKey.flatMap(key -> address.flatMap(it -> it.knownHosts(key))).orElse(null),
            generation,
            new Conditions(conditions(remote), generation, now).of(verdicts),
            endpoint(applied, name, wakingKeys(checked, sleep)),
            null,
            null,
            applied.gitd().map(GitdState::available).orElse(null));
    return new Assessment(
        applied.isIncomplete() ? withWhatWasKnown(status, remote.getStatus()) : status,
        List.copyOf(verdicts));
  }

  /**
   * The result of a look at a Remote that came to nothing.
   *
   * @param why a sentence for its author
   */
  public static Assessment failed(Remote remote, String why, Instant now) {
    long generation = Objects.requireNonNullElse(remote.getMetadata().getGeneration(), 0L);
    List<Condition> conditions =
        new Conditions(conditions(remote), generation, now).notReconciled(why);
    var nothing = new RemoteStatus(null, null, null, null, conditions, null, null, null, null);
    return new Assessment(withWhatWasKnown(nothing, remote.getStatus()), List.of());
  }

  /** Where to push does not change because the API does not say it just now. */
  private static RemoteStatus withWhatWasKnown(RemoteStatus now, @Nullable RemoteStatus before) {
    return before == null
        ? now
        : new RemoteStatus(
            now.remoteUrl() == null ? before.remoteUrl() : now.remoteUrl(),
            now.remoteUrl() == null ? before.remoteUrlDesc() : now.remoteUrlDesc(),
            now.knownHosts() == null ? before.knownHosts() : now.knownHosts(),
            now.observedGeneration() == null
                ? before.observedGeneration()
                : now.observedGeneration(),
            now.conditions(),
            now.gitd() == null || now.gitd().hostKey() == null ? before.gitd() : now.gitd(),
            null,
            null,
            now.replicas() == null ? before.replicas() : now.replicas());
  }

  /** Whether something failed that passes when it is tried again. */
  public boolean isToBeTriedAgain() {
    return !failures().isEmpty();
  }

  /** What failed, in sentences; empty where all was done. */
  public String failures() {
    return verdicts.stream()
        .flatMap(it -> it.findings().stream())
        .filter(ApiFailure::is)
        .map(Finding::message)
        .collect(Collectors.joining(" "));
  }

  /** Whether something is wrong that no watch tells the end of, or how long it has been so. */
  public boolean isToBeLookedAtAgain() {
    return verdicts.stream()
        .filter(Verdict::keepsFromReady)
        .map(Verdict::topic)
        .anyMatch(it -> it == Topic.ManifestsAllowed || it == Topic.GitdAvailable);
  }

  private static @Nullable GitdEndpoint endpoint(
      Applied applied, NameClaim name, @Nullable List<String> wakingKeys) {
    Boolean longNameOnly = name.isLost() ? true : null;
    return applied
        .ssh()
        .map(
            ssh ->
                new GitdEndpoint(
                    ssh.getMetadata().getName(),
                    ssh.getSpec().getPorts().getFirst().getPort(),
                    applied.hostKey().orElse(null),
                    longNameOnly,
                    wakingKeys))
        .orElseGet(() -> name.isLost() ? new GitdEndpoint(null, null, null, true, null) : null);
  }

  private static @Nullable List<String> wakingKeys(CheckedRemote checked, Sleep sleep) {
    return sleep.isPossible()
        ? checked.authorizedKeys().values().stream()
            .map(AuthorizedKey::fingerprint)
            .distinct()
            .toList()
        : null;
  }

  /** Whether the Remote's status says something else. */
  public boolean differsFrom(Remote remote) {
    RemoteStatus current = remote.getStatus();
    return current == null
        || !new RemoteStatus(
                current.remoteUrl(),
                current.remoteUrlDesc(),
                current.knownHosts(),
                current.observedGeneration(),
                current.conditions(),
                current.gitd(),
                null,
                null,
                current.replicas())
            .equals(status);
  }

  static List<Condition> conditions(Remote remote) {
    RemoteStatus status = remote.getStatus();
    return status == null || status.conditions() == null ? List.of() : status.conditions();
  }

  private static Verdict gitd(Applied applied, Optional<Address> address, Instant now) {
    List<Finding> findings = new ArrayList<>(applied.findings());
    applied.gitd().map(it -> GitdState.findings(it, now)).ifPresent(findings::addAll);
    address
        .filter(it -> it.host().isEmpty())
        .ifPresent(it -> findings.add(Finding.waiting("NoAddress", it.description())));
    boolean asleep = applied.gitd().filter(GitdState::isAsleep).isPresent();
    return new Verdict(
        Topic.GitdAvailable,
        findings,
        asleep
            ? "gitd sleeps, since nobody has used it for a while; a push or a fetch wakes it."
            : "gitd answers.");
  }

  private static Verdict joined(Verdict verdict, List<Finding> more) {
    List<Finding> findings = new ArrayList<>(verdict.findings());
    findings.addAll(more);
    return new Verdict(verdict.topic(), findings, verdict.good());
  }
}
