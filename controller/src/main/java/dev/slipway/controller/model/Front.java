package dev.slipway.controller.model;

import dev.slipway.crd.Remote;
import dev.slipway.crd.ServiceSettings;
import java.util.Optional;

/**
 * The one entry of all Remotes, as the controller tells others of it.
 *
 * @param host what developers connect to, and Remotes show; empty where each shows its own Service
 * @param port of that host
 * @param hostKey public key as one line, by which developers know it
 * @param ca public key as one line, by which gitds know it
 * @param sleepAfterSeconds how long nobody uses a gitd until it sleeps, for Remotes that do not say
 *     it; 0 for never
 */
public record Front(
    Optional<String> host, int port, String hostKey, String ca, int sleepAfterSeconds) {

  /** The same one, reached there. */
  public Front at(Optional<String> otherHost, int otherPort) {
    return new Front(otherHost, otherPort, hostKey, ca, sleepAfterSeconds);
  }

  /**
   * Whether a Remote shows front as its address: not before front has a name, nor where the author
   * has asked for a way in of the Remote's own.
   */
  public boolean isOnlyWayTo(Remote remote) {
    ServiceSettings own = GitdNetwork.settings(remote);
    return host.isPresent() && own.type() == ServiceSettings.Type.ClusterIP && own.host() == null;
  }
}
