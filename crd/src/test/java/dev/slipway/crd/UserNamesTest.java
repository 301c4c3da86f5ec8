package dev.slipway.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UserNamesTest {
  @Test
  void twoRemotesClaimTheFamiliarNameAndNeverTheUnambiguousOne() {
    Remote one = remote("a-b", "c", "", "");
    Remote other = remote("a", "b-c", "", "");

    assertThat(UserNames.familiar(one)).isEqualTo("a-b-c").isEqualTo(UserNames.familiar(other));
    assertThat(UserNames.unambiguous(one)).isEqualTo("a-b_c");
    assertThat(UserNames.unambiguous(other)).isEqualTo("a_b-c");
  }

  /** The reason why the separator is no dot. */
  @Test
  void dotInANameMakesNoUnambiguousNameOfAnotherRemote() {
    assertThat(UserNames.familiar(remote("a", "b.c", "", ""))).isEqualTo("a-b.c");
    assertThat(UserNames.unambiguous(remote("a-b", "c", "", ""))).isNotEqualTo("a-b.c");
  }

  @Test
  void olderComesFirstAndTheUidDecidesWithinASecond() {
    Remote old = remote("a", "b", "2026-01-01T00:00:00Z", "9");
    Remote young = remote("a", "c", "2026-01-01T00:00:01Z", "1");
    Remote twin = remote("a", "d", "2026-01-01T00:00:01Z", "2");

    assertThat(Stream.of(twin, young, old).sorted(UserNames.SENIORITY))
        .containsExactly(old, young, twin);
  }

  private static Remote remote(String namespace, String name, String created, String uid) {
    var remote = new Remote();
    remote.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withCreationTimestamp(created)
            .withUid(uid)
            .build());
    return remote;
  }
}
