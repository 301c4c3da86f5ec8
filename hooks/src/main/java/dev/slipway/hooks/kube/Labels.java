package dev.slipway.hooks.kube;

import dev.slipway.crd.Remote;
import dev.slipway.hooks.context.Checksums;
import java.util.Map;
import java.util.TreeMap;

/** The labels by which this Remote finds its own Jobs again. */
public final class Labels {
  public static final String REMOTE = Remote.GROUP + "/remote";
  public static final String BUILD = Remote.GROUP + "/build";

  /** What Kubernetes allows for a label's value and for most names. */
  public static final int MAX = 63;

  private static final int HASH = 10;

  private Labels() {}

  /** All labels of one build. */
  public static Map<String, String> ofBuild(String remote, String build) {
    Map<String, String> labels = new TreeMap<>(ofRemote(remote));
    labels.put("app.kubernetes.io/name", "build");
    labels.put("app.kubernetes.io/instance", shortened(remote));
    labels.put(BUILD, build);
    return labels;
  }

  /** Selects every Job of a Remote. */
  public static Map<String, String> ofRemote(String remote) {
    return Map.of("app.kubernetes.io/managed-by", "slipway", REMOTE, shortened(remote));
  }

  /** The text itself if it fits, else its beginning and a hash of the whole. */
  public static String shortened(String text) {
    if (text.length() <= MAX) {
      return text;
    }
    return text.substring(0, MAX - HASH - 1) + "-" + Checksums.sha256Hex(text).substring(0, HASH);
  }
}
