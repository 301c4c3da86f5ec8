package dev.slipway.controller.resolve;

import dev.slipway.crd.Remote;
import dev.slipway.crd.UserNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Knows which Remotes claim the same familiar user name, and has the others looked at again when
 * one of them comes or goes.
 */
public final class Namesakes extends AbstractEventSource<HasMetadata, Remote>
    implements ResourceEventAware<Remote> {
  private final Map<String, Map<ResourceID, Remote>> remotes = new HashMap<>();

  public Namesakes() {
    super(HasMetadata.class, "namesakes");
  }

  /** Whether the familiar name leads to this Remote, and never did to another beside it. */
  public synchronized boolean keepsFamiliarName(Remote remote) {
    return !UserNames.isLongNameOnly(remote)
        && others(remote).stream()
            .filter(other -> !UserNames.isLongNameOnly(other))
            .noneMatch(other -> UserNames.SENIORITY.compare(other, remote) < 0);
  }

  /** Whether there is another that claims the same familiar name. */
  public synchronized boolean isShared(Remote remote) {
    return !others(remote).isEmpty();
  }

  @Override
  public void onResourceCreated(Remote remote) {
    List<Remote> others;
    synchronized (this) {
      put(remote);
      others = others(remote);
    }
    lookAgain(others);
  }

  @Override
  public synchronized void onResourceUpdated(Remote remote, Remote before) {
    put(remote);
  }

  @Override
  public void onResourceDeleted(Remote remote) {
    List<Remote> others;
    synchronized (this) {
      others = others(remote);
      remotes.computeIfPresent(
          UserNames.familiar(remote),
          (_, claims) -> {
            claims.remove(ResourceID.fromResource(remote));
            return claims.isEmpty() ? null : claims;
          });
    }
    lookAgain(others);
  }

  @Override
  public Set<HasMetadata> getSecondaryResources(Remote remote) {
    return Set.of();
  }

  private void put(Remote remote) {
    remotes
        .computeIfAbsent(UserNames.familiar(remote), _ -> new HashMap<>())
        .put(ResourceID.fromResource(remote), remote);
  }

  private List<Remote> others(Remote remote) {
    ResourceID own = ResourceID.fromResource(remote);
    return remotes.getOrDefault(UserNames.familiar(remote), Map.of()).entrySet().stream()
        .filter(entry -> !entry.getKey().equals(own))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void lookAgain(List<Remote> others) {
    others.forEach(
        other -> getEventHandler().handleEvent(new Event(ResourceID.fromResource(other))));
  }
}
