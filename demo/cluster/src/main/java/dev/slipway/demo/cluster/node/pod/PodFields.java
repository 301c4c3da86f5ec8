package dev.slipway.demo.cluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The downward API: what a pod may learn about itself. */
final class PodFields {
  private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['(.*)']");

  private PodFields() {}

  /**
   * Value of a field by its path.
   *
   * @param address the pod's, {@code ""} when it has none yet
   */
  static String value(Pod pod, String path, String address, String hostAddress) throws ConfigError {
    var metadata = pod.getMetadata();
    var entry = ENTRY.matcher(path);
    if (entry.matches()) {
      var map = entry.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
      return map == null ? "" : map.getOrDefault(entry.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> metadata.getName();
      case "metadata.namespace" -> metadata.getNamespace();
      case "metadata.uid" -> metadata.getUid();
      case "metadata.labels" -> lines(Objects.requireNonNullElse(metadata.getLabels(), Map.of()));
      case "metadata.annotations" ->
          lines(Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()));
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "spec.serviceAccountName" ->
          Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
      case "status.podIP", "status.podIPs" -> address;
      case "status.hostIP", "status.hostIPs" -> hostAddress;
      default -> throw new ConfigError("unsupported fieldPath: " + path);
    };
  }

  /** Value of a resource of the container, in units of the divisor, rounded up. */
  static String resource(Container container, ResourceFieldSelector selector) {
    var path = selector.getResource().split("\\.", 2);
    var resources = container.getResources();
    var amounts =
        resources == null
            ? Map.<String, Quantity>of()
            : path[0].equals("limits") ? resources.getLimits() : resources.getRequests();
    var amount = amounts == null ? null : amounts.get(path[1]);
    if (amount == null) {
      return "0";
    }
    var divisor =
        selector.getDivisor() == null || selector.getDivisor().getNumericalAmount().signum() == 0
            ? Quantity.parse("1")
            : selector.getDivisor();
    return amount
        .getNumericalAmount()
        .divide(divisor.getNumericalAmount(), 0, RoundingMode.CEILING)
        .toPlainString();
  }

  private static String lines(Map<String, String> map) {
    return new TreeMap<>(map)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=\"" + entry.getValue().replace("\"", "\\\"") + "\"")
            .collect(Collectors.joining("\n"));
  }
}
