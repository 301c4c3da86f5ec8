package dev.slipway.gitd.ssh;

import java.time.Duration;

/**
 * How much one client, or all of them, may take.
 *
 * @param authenticationTries requests of one session: agents offer key after key
 * @param loginGrace until a session must be authenticated
 * @param unauthenticatedSessions at the same time; a connection beyond is closed
 * @param channels of one session at the same time
 * @param idle until a session in which nothing moves is closed; a running command keeps it moving
 * @param heartbeat between packets that keep NAT and load balancers from forgetting a connection
 * @param windowWait how long a client may leave output unread, for example behind Ctrl-S
 */
public record SshLimits(
    int authenticationTries,
    Duration loginGrace,
    int unauthenticatedSessions,
    int channels,
    Duration idle,
    Duration heartbeat,
    Duration windowWait) {

  /** What suits a Remote that a team pushes to. */
  public static SshLimits defaults() {
    return new SshLimits(
        12,
        Duration.ofSeconds(30),
        64,
        8,
        Duration.ofMinutes(10),
        Duration.ofSeconds(15),
        Duration.ofHours(1));
  }
}
