package dev.slipway.gitd.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.keys.AuthorizedKey;
import java.net.InetAddress;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizedKeysTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQIf9P1fhdnoBupqGwCM4WiH2mOHImd/DlV6/kNc5Rv";

  @Test
  void nameIsTheCommentOrElseTheFingerprint() throws Exception {
    assertThat(AuthorizedKey.parse(KEY + "  ana at work ").name()).isEqualTo("ana at work");
    assertThat(AuthorizedKey.parse(KEY).name()).startsWith("SHA256:");
  }

  @Test
  void commentCannotBringControlCharactersIntoALog() throws Exception {
    assertThat(AuthorizedKey.parse(KEY + " a\u001b[31mb\u0007").name()).isEqualTo("a [31mb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restrict",
        "no-pty,no-port-forwarding,no-X11-forwarding,no-agent-forwarding",
        "command=\"git-shell -c \\\"$SSH_ORIGINAL_COMMAND\\\"\"",
        "command=\"/usr/bin/git-shell\"",
        "environment=\"A=b\",restrict",
        "permitopen=\"host:1\",command=\"/usr/bin/git-receive-pack x\""
      })
  void optionsThatAreMootHereAreAccepted(String options) {
    assertThat(AuthorizedKeys.parse(List.of(options + " " + KEY + " ana")).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cert-authority",
        "restrict,command=\"/bin/backup\"",
        "command=\"/opt/no-receive-pack.sh\"",
        "command=\"/usr/bin/protected-git-shell ana\"",
        "verify-required",
        "something-new",
        "principals=\"ana\"",
        "from=\"1.2.3.4\",PRINCIPALS=\"ana\""
      })
  void optionsThatRestrictFurtherMakeTheKeyUnusable(String options) {
    AuthorizedKeys keys = AuthorizedKeys.parse(List.of(options + " " + KEY));

    assertThat(keys.size()).isZero();
    assertThat(keys.refusals())
        .singleElement()
        .asString()
        .contains("gitd does not enforce")
        .doesNotContain("AAAA");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.0/8              | 10.1.2.3     | true
          10.0.0.0/8              | 11.1.2.3     | false
          10.1.2.3                | 10.1.2.3     | true
          10.1.2.?,192.168.*      | 192.168.7.9  | true
          10.1.2.?,192.168.*      | 10.1.2.33    | false
          *,!10.0.0.0/8           | 10.1.2.3     | false
          *,!10.0.0.0/8           | 2001:db8::1  | true
          !10.0.0.0/8             | 11.1.2.3     | false
          0.0.0.0/0               | 1.2.3.4      | true
          0.0.0.0/0               | 2001:db8::1  | false
          2001:db8::/32           | 2001:db8::7  | true
          2001:db8::/32           | 2001:db9::7  | false
          ::ffff:10.1.2.3         | 10.1.2.3     | true
          """)
  void aKeyIsLetInFromTheAddressesOfItsOptionFrom(String from, String address, boolean in)
      throws Exception {
    AuthorizedKeys keys = AuthorizedKeys.parse(List.of("from=\"" + from + "\" " + KEY + " ana"));
    PublicKey key = AuthorizedKey.parse(KEY).key();
    InetAddress client = InetAddress.ofLiteral(address);

    assertThat(keys.refusals()).isEmpty();
    assertThat(keys.find(key, client, NOW).isPresent()).isEqualTo(in);
    assertThat(keys.refusal(key, client, NOW).isEmpty()).isEqualTo(in);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=\"*.example.com\"",
        "from=\"10.0.0.1/8\"",
        "from=\"10.0.0.0/33\"",
        "from=\"10.0.0.0/\"",
        "from=\"2001:db8:*\"",
        "from=\"10.0.0.0/8,,\"",
        "from=\"\"",
        "from",
        "from=\"1.2.3.4\",from=\"1.2.3.5\"",
        "expiry-time=\"tomorrow\"",
        "expiry-time=\"20271301\"",
        "expiry-time=\"2027\"",
        "expiry-time=\"20270101\",expiry-time=\"20280101\""
      })
  void optionsWithADamagedValueMakeTheKeyUnusable(String options) {
    AuthorizedKeys keys = AuthorizedKeys.parse(List.of(options + " " + KEY));

    assertThat(keys.size()).isZero();
    assertThat(keys.refusals()).singleElement().asString().contains("option \"");
  }

  @ParameterizedTest
  @CsvSource({
    "20261121, false",
    "20261122, true",
    "202611211200Z, false",
    "202611211201, true",
    "20261121115959, false"
  })
  void aKeyIsLetInUntilItExpires(String time, boolean in) throws Exception {
    AuthorizedKeys keys = AuthorizedKeys.parse(List.of("expiry-time=\"" + time + "\" " + KEY));

    assertThat(keys.find(AuthorizedKey.parse(KEY).key(), LOOPBACK, NOW).isPresent()).isEqualTo(in);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "read-only",
        "restrict,command=\"git-upload-pack /repo\"",
        "command=\"git-shell -c \\\"git-upload-pack '/srv/app.git'\\\"\""
      })
  void aKeyThatOnlyReadsPushesOnlyWhenAnotherLineLetsIt(String options) throws Exception {
    PublicKey key = AuthorizedKey.parse(KEY).key();
    String readOnly = options + " " + KEY;
    String until = "expiry-time=\"20261121\" " + KEY;

    assertThat(readOnly(AuthorizedKeys.parse(List.of(readOnly)), key)).isTrue();
    assertThat(readOnly(AuthorizedKeys.parse(List.of(readOnly, KEY)), key)).isFalse();
    assertThat(readOnly(AuthorizedKeys.parse(List.of(until, readOnly)), key)).isTrue();
  }

  private static boolean readOnly(AuthorizedKeys keys, PublicKey key) {
    return keys.find(key, LOOPBACK, NOW).orElseThrow().limits().readOnly();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "ssh-ed25519",
        "ssh-ed25519 AAAA!",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPYe",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIKQIf9P1fhdnoBupqGwCM4WiH2mOHImd/DlV6/kNc5Rv",
        "ssh-dss AAAAB3NzaC1kc3MAAACBAP",
        "command=\"open ssh-ed25519 AAAA"
      })
  void unusableLinesAreNamedAndLeftOut(String line) {
    AuthorizedKeys keys = AuthorizedKeys.parse(List.of(line, KEY));

    assertThat(keys.size()).isEqualTo(1);
    assertThat(keys.refusals())
        .singleElement()
        .asString()
        .startsWith("key 1 ")
        .endsWith("it is left out");
  }

  @Test
  void shortRsaKeysAreRefused() {
    String rsa1024 =
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDAf4Gh7UHP4/yRiwf9PrinwhAJA9MLNcVCu85OS0giyUQr8B5GgUYg6Lwey4OCcE4n7w55Fx8ptstwrEr1J9DdsWfRR/rF9N68RUnX/6mDERRpQZzpRcdueEXPoiRYZBOIs3FRMucRghZcFdSrtYOvSBVxuXlbky6XJtC34CBTPQ==";

    assertThat(AuthorizedKeys.parse(List.of(rsa1024)).refusals())
        .singleElement()
        .asString()
        .contains("2048 bits");
  }
}
