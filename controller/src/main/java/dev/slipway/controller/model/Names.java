package dev.slipway.controller.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names and labels of everything that belongs to one Remote.
 *
 * @param gitd ServiceAccount, Role, RoleBinding, Deployment, PVC, and the Service for SSH
 * @param instance the Remote's name as a label value
 */
public record Names(
    String gitd,
    String context,
    String configSecret,
    String hostKeySecret,
    String tokensSecret,
    String instance) {

  /** All that the controller makes carries it, and its informers select by it. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  public static final String SLIPWAY = "slipway";

  private static final String NAME = "app.kubernetes.io/name";
  private static final String INSTANCE = "app.kubernetes.io/instance";
  private static final int LIMIT = 63;

  /** What a Service may be called, the strictest rule of all kinds that are used here. */
  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z](?:[-a-z0-9]*[a-z0-9])?");

  public static Names of(String remote) {
    return new Names(
        objectName(remote, "-gitd"),
        objectName(remote, "-gitd-context"),
        objectName(remote, "-gitd-config"),
        objectName(remote, "-gitd-host-key"),
        objectName(remote, "-gitd-tokens"),
        remote.length() <= LIMIT ? remote : shortened(remote, LIMIT));
  }

  /** Labels of every object that belongs to the Remote. */
  public Map<String, String> labels() {
    return Map.of(
        NAME,
        "gitd",
        INSTANCE,
        instance,
        MANAGED_BY,
        SLIPWAY,
        "app.kubernetes.io/part-of",
        SLIPWAY);
  }

  /** What gitd's pods are selected by; a Deployment's selector can never change. */
  public Map<String, String> selector() {
    return new TreeMap<>(Map.of(NAME, "gitd", INSTANCE, instance));
  }

  /** Labels that gitd gives to the pods of this Remote's builds. */
  public Map<String, String> buildLabels() {
    return new TreeMap<>(Map.of(NAME, "build", INSTANCE, instance, MANAGED_BY, SLIPWAY));
  }

  private static String objectName(String remote, String suffix) {
    String name = remote + suffix;
    return name.length() <= LIMIT && SERVICE_NAME.matcher(name).matches()
        ? name
        : shortened(remote.replace('.', '-'), LIMIT - suffix.length(), hash(remote)) + suffix;
  }

  private static String shortened(String text, int limit) {
    return shortened(text, limit, hash(text));
  }

  private static String shortened(String text, int limit, String hash) {
    String start = SERVICE_NAME.matcher(text).lookingAt() ? text : "r-" + text;
    int length = Math.min(start.length(), limit - hash.length() - 1);
    return start.substring(0, length) + "-" + hash;
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 5).toLowerCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
