package dev.slipway.controller.model;

import dev.slipway.crd.Remote;
import dev.slipway.crd.ShortName;
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
    String builds,
    String instance) {

  /** All that the controller makes carries it, and its informers select by it. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  public static final String SLIPWAY = "slipway";

  private static final String NAME = "app.kubernetes.io/name";
  private static final String INSTANCE = "app.kubernetes.io/instance";

  /** What a Service may be called, the strictest rule of all kinds that are used here. */
  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z](?:[-a-z0-9]*[a-z0-9])?");

  public static Names of(String remote) {
    return new Names(
        objectName(remote, "-gitd"),
        objectName(remote, "-gitd-context"),
        objectName(remote, "-gitd-config"),
        objectName(remote, "-gitd-host-key"),
        objectName(remote, "-gitd-tokens"),
        objectName(remote, "-builds"),
        ShortName.labelValue(remote));
  }

  /** Labels of every object that belongs to the Remote. */
  public Map<String, String> labels() {
    var labels = new TreeMap<>(selector());
    labels.put(MANAGED_BY, SLIPWAY);
    labels.put("app.kubernetes.io/part-of", SLIPWAY);
    return labels;
  }

  /** What gitd's pods are selected by; a Deployment's selector can never change. */
  public Map<String, String> selector() {
    return new TreeMap<>(Map.of(NAME, "gitd", INSTANCE, instance));
  }

  /** Labels that gitd gives to the pods of this Remote's builds. */
  public Map<String, String> jobLabels() {
    return new TreeMap<>(Map.of(Remote.GROUP + "/remote", instance, MANAGED_BY, SLIPWAY));
  }

  /** Those of builds alone, without hooks. */
  Map<String, String> buildLabels() {
    Map<String, String> labels = jobLabels();
    labels.put(NAME, "build");
    return labels;
  }

  private static String objectName(String remote, String suffix) {
    String name = remote + suffix;
    if (name.length() <= ShortName.LIMIT && SERVICE_NAME.matcher(name).matches()) {
      return name;
    }
    // Hashed before the dots go, so that a.b and a-b stay apart.
    String hashed = ShortName.shortened("r-" + remote, ShortName.LIMIT - suffix.length());
    return hashed.replace('.', '-') + suffix;
  }
}
