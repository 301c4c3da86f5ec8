package dev.slipway.hooks;

import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.plan.Finding;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/**
 * Finds why the refs of a push could not move, before anything is done for them: a push that has
 * deployed and whose branch then cannot move has to be taken back.
 */
final class RefsInTheWay {
  private RefsInTheWay() {}

  static Optional<Finding> find(Push push) throws IOException {
    Set<String> made =
        push.changes().stream()
            .filter(change -> !change.newId().equals(ObjectId.zeroId()))
            .map(RefChange::ref)
            .collect(Collectors.toSet());
    for (RefChange change : push.changes()) {
      Ref ref = push.repository().exactRef(change.ref());
      ObjectId now = ref == null ? ObjectId.zeroId() : ref.getObjectId();
      if (!change.oldId().equals(now)) {
        return Optional.of(
            new Finding(
                "Outdated",
                "%s has moved since this push looked at it; run git fetch, merge, and push again."
                    .formatted(change.ref())));
      }
    }
    for (String ref : made) {
      Optional<String> other = beside(ref, made, push);
      if (other.isPresent()) {
        return Optional.of(
            new Finding(
                "NameTaken",
                "git keeps no %s beside %s; take another name, or delete the one that is there first."
                    .formatted(ref, other.get())));
      }
    }
    return Optional.empty();
  }

  /** A name that the ref is a folder of, or lies in; also one that the same push deletes. */
  private static Optional<String> beside(String ref, Set<String> made, Push push)
      throws IOException {
    Collection<String> stored = push.repository().getRefDatabase().getConflictingNames(ref);
    return stored.stream()
        .findFirst()
        .or(() -> made.stream().filter(other -> other.startsWith(ref + "/")).findFirst());
  }
}
