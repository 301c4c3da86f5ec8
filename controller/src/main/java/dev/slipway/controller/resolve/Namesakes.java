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
  private final Map<ResourceID, Remote> remotes = new HashMap<>();

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
      remotes.put(ResourceID.fromResource(remote), remote);
      others = others(remote);
    }
    lookAgain(others);
  }

  @Override
  public synchronized void onResourceUpdated(Remote remote, Remote before) {
    remotes.put(ResourceID.fromResource(remote), remote);
  }

  @Override
  public void onResourceDeleted(Remote remote) {
    List<Remote> others;
    synchronized (this) {
      remotes.remove(ResourceID.fromResource(remote));
      others = others(remote);
    }
    lookAgain(others);
  }

  @Override
  public Set<HasMetadata> getSecondaryResources(Remote remote) {
    return Set.of();
  }

  private List<Remote> others(Remote remote) {
    ResourceID own = ResourceID.fromResource(remote);
    String name = UserNames.familiar(remote);
    return remotes.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(own))
        .map(Map.Entry::getValue)
        .filter(other -> UserNames.familiar(other).equals(name))
        .toList();
  }

  private void lookAgain(List<Remote> others) {
    others.forEach(
        other -> getEventHandler().handleEvent(new Event(ResourceID.fromResource(other))));
  }
}
