package dev.slipway.hooks.kube;

import dev.slipway.crd.Remote;
import dev.slipway.crd.ShortName;
import java.util.Map;
import java.util.TreeMap;

/** The labels by which this Remote finds its own Jobs again. */
public final class Labels {
  public static final String REMOTE = Remote.GROUP + "/remote";
  public static final String BUILD = Remote.GROUP + "/build";

  public static final String HOOK = Remote.GROUP + "/hook";

  /** The push that something is part of, as in its log lines. */
  public static final String PUSH = Remote.GROUP + "/push";

  private Labels() {}

  /** All labels of one build. */
  public static Map<String, String> ofBuild(String remote, String build) {
    Map<String, String> labels = new TreeMap<>(ofRemote(remote));
    labels.put("app.kubernetes.io/name", "build");
    labels.put("app.kubernetes.io/instance", ShortName.labelValue(remote));
    labels.put(BUILD, build);
    return labels;
  }

  /** All labels of one run of a hook. */
  public static Map<String, String> ofHook(String remote, String hook, String run) {
    Map<String, String> labels = new TreeMap<>(ofRemote(remote));
    labels.put("app.kubernetes.io/name", "hook");
    labels.put("app.kubernetes.io/instance", ShortName.labelValue(remote));
    labels.put("app.kubernetes.io/component", hook);
    labels.put(HOOK, run);
    return labels;
  }

  /** Selects every Job of a Remote. */
  public static Map<String, String> ofRemote(String remote) {
    return Map.of("app.kubernetes.io/managed-by", "slipway", REMOTE, ShortName.labelValue(remote));
  }
}
