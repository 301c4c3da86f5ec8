package dev.slipway.crd;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Comparator;
import java.util.Objects;

/**
 * The SSH user names under which front knows Remotes: one rule for front, which routes by it, and
 * the controller, which prints it.
 *
 * <p>The familiar form is Gitkube's, {@code <namespace>-<name>}. Two Remotes can claim the same
 * one, since {@code a-b/c} and {@code a/b-c} are written alike: the older keeps it, and the younger
 * never inherits it. The unambiguous form is {@code <namespace>_<name>}: neither part can have an
 * underscore in it, while a dot, which a name can have, would make {@code a-b.c} of both {@code
 * a-b/c} and {@code a/b.c}.
 */
public final class UserNames {
  public static final char SEPARATOR = '_';

  /** The first of several that claim a familiar name keeps it. */
  public static final Comparator<Remote> SENIORITY =
      Comparator.comparing((Remote remote) -> orEmpty(remote.getMetadata().getCreationTimestamp()))
          .thenComparing(remote -> orEmpty(remote.getMetadata().getUid()));

  private UserNames() {}

  public static String familiar(Remote remote) {
    ObjectMeta metadata = remote.getMetadata();
    return metadata.getNamespace() + "-" + metadata.getName();
  }

  /** Whether a Remote has lost its familiar name to an older one, for good. */
  public static boolean isLongNameOnly(Remote remote) {
    RemoteStatus status = remote.getStatus();
    return status != null
        && status.gitd() != null
        && Boolean.TRUE.equals(status.gitd().longNameOnly());
  }

  public static String unambiguous(Remote remote) {
    ObjectMeta metadata = remote.getMetadata();
    return metadata.getNamespace() + SEPARATOR + metadata.getName();
  }

  private static String orEmpty(String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
