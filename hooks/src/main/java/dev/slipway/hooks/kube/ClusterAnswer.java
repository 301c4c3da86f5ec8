package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words for the person pushing what the API server answered instead of doing its work. */
public final class ClusterAnswer {
  /** How the authorizer refuses; other answers with code 403 come from quotas and policies. */
  private static final Pattern NO_RIGHT =
      Pattern.compile("(\\S+) (?:\"([^\"]*)\" )?is forbidden: User \"[^\"]*\" cannot (\\w+) .*");

  private ClusterAnswer() {}

  /** A part of a sentence, without a full stop; one line. */
  public static String words(KubernetesClientException e) {
    String message =
        PlainText.oneLine(
            e.getStatus() == null || e.getStatus().getMessage() == null
                ? String.valueOf(e.getMessage())
                : e.getStatus().getMessage());
    Matcher right = NO_RIGHT.matcher(message);
    if (e.getCode() != 403 || !right.matches()) {
      return message;
    }
    String name = right.group(2) == null ? "" : " \"" + right.group(2) + '"';
    return "gitd has no right to %s %s%s; the controller gives it, see the conditions of the Remote"
        .formatted(right.group(3), right.group(1), name);
  }
}
