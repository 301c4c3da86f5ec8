package dev.slipway.gitd.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Who has to make room for whom before anybody has logged in. */
class UnauthenticatedTest {
  private static final InetAddress CROWD = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress ANA = InetAddress.ofLiteral("198.51.100.7");

  private final Unauthenticated<String> unauthenticated = new Unauthenticated<>(3);

  @Test
  void theFullestSourceLosesItsOldest() {
    unauthenticated.enter("ana", ANA);
    unauthenticated.enter("first of the crowd", CROWD);
    unauthenticated.enter("second of the crowd", CROWD);

    assertThat(unauthenticated.enter("bob", InetAddress.ofLiteral("203.0.113.9")))
        .contains("first of the crowd");
  }

  @Test
  void whoSharesTheCrowdsAddressGetsIn() {
    unauthenticated.enter("first", CROWD);
    unauthenticated.enter("second", CROWD);
    unauthenticated.enter("third", CROWD);

    assertThat(unauthenticated.enter("ana", CROWD)).contains("first");
    assertThat(unauthenticated.enter("bob", CROWD)).contains("second");
  }

  @Test
  void theOldestOfAllLeavesWhereNobodyHasMoreThanOthers() {
    unauthenticated.enter("first", InetAddress.ofLiteral("192.0.2.1"));
    unauthenticated.enter("second", InetAddress.ofLiteral("192.0.2.2"));
    unauthenticated.enter("third", InetAddress.ofLiteral("192.0.2.3"));

    assertThat(unauthenticated.enter("ana", ANA)).contains("first");
  }

  @Test
  void addressesOfOneIpv6NetworkAreOneSource() {
    unauthenticated.enter("ana", InetAddress.ofLiteral("2001:db8:0:2::1"));
    unauthenticated.enter("first", InetAddress.ofLiteral("2001:db8:0:1::1"));
    unauthenticated.enter("second", InetAddress.ofLiteral("2001:db8:0:1:ffff::1"));

    assertThat(unauthenticated.enter("bob", ANA)).contains("first");
  }

  @Test
  void whoHasLeftMakesRoom() {
    unauthenticated.enter("first", CROWD);
    unauthenticated.enter("second", CROWD);
    unauthenticated.enter("third", CROWD);
    unauthenticated.leave("second");

    assertThat(unauthenticated.enter("ana", ANA)).isEmpty();
  }
}
