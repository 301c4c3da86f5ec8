package dev.slipway.gitd.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.crd.gitd.PushLimits;
import dev.slipway.gitd.repo.NoOutsideConfig;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.eclipse.jgit.util.sha1.SHA1;
import org.eclipse.jgit.util.sha1.Sha1CollisionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a SHA-1 collision, shown with the first blocks of the two PDF files of
 * shattered.io. No two git objects are known that collide, so that none can be pushed: the name of
 * an object is the hash of its type and size too, with which these blocks are harmless.
 */
class CollisionTest {
  private static final String SAME = "f92d74e3874587aaf443d1db961d4e26dde13e9c";

  @BeforeAll
  static void asInGitd() {
    NoOutsideConfig.install();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shattered-1", "shattered-2"})
  void hashOfReceivedObjectsNoticesACollision(String half) throws Exception {
    byte[] content = content(half);
    assertThat(MessageDigest.getInstance("SHA-1").digest(content))
        .isEqualTo(HexFormat.of().parseHex(SAME));

    SHA1 hash = SHA1.newInstance();
    hash.update(content);
    Sha1CollisionException noticed =
        catchThrowableOfType(Sha1CollisionException.class, hash::toObjectId);

    UnpackFailure failure = UnpackFailure.of(noticed, false, new PushLimits(1, 1, 1));
    assertThat(failure.summary()).isEqualTo("SHA-1 collision");
    assertThat(failure.sentence())
        .startsWith("it brings an object (" + SAME + ") that was made for a SHA-1 collision attack")
        .contains("git log --all --find-object=" + SAME);
  }

  private static byte[] content(String half) throws IOException {
    try (InputStream resource = CollisionTest.class.getResourceAsStream(half)) {
      return Objects.requireNonNull(resource).readAllBytes();
    }
  }
}
