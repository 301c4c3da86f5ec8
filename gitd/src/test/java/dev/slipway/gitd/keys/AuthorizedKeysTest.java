package dev.slipway.gitd.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.crd.keys.AuthorizedKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizedKeysTest {
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
        "command=\"echo \\\"hi, there\\\" ssh-rsa AAAA\"",
        "environment=\"A=b\",restrict",
        "permitopen=\"host:1\",command=\"x\""
      })
  void optionsThatAreMootHereAreAccepted(String options) {
    assertThat(AuthorizedKeys.parse(List.of(options + " " + KEY + " ana")).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=\"10.0.0.0/8\"",
        "restrict,expiry-time=\"20200101\"",
        "cert-authority",
        "verify-required",
        "something-new",
        "principals=\"ana\"",
        "command=\"a\",FROM=\"1.2.3.4\""
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
