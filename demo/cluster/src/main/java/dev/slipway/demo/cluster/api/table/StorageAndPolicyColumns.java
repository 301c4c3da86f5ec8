package dev.slipway.demo.cluster.api.table;

import static dev.slipway.demo.cluster.api.table.Cells.joined;
import static dev.slipway.demo.cluster.api.table.Cells.orNone;
import static dev.slipway.demo.cluster.api.table.Cells.selector;
import static dev.slipway.demo.cluster.api.table.Column.number;
import static dev.slipway.demo.cluster.api.table.Column.ofAge;
import static dev.slipway.demo.cluster.api.table.Column.ofName;
import static dev.slipway.demo.cluster.api.table.Column.text;

import dev.slipway.demo.cluster.api.object.ApiObject;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The columns of volumes, rights, quotas, definitions and network rules. */
final class StorageAndPolicyColumns {
  private StorageAndPolicyColumns() {}

  static List<Column> of(String kind) {
    return switch (kind) {
      case "PersistentVolumeClaim" -> claim();
      case "PersistentVolume" -> volume();
      case "StorageClass" ->
          List.of(
              ofName(),
              text("Provisioner", it -> it.text("/provisioner")),
              text("ReclaimPolicy", it -> it.text("/reclaimPolicy")),
              text("VolumeBindingMode", it -> it.text("/volumeBindingMode")),
              text(
                  "AllowVolumeExpansion",
                  it -> Boolean.toString(it.at("/allowVolumeExpansion").asBoolean())),
              ofAge());
      case "Role", "ClusterRole" ->
          List.of(ofName(), text("Created At", it -> it.text("/metadata/creationTimestamp")));
      case "RoleBinding", "ClusterRoleBinding" ->
          List.of(
              ofName(),
              text("Role", it -> it.text("/roleRef/kind") + "/" + it.text("/roleRef/name")),
              ofAge());
      case "CustomResourceDefinition" ->
          List.of(ofName(), text("Created At", it -> it.text("/metadata/creationTimestamp")));
      case "Ingress" ->
          List.of(
              ofName(),
              text("Class", it -> orNone(it.text("/spec/ingressClassName"))),
              text("Hosts", it -> orStar(joined(it.at("/spec/rules"), "host"))),
              text("Address", it -> joined(it.at("/status/loadBalancer/ingress"), "ip")),
              text("Ports", it -> it.at("/spec/tls").isEmpty() ? "80" : "80, 443"),
              ofAge());
      case "NetworkPolicy" ->
          List.of(
              ofName(),
              text("Pod-Selector", it -> selector(it.at("/spec/podSelector/matchLabels"))),
              ofAge());
      case "Lease" ->
          List.of(ofName(), text("Holder", it -> it.text("/spec/holderIdentity")), ofAge());
      case "PodDisruptionBudget" ->
          List.of(
              ofName(),
              text("Min Available", it -> orNotGiven(it.at("/spec/minAvailable").asText(""))),
              text("Max Unavailable", it -> orNotGiven(it.at("/spec/maxUnavailable").asText(""))),
              number("Allowed Disruptions", it -> it.at("/status/disruptionsAllowed").asInt()),
              ofAge());
      case "ResourceQuota" ->
          List.of(
              ofName(),
              text("Request", it -> quota(it, name -> !name.startsWith("limits."))),
              text("Limit", it -> quota(it, name -> name.startsWith("limits."))),
              ofAge());
      default -> List.of(ofName(), ofAge());
    };
  }

  private static String quota(ApiObject quota, Predicate<String> names) {
    return quota
        .at("/status/hard")
        .propertyStream()
        .filter(hard -> names.test(hard.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(
            hard ->
                "%s: %s/%s"
                    .formatted(
                        hard.getKey(),
                        quota.at("/status/used").path(hard.getKey()).asText("0"),
                        hard.getValue().asText()))
        .collect(Collectors.joining(", "));
  }

  private static List<Column> claim() {
    return List.of(
        ofName(),
        text("Status", it -> it.deleting() ? "Terminating" : it.text("/status/phase")),
        text("Volume", it -> it.text("/spec/volumeName")),
        text("Capacity", it -> it.text("/status/capacity/storage")),
        text("Access Modes", it -> modes(it, "/status/accessModes")),
        text("StorageClass", it -> it.text("/spec/storageClassName")),
        text("VolumeAttributesClass", it -> "<unset>"),
        ofAge(),
        text("VolumeMode", it -> it.text("/spec/volumeMode")).wide());
  }

  private static List<Column> volume() {
    return List.of(
        ofName(),
        text("Capacity", it -> it.text("/spec/capacity/storage")),
        text("Access Modes", it -> modes(it, "/spec/accessModes")),
        text("Reclaim Policy", it -> it.text("/spec/persistentVolumeReclaimPolicy")),
        text("Status", it -> it.deleting() ? "Terminating" : it.text("/status/phase")),
        text("Claim", StorageAndPolicyColumns::claimOf),
        text("StorageClass", it -> it.text("/spec/storageClassName")),
        text("VolumeAttributesClass", it -> "<unset>"),
        text("Reason", it -> it.text("/status/reason")),
        ofAge(),
        text("VolumeMode", it -> it.text("/spec/volumeMode")).wide());
  }

  private static String claimOf(ApiObject volume) {
    var name = volume.text("/spec/claimRef/name");
    return name.isEmpty() ? "" : volume.text("/spec/claimRef/namespace") + "/" + name;
  }

  private static String modes(ApiObject object, String pointer) {
    return StreamSupport.stream(object.at(pointer).spliterator(), false)
        .map(
            mode ->
                switch (mode.asText()) {
                  case "ReadWriteOnce" -> "RWO";
                  case "ReadOnlyMany" -> "ROX";
                  case "ReadWriteMany" -> "RWX";
                  case "ReadWriteOncePod" -> "RWOP";
                  default -> mode.asText();
                })
        .collect(Collectors.joining(","));
  }

  private static String orStar(String hosts) {
    return hosts.isEmpty() ? "*" : hosts;
  }

  private static String orNotGiven(String text) {
    return text.isEmpty() ? "N/A" : text;
  }
}
