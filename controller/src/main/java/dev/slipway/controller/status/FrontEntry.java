package dev.slipway.controller.status;

import dev.slipway.controller.model.Front;
import dev.slipway.crd.Remote;
import dev.slipway.crd.UserNames;
import java.util.Optional;

/**
 * How a Remote is reached through front.
 *
 * @param user the SSH user name that leads to it
 * @param hostKey front's own
 */
public record FrontEntry(Address address, String user, String hostKey) {

  /**
   * Empty where a Remote shows its own Service: since front has no name yet, or since the author
   * has asked for a way in of the Remote's own.
   *
   * @param keepsFamiliarName false if an older Remote has, or had, the name that Gitkube would have
   *     given
   */
  public static Optional<FrontEntry> of(Front front, Remote remote, boolean keepsFamiliarName) {
    if (!front.isOnlyWayTo(remote)) {
      return Optional.empty();
    }
    String familiar = UserNames.familiar(remote);
    String note =
        keepsFamiliarName
            ? ""
            : "The user name %s is or was an older Remote's; this URL has the form that is never ambiguous."
                .formatted(familiar);
    return front
        .host()
        .map(
            host ->
                new FrontEntry(
                    new Address(Optional.of(host), front.port(), note),
                    keepsFamiliarName ? familiar : UserNames.unambiguous(remote),
                    front.hostKey()));
  }
}
