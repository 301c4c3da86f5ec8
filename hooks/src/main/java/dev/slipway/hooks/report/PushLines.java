package dev.slipway.hooks.report;

import dev.slipway.hooks.Push.Pusher;
import dev.slipway.hooks.kube.PlainText;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** How commits, people and times are written. */
public final class PushLines {
  private static final int COMMIT = 7;
  private static final int SUBJECT = 60;
  private static final int FINGERPRINT = 10;

  private PushLines() {}

  /** For example {@code 7608ddb}. */
  public static String commit(ObjectId commit) {
    return commit.abbreviate(COMMIT).name();
  }

  /** For example {@code "Bigger buttons"}, with its quotes. */
  public static String subject(String subject) {
    return '"' + PlainText.cut(PlainText.oneLine(subject), SUBJECT) + '"';
  }

  /** For example {@code ana (SHA256:Qm9…)}. */
  public static String pusher(Pusher pusher) {
    String fingerprint =
        pusher.fingerprint().length() <= FINGERPRINT
            ? pusher.fingerprint()
            : pusher.fingerprint().substring(0, FINGERPRINT) + "…";
    return pusher.name().equals(pusher.fingerprint())
        ? fingerprint
        : "%s (%s)".formatted(PlainText.oneLine(pusher.name()), fingerprint);
  }

  /**
   * An image whose tag is a commit, without all its digits: {@code registry.example/team/web at
   * 7608ddb}.
   */
  public static String image(String image) {
    int tag = image.length() - Constants.OBJECT_ID_STRING_LENGTH;
    return image.substring(0, tag - 1) + " at " + image.substring(tag, tag + COMMIT);
  }

  /** For example {@code 14.2 s}. */
  public static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
