package dev.slipway.gitd.ssh;

import java.time.Duration;
import org.apache.sshd.common.PropertyResolver;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * How much one client, or all of them, may take.
 *
 * @param authenticationTries requests of one session: agents offer key after key
 * @param loginGrace until a session must be authenticated
 * @param unauthenticatedSessions at the same time; for one beyond, another one is closed
 * @param sessions of one Remote at the same time, authenticated ones; one beyond is sent away
 * @param channels of one session at the same time
 * @param idle until a session in which nothing moves is closed; a running command keeps it moving
 * @param heartbeat between questions to the client, which also keep NAT and load balancers from
 *     forgetting a connection
 * @param silence how long a client may leave such a question unanswered; one that is suspended as a
 *     whole does, one whose terminal is paused does not
 * @param windowWait how long a client may leave output unread, for example behind Ctrl-S
 */
public record SshLimits(
    int authenticationTries,
    Duration loginGrace,
    int unauthenticatedSessions,
    int sessions,
    int channels,
    Duration idle,
    Duration heartbeat,
    Duration silence,
    Duration windowWait) {

  /** What suits a Remote that a team pushes to. */
  public static SshLimits defaults() {
    return new SshLimits(
        12,
        Duration.ofSeconds(30),
        64,
        128,
        8,
        Duration.ofMinutes(10),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofHours(1));
  }

  /** What suits the one entry of many Remotes, which may have to wait for a gitd to start. */
  public static SshLimits forFront() {
    SshLimits one = defaults();
    return new SshLimits(
        one.authenticationTries,
        Duration.ofMinutes(2),
        256,
        one.sessions,
        one.channels,
        one.idle,
        one.heartbeat,
        one.silence,
        one.windowWait);
  }

  /** The same with other heartbeats. */
  public SshLimits asking(Duration every, Duration silence) {
    return new SshLimits(
        authenticationTries,
        loginGrace,
        unauthenticatedSessions,
        sessions,
        channels,
        idle,
        every,
        silence,
        windowWait);
  }

  /** Sets what both ends of a connection, server and client, have of these. */
  public void applyTo(PropertyResolver mina) {
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(mina, authenticationTries);
    CoreModuleProperties.AUTH_TIMEOUT.set(mina, loginGrace);
    // MINA counts those with the same user name, which is a Remote's.
    CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(mina, sessions);
    CoreModuleProperties.IDLE_TIMEOUT.set(mina, idle);
    // MINA's own read timeout must not undercut the idle time.
    CoreModuleProperties.NIO2_READ_TIMEOUT.set(mina, idle.plusSeconds(15));
    // MINA looks before it counts the one that is asked for.
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(mina, channels - 1);
    CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(mina, windowWait);
    CoreModuleProperties.SOCKET_KEEPALIVE.set(mina, true);
    CoreModuleProperties.TCP_NODELAY.set(mina, true);
  }
}
