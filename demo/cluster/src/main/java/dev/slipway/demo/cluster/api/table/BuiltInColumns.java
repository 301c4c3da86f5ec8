package dev.slipway.demo.cluster.api.table;

import static dev.slipway.demo.cluster.api.table.Cells.condition;
import static dev.slipway.demo.cluster.api.table.Cells.containers;
import static dev.slipway.demo.cluster.api.table.Cells.joined;
import static dev.slipway.demo.cluster.api.table.Cells.number;
import static dev.slipway.demo.cluster.api.table.Cells.orNone;
import static dev.slipway.demo.cluster.api.table.Cells.selector;
import static dev.slipway.demo.cluster.api.table.Column.count;
import static dev.slipway.demo.cluster.api.table.Column.number;
import static dev.slipway.demo.cluster.api.table.Column.ofAge;
import static dev.slipway.demo.cluster.api.table.Column.ofName;
import static dev.slipway.demo.cluster.api.table.Column.text;
import static dev.slipway.demo.cluster.api.table.Column.timed;

import dev.slipway.demo.cluster.api.object.ApiObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Which columns kubectl shows for the built-in kinds; other kinds have name and age. */
final class BuiltInColumns {
  private static final String TEMPLATE = "/spec/template/spec";

  private BuiltInColumns() {}

  static List<Column> of(String kind) {
    return switch (kind) {
      case "Pod" -> pod();
      case "Deployment" -> deployment();
      case "ReplicaSet" -> replicaSet();
      case "StatefulSet" ->
          List.of(
              ofName(),
              text("Ready", set -> number(set, "/status/readyReplicas") + "/" + replicas(set)),
              ofAge());
      case "DaemonSet" -> daemonSet();
      case "Job" -> job();
      case "CronJob" -> cronJob();
      case "Service" -> service();
      case "Endpoints" -> List.of(ofName(), text("Endpoints", EndpointCells::endpoints), ofAge());
      case "EndpointSlice" ->
          List.of(
              ofName(),
              text("AddressType", slice -> slice.text("/addressType")),
              text("Ports", slice -> orNone(joined(slice.at("/ports"), "port"))),
              text("Endpoints", EndpointCells::ofSlice),
              ofAge());
      case "ConfigMap" ->
          List.of(
              ofName(),
              count("Data", map -> map.at("/data").size() + map.at("/binaryData").size()),
              ofAge());
      case "Secret" ->
          List.of(
              ofName(),
              text("Type", secret -> secret.text("/type")),
              count("Data", secret -> secret.at("/data").size()),
              ofAge());
      case "ServiceAccount" ->
          List.of(ofName(), count("Secrets", account -> account.at("/secrets").size()), ofAge());
      case "Namespace" ->
          List.of(ofName(), text("Status", space -> space.text("/status/phase")), ofAge());
      case "Node" -> node();
      case "Event" -> event();
      default -> StorageAndPolicyColumns.of(kind);
    };
  }

  private static List<Column> pod() {
    return List.of(
        ofName(),
        text("Ready", PodCells::ready),
        text("Status", PodCells::status),
        timed("Restarts", PodCells::restarts),
        ofAge(),
        text("IP", pod -> orNone(pod.text("/status/podIP"))).wide(),
        text("Node", pod -> orNone(pod.text("/spec/nodeName"))).wide(),
        text("Nominated Node", pod -> orNone(pod.text("/status/nominatedNodeName"))).wide(),
        text("Readiness Gates", pod -> Cells.NONE).wide());
  }

  private static List<Column> deployment() {
    return List.of(
        ofName(),
        text("Ready", it -> number(it, "/status/readyReplicas") + "/" + replicas(it)),
        count("Up-to-date", it -> number(it, "/status/updatedReplicas")),
        count("Available", it -> number(it, "/status/availableReplicas")),
        ofAge(),
        text("Containers", it -> containers(it, TEMPLATE, "name")).wide(),
        text("Images", it -> containers(it, TEMPLATE, "image")).wide(),
        text("Selector", it -> selector(it.at("/spec/selector/matchLabels"))).wide());
  }

  private static List<Column> replicaSet() {
    return List.of(
        ofName(),
        number("Desired", BuiltInColumns::replicas),
        number("Current", it -> number(it, "/status/replicas")),
        number("Ready", it -> number(it, "/status/readyReplicas")),
        ofAge(),
        text("Containers", it -> containers(it, TEMPLATE, "name")).wide(),
        text("Images", it -> containers(it, TEMPLATE, "image")).wide(),
        text("Selector", it -> selector(it.at("/spec/selector/matchLabels"))).wide());
  }

  private static List<Column> daemonSet() {
    return List.of(
        ofName(),
        number("Desired", it -> number(it, "/status/desiredNumberScheduled")),
        number("Current", it -> number(it, "/status/currentNumberScheduled")),
        number("Ready", it -> number(it, "/status/numberReady")),
        number("Up-to-date", it -> number(it, "/status/updatedNumberScheduled")),
        number("Available", it -> number(it, "/status/numberAvailable")),
        text("Node Selector", it -> selector(it.at(TEMPLATE + "/nodeSelector"))),
        ofAge());
  }

  private static List<Column> job() {
    return List.of(
        ofName(),
        text("Status", BuiltInColumns::jobStatus),
        text(
            "Completions",
            it -> number(it, "/status/succeeded") + "/" + it.at("/spec/completions").asInt(1)),
        timed("Duration", BuiltInColumns::jobDuration),
        ofAge(),
        text("Containers", it -> containers(it, TEMPLATE, "name")).wide(),
        text("Images", it -> containers(it, TEMPLATE, "image")).wide(),
        text("Selector", it -> selector(it.at("/spec/selector/matchLabels"))).wide());
  }

  private static String jobStatus(ApiObject job) {
    for (var end : List.of("Complete", "Failed")) {
      if (condition(job, end).equals("True")) {
        return end;
      }
    }
    if (job.deleting()) {
      return "Terminating";
    }
    for (var onTheWay : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
      if (condition(job, onTheWay).equals("True")) {
        return onTheWay;
      }
    }
    return "Running";
  }

  private static String jobDuration(ApiObject job, Instant now) {
    var started = job.text("/status/startTime");
    var ended = job.text("/status/completionTime");
    if (started.isEmpty()) {
      return "";
    }
    var end = ended.isEmpty() ? now : Instant.parse(ended);
    return HumanDuration.of(Duration.between(Instant.parse(started), end));
  }

  private static List<Column> cronJob() {
    return List.of(
        ofName(),
        text("Schedule", it -> it.text("/spec/schedule")),
        text("Timezone", it -> orNone(it.text("/spec/timeZone"))),
        text("Suspend", it -> it.at("/spec/suspend").asBoolean() ? "True" : "False"),
        number("Active", it -> it.at("/status/active").size()),
        timed(
            "Last Schedule",
            (it, now) ->
                it.text("/status/lastScheduleTime").isEmpty()
                    ? Cells.NONE
                    : Cells.since(it.text("/status/lastScheduleTime"), now)),
        ofAge());
  }

  private static List<Column> service() {
    return List.of(
        ofName(),
        text("Type", it -> it.text("/spec/type")),
        text("Cluster-IP", it -> orNone(it.text("/spec/clusterIP"))),
        text("External-IP", EndpointCells::externalAddress),
        text("Port(s)", EndpointCells::ports),
        ofAge(),
        text("Selector", it -> selector(it.at("/spec/selector"))).wide());
  }

  private static List<Column> node() {
    return List.of(
        ofName(),
        text("Status", it -> condition(it, "Ready").equals("True") ? "Ready" : "NotReady"),
        text("Roles", BuiltInColumns::roles),
        ofAge(),
        text("Version", it -> it.text("/status/nodeInfo/kubeletVersion")),
        text("Internal-IP", it -> orNone(it.text("/status/addresses/0/address"))).wide(),
        text("External-IP", it -> Cells.NONE).wide(),
        text("OS-Image", it -> it.text("/status/nodeInfo/osImage")).wide(),
        text("Kernel-Version", it -> it.text("/status/nodeInfo/kernelVersion")).wide(),
        text("Container-Runtime", it -> it.text("/status/nodeInfo/containerRuntimeVersion"))
            .wide());
  }

  private static String roles(ApiObject node) {
    var prefix = "node-role.kubernetes.io/";
    return orNone(
        node.labels().keySet().stream()
            .filter(label -> label.startsWith(prefix))
            .map(label -> label.substring(prefix.length()))
            .sorted()
            .collect(Collectors.joining(",")));
  }

  private static List<Column> event() {
    return List.of(
        timed("Last Seen", EventCells::lastSeen),
        text("Type", it -> it.text("/type")),
        text("Reason", it -> it.text("/reason")),
        text("Object", EventCells::object),
        text("Subobject", it -> it.text("/involvedObject/fieldPath")).wide(),
        text("Source", EventCells::source).wide(),
        text("Message", it -> EventCells.either(it, "/message", "/note").strip()),
        timed("First Seen", EventCells::firstSeen).wide(),
        text("Count", EventCells::count).wide(),
        text("Name", ApiObject::name).wide());
  }

  private static int replicas(ApiObject object) {
    return number(object, "/spec/replicas");
  }
}
