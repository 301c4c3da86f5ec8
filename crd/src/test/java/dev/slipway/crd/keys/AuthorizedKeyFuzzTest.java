package dev.slipway.crd.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.keys.AuthorizedKey.UnusableKeyException;
import dev.slipway.fuzz.FuzzRun;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.Test;

/** A line of authorized_keys, as anybody writes it who may write the Remote or its Secret. */
class AuthorizedKeyFuzzTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<InetAddress> CLIENTS =
      List.of(
          InetAddress.ofLiteral("198.18.255.255"),
          InetAddress.ofLiteral("2001:db8:1234:5678:9abc:def0:1234:5678"));

  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    String line = new String(input, StandardCharsets.UTF_8);
    Optional<AuthorizedKey> parsed = parse(line);
    Optional<AuthorizedKey> readOnly = parse(AuthorizedKey.readOnly(line));

    if (parsed.isEmpty()) {
      return;
    }
    AuthorizedKey key = parsed.get();
    assertThat(key.name()).isNotBlank().doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
    AuthorizedKey again = AuthorizedKey.parse(PublicKeyEntry.toString(key.key()));
    assertThat(again.key()).isEqualTo(key.key());
    assertThat(again.fingerprint()).isEqualTo(key.fingerprint());
    assertThat(AuthorizedKey.parse(" " + line + "\r\n").name()).isEqualTo(key.name());
    for (InetAddress client : CLIENTS) {
      Optional<String> refusal = key.limits().refusal(client, NOW);
      assertThat(readOnly.orElseThrow().limits().refusal(client, NOW)).isEqualTo(refusal);
    }
    assertThat(readOnly.orElseThrow().limits().readOnly()).isTrue();
    assertThat(readOnly.orElseThrow().key()).isEqualTo(key.key());
  }

  /** A refusal must not quote what may be a secret that somebody pasted by mistake. */
  private static Optional<AuthorizedKey> parse(String line) {
    try {
      return Optional.of(AuthorizedKey.parse(line));
    } catch (UnusableKeyException e) {
      assertThat(e).message().matches("[ -~]{1,200}").doesNotContain("AAAA");
      return Optional.empty();
    }
  }

  @Test
  void keysAreReadOrRefusedWithoutQuotingThem() {
    FuzzRun.of(AuthorizedKeyFuzzTest.class, AuthorizedKeyFuzzTest::fuzzerTestOneInput);
  }
}
