package dev.slipway.hooks.manifests;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Slipway's own chart, out of which {@code deploy/} is made, which the demo and all tests install.
 */
class SlipwayChartTest {
  private static final Path ROOT = Path.of("..");
  private static final Path CHART = ROOT.resolve("charts/slipway");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([\\w.]+)` \\| `(.+?)` \\|");
  private static final Pattern METRIC = Pattern.compile("\\b((?:slipway|operator_sdk)_\\w+)");
  private static final Pattern METRIC_ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (?:counter|gauge|timer|histogram) \\|");
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final Pattern SECTION = Pattern.compile("(?m)^### (Slipway\\w+)$");
  private static final Pattern WITH_OWN_IMAGES =
      Pattern.compile("(?m)^(sed .* deploy/slipway.yaml) >");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SLIPWAY_HEAD =
      """
      # Slipway's controller, after crd/remote.yaml: kubectl apply -f slipway.yaml
      # For a registry of your own change the three images. `make manifests` has made it out of the chart.
      apiVersion: v1
      kind: Namespace
      metadata:
        name: slipway-system
        labels:
          app.kubernetes.io/part-of: slipway
          pod-security.kubernetes.io/enforce: restricted
      """;

  private static final String FRONT_HEAD =
      """
      # The one SSH entry point of all Remotes, after slipway.yaml: kubectl apply -f front.yaml
      # The controller needs --front-secret=slipway-system/slipway-front among its arguments: it makes the
      # keys, and has every gitd trust them.
      # For a registry of your own change the image. `make manifests` has made it out of the chart.
      """;

  @TempDir private Path temporary;

  @Test
  void helmLintsIt() {
    LintResult lint = new Helm(CHART).lint().strict().call();
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
  }

  /**
   * With {@code -Dslipway.manifests.write=true} it writes the files first: {@code make manifests}.
   */
  @Test
  void deployIsRenderedFromIt() throws IOException {
    isRendered("slipway.yaml", SLIPWAY_HEAD + text("{}"));
    isRendered(
        "front.yaml", FRONT_HEAD + parts(text("{front: {enabled: true}}"), "templates/front.yaml"));
  }

  private static void isRendered(String file, String rendered) throws IOException {
    Path committed = ROOT.resolve("deploy").resolve(file);
    String text = rendered.replaceAll("(?m)^# Source: .*\\n", "");
    if (Boolean.getBoolean("slipway.manifests.write")) {
      Files.writeString(committed, text);
    }
    assertThat(committed).as("to be renewed with `make manifests`").hasContent(text);
  }

  /** The documents that a template has made. */
  private static String parts(String rendered, String template) {
    return Stream.of(rendered.split("(?m)^(?=---$)"))
        .filter(part -> part.contains("# Source: slipway/" + template + "\n"))
        .collect(joining())
        .replaceFirst("^---\n", "");
  }

  /** Without them, the pods of whoever copies that line wait for images that are nowhere. */
  @Test
  void theCommandOfKindMdPutsOnesOwnImagesIntoDeploy() throws IOException {
    Matcher command = WITH_OWN_IMAGES.matcher(Files.readString(ROOT.resolve("docs/kind.md")));
    assertThat(command.find()).isTrue();
    var sed = new ProcessBuilder("sh", "-c", command.group(1)).directory(ROOT.toFile());
    sed.environment().put("PULL", "localhost:5001");
    List<JsonNode> objects;
    try (var yaml = sed.start().inputReader()) {
      objects = objects(yaml.readAllAsString());
    }
    assertThat(container(objects, "slipway-controller").at("/image").asText())
        .isEqualTo("localhost:5001/slipway/controller:first");
    assertThat(arguments(objects, "slipway-controller"))
        .contains("--gitd-image=localhost:5001/slipway/gitd:first");
  }

  @Test
  void frontNeedsItsArgumentsOfTheController() throws IOException {
    List<String> without = arguments(render("{}"), "slipway-controller");
    List<String> with = arguments(render("{front: {enabled: true}}"), "slipway-controller");
    assertThat(with)
        .containsAll(without)
        .contains(
            "--front-secret=slipway-system/slipway-front",
            "--front-service=slipway-front",
            "--sleep-after-seconds=1800")
        .hasSize(without.size() + 3);
  }

  @Test
  void crdIsTheSameAsRemoteYaml() {
    assertThat(CHART.resolve("crds/remote.yaml"))
        .as("make crd copies it")
        .hasSameTextualContentAs(ROOT.resolve("crd/remote.yaml"));
  }

  @Test
  void valuesBecomeArguments() throws IOException {
    List<JsonNode> objects =
        render(
            """
            images: {controller: r.example/c:1, gitd: "r.example/g:1", builder: "r.example/k:1@%s"}
            imagePullSecrets: [{name: pull}, {name: other}]
            builder: {nodeSelector: {disk: fast}, tolerations: [{key: builds, operator: Exists}], priorityClassName: low}
            gitd: {priorityClassName: high}
            drainSeconds: 60
            watchNamespaces: [one, two]
            defaultRegistry: {url: "r.example/apps", pullUrl: "localhost:5000/apps", insecure: true}
            front: {enabled: true, host: "git.example.org:2222", sleepAfterSeconds: 0}
            """
                .formatted(DIGEST));
    assertThat(arguments(objects, "slipway-controller"))
        .containsExactly(
            "--gitd-image=r.example/g:1",
            "--builder-image=r.example/k:1@" + DIGEST,
            "--builder-defaults={\"nodeSelector\":{\"disk\":\"fast\"},"
                + "\"priorityClassName\":\"low\",\"resources\":{},"
                + "\"tolerations\":[{\"key\":\"builds\",\"operator\":\"Exists\"}]}",
            "--image-pull-secrets=pull,other",
            "--gitd-priority-class=high",
            "--drain-seconds=60",
            "--health-port=8080",
            "--lease=slipway-system/slipway-controller",
            "--watch-namespaces=one,two",
            "--default-registry=r.example/apps",
            "--default-registry-pull-url=localhost:5000/apps",
            "--default-registry-insecure",
            "--front-secret=slipway-system/slipway-front",
            "--front-service=slipway-front",
            "--sleep-after-seconds=0",
            "--front-host=git.example.org:2222");
    assertThat(arguments(objects, "slipway-front"))
        .contains("--watch-namespaces=one,two", "--shutdown-grace-seconds=60");
    assertThat(
            deployment(objects, "slipway-front")
                .at("/spec/template/spec/terminationGracePeriodSeconds")
                .asInt())
        .as("the drain, and what front needs before and after it")
        .isEqualTo(75);
    assertThat(container(objects, "slipway-controller").at("/image").asText())
        .isEqualTo("r.example/c:1");
    assertThat(container(objects, "slipway-front").at("/image").asText())
        .isEqualTo("r.example/g:1");
  }

  /** Builds push by the Service's name, nodes pull by its node port. */
  @Test
  void theRegistryInTheClusterIsTheDefaultOne() throws IOException {
    List<JsonNode> objects = render("{registry: {enabled: true, nodePort: 31000, size: 5Gi}}");
    assertThat(arguments(objects, "slipway-controller"))
        .contains(
            "--default-registry=slipway-registry.slipway-system.svc:5000",
            "--default-registry-pull-url=localhost:31000",
            "--default-registry-insecure");
    JsonNode port = only(objects, "Service", "slipway-registry").at("/spec/ports/0");
    assertThat(port.at("/port").asInt()).isEqualTo(5000);
    assertThat(port.at("/nodePort").asInt()).isEqualTo(31000);
    assertThat(port.at("/targetPort"))
        .isEqualTo(container(objects, "slipway-registry").at("/ports/0/name"));
    JsonNode claim = only(objects, "PersistentVolumeClaim", "slipway-registry");
    assertThat(claim.at("/spec/resources/requests/storage").asText()).isEqualTo("5Gi");
  }

  @Test
  void podsGoWhereValuesSend() throws IOException {
    List<JsonNode> objects =
        render(
            """
            front: {enabled: true, resources: {limits: {memory: 1Gi}}}
            controller: {resources: {limits: {memory: 2Gi}}}
            imagePullSecrets: [{name: pull}]
            nodeSelector: {disk: ssd}
            tolerations: [{key: infra, operator: Exists}]
            priorityClassName: infra
            registry: {enabled: true}
            """);
    for (String deployment : List.of("slipway-controller", "slipway-front", "slipway-registry")) {
      JsonNode pod = deployment(objects, deployment).at("/spec/template/spec");
      assertThat(pod.at("/imagePullSecrets")).isEqualTo(json("[{name: pull}]"));
      assertThat(pod.at("/nodeSelector")).isEqualTo(json("{disk: ssd}"));
      assertThat(pod.at("/tolerations")).isEqualTo(json("[{key: infra, operator: Exists}]"));
      assertThat(pod.at("/priorityClassName").asText()).isEqualTo("infra");
    }
    assertThat(memory(objects, "slipway-controller")).isEqualTo("2Gi");
    assertThat(memory(objects, "slipway-front")).isEqualTo("1Gi");
  }

  @Test
  void whoServesSomeNamespacesHasNoRightsInOthers() throws IOException {
    List<JsonNode> objects = render("{watchNamespaces: [one, two], front: {enabled: true}}");
    assertThat(
            objects.stream()
                .filter(object -> kind(object).endsWith("Binding"))
                .map(object -> object.at("/metadata/namespace").asText() + " " + role(object)))
        .containsExactlyInAnyOrder(
            "one slipway-controller",
            "two slipway-controller",
            "one slipway-front",
            "two slipway-front",
            "slipway-system slipway-controller",
            " slipway-controller-cluster");
    assertThat(only(objects, "ClusterRole", "slipway-controller-cluster").at("/rules"))
        .allSatisfy(
            rule ->
                assertThat(only(objects, "ClusterRole", "slipway-controller").at("/rules"))
                    .contains(rule));
    assertThat(only(objects, "Role", "slipway-controller").at("/rules"))
        .contains(
            json(
                "{apiGroups: [''], resources: [services], resourceNames: [slipway-front], verbs:"
                    + " [list, watch]}"));
  }

  private static String role(JsonNode binding) {
    return binding.at("/roleRef/name").asText();
  }

  @Test
  void oneOfSeveralControllersMayBeEvicted() throws IOException {
    List<JsonNode> objects = render("{controller: {replicas: 2}}");
    assertThat(deployment(objects, "slipway-controller").at("/spec/replicas").asInt()).isEqualTo(2);
    JsonNode budget = only(objects, "PodDisruptionBudget", "slipway-controller");
    assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
    assertThat(budget.at("/spec/selector"))
        .isEqualTo(deployment(objects, "slipway-controller").at("/spec/selector"));
  }

  @Test
  void anOpenFrontSeesWhereItsVisitorsComeFrom() throws IOException {
    JsonNode service =
        only(
            render(
                """
                front:
                  enabled: true
                  service: {type: LoadBalancer, annotations: {example.org/lb: internal}}
                """),
            "Service",
            "slipway-front");
    assertThat(service.at("/spec/type").asText()).isEqualTo("LoadBalancer");
    assertThat(service.at("/spec/externalTrafficPolicy").asText()).isEqualTo("Local");
    assertThat(service.at("/metadata/annotations")).isEqualTo(json("{example.org/lb: internal}"));
  }

  /** As in Gitkube, whose recipe is {@code kubectl expose deployment gitkubed --name=gitkubed}. */
  @Test
  void frontCanHaveTheNameOfGitkubesAndLeaveItsServiceToWhoeverExposesIt() throws IOException {
    List<JsonNode> objects =
        render("{front: {enabled: true, name: gitkubed, service: {create: false}}}");
    assertThat(objects)
        .filteredOn(object -> kind(object).equals("Service"))
        .extracting(SlipwayChartTest::name)
        .containsExactly("slipway-controller");
    assertThat(container(objects, "gitkubed").at("/ports").findValuesAsText("containerPort"))
        .as("what kubectl expose opens to the world")
        .containsExactly("22");
    assertThat(arguments(objects, "slipway-controller")).contains("--front-service=gitkubed");

    List<JsonNode> withService = render("{front: {enabled: true, name: gitkubed}}");
    assertThat(only(withService, "Service", "gitkubed").at("/spec/selector"))
        .isEqualTo(deployment(withService, "gitkubed").at("/spec/selector/matchLabels"));
  }

  @Test
  void aServiceMonitorFindsTheMetrics() throws IOException {
    List<JsonNode> objects =
        render("{serviceMonitor: {enabled: true, interval: 1m, labels: {release: prometheus}}}");
    JsonNode monitor = only(objects, "ServiceMonitor", "slipway-controller");
    JsonNode service = only(objects, "Service", "slipway-controller");
    assertThat(monitor.at("/spec/selector/matchLabels")).isEqualTo(service.at("/metadata/labels"));
    assertThat(monitor.at("/spec/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
    assertThat(monitor.at("/spec/endpoints/0/interval").asText()).isEqualTo("1m");
    assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
  }

  @Test
  void aPodMonitorFindsThoseOfFrontAndGitds() throws IOException {
    List<JsonNode> objects =
        render("{front: {enabled: true}, serviceMonitor: {enabled: true, interval: 1m}}");
    JsonNode monitor = only(objects, "PodMonitor", "slipway-pods");
    JsonNode front = deployment(objects, "slipway-front").at("/spec/template");
    assertThat(monitor.at("/spec/selector/matchLabels").properties())
        .isSubsetOf(front.at("/metadata/labels").properties());
    assertThat(monitor.at("/spec/selector/matchExpressions/0/values"))
        .contains(front.at("/metadata/labels/app.kubernetes.io~1name"));
    JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
    assertThat(front.at("/spec/containers/0/ports"))
        .extracting(port -> port.at("/name"))
        .contains(endpoint.at("/port"));
    assertThat(endpoint.at("/interval").asText()).isEqualTo("1m");
  }

  @Test
  void frontIsScrapedAlthoughItsPodNamesNoPortForThat() throws IOException {
    List<JsonNode> objects =
        render(
            "{front: {enabled: true, service: {create: false}}, serviceMonitor: {enabled: true}}");
    JsonNode monitor = only(objects, "PodMonitor", "slipway-front");
    JsonNode front = deployment(objects, "slipway-front").at("/spec/template");
    JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
    JsonNode port = front.at("/spec/containers/0/ports/0");
    assertThat(front.at("/metadata/labels").properties())
        .containsAll(monitor.at("/spec/selector/matchLabels").properties());
    assertThat(endpoint.at("/port")).isEqualTo(port.at("/name"));
    JsonNode relabeling = endpoint.at("/relabelings/0");
    for (String host : List.of("10.0.0.7", "[fd00::7]")) {
      assertThat(
              (host + ":" + port.at("/containerPort").asText())
                  .replaceFirst(
                      "^" + relabeling.at("/regex").asText() + "$",
                      relabeling.at("/replacement").asText().replace("${1}", "$1")))
          .isEqualTo(
              host + ":" + front.at("/spec/containers/0/livenessProbe/httpGet/port").asText());
    }
  }

  @Test
  void everyAlertAsksForWhatThereIsAndLeadsToItsSection() throws IOException {
    JsonNode rule =
        only(
            render(
                """
                prometheusRule:
                  enabled: true
                  labels: {release: prometheus}
                  runbookUrl: https://docs.example/operating
                """),
            "PrometheusRule",
            "slipway");
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    String operating = Files.readString(ROOT.resolve("docs/operating.md"));
    Set<String> documented = all(METRIC_ROW, Files.readString(ROOT.resolve("docs/metrics.md")));
    JsonNode alerts = rule.at("/spec/groups/0/rules");
    assertThat(alerts).isNotEmpty();
    for (JsonNode alert : alerts) {
      String name = alert.at("/alert").asText();
      assertThat(operating).contains("\n### " + name + "\n");
      assertThat(alert.at("/annotations/runbook_url").asText())
          .isEqualTo("https://docs.example/operating#" + name.toLowerCase(Locale.ROOT));
      assertThat(alert.at("/labels/severity").asText()).isIn("warning", "critical");
      assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
      assertThat(inDocuments(all(METRIC, alert.at("/expr").asText())))
          .as(name)
          .isNotEmpty()
          .isSubsetOf(documented);
    }
    assertThat(alerts).hasSize(all(SECTION, operating).size());
  }

  /** By the names of pages, where a histogram is one. */
  private static Stream<String> inDocuments(Set<String> metrics) {
    return metrics.stream().map(name -> name.replaceFirst("_(bucket|count|sum|max)$", ""));
  }

  @Test
  void gitdsAreToldOfACollector() throws IOException {
    String values = "{tracing: {endpoint: 'http://collector:4318'}}";
    assertThat(arguments(render(values), "slipway-controller"))
        .contains("--otlp-endpoint=http://collector:4318");
    assertThat(arguments(render("{}"), "slipway-controller"))
        .noneMatch(argument -> argument.startsWith("--otlp-endpoint"));
  }

  @Test
  void theDashboardAndTheQueriesOfThePageAskForMetricsThatThereAre() throws IOException {
    JsonNode map = only(render("{dashboard: {enabled: true}}"), "ConfigMap", "slipway-dashboard");
    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    List<String> queries =
        JSON.readTree(map.at("/data/slipway.json").asText()).findValuesAsText("expr");
    String page = Files.readString(ROOT.resolve("docs/metrics.md"));
    Set<String> documented = all(METRIC_ROW, page);

    assertThat(queries).isNotEmpty();
    Set<String> asked =
        all(METRIC, String.join("\n", queries) + page.substring(page.indexOf("## Questions")));
    assertThat(inDocuments(asked)).isSubsetOf(documented);
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{replicas: 2}                         | replicas",
        "{controller: {replicas: 0}}           | replicas",
        "{images: {gitd: ''}}                  | gitd",
        "{images: {gitd: 'a b'}}               | gitd",
        "{watchNamespaces: team-a}             | watchNamespaces",
        "{tracing: {endpoint: 'collector'}}    | endpoint",
        "{watchNamespaces: ['a,b']}            | watchNamespaces",
        "{front: {enabled: 'yes'}}             | enabled",
        "{front: {service: {type: External}}}  | type",
        "{front: {name: Git_kubed}}            | name",
        "{front: {enabled: true, service: {create: false, type: NodePort}}} | leave them out too",
        "{imagePullSecrets: [pull]}            | imagePullSecrets",
        "{front: {host: git.example.org}}      | set front.enabled=true",
        "{defaultRegistry: {insecure: true}}   | defaultRegistry.url, which is empty",
        "{registry: {size: big}}               | size",
        "{priorityClassName: 'a b'}            | priorityClassName",
        "{prometheusRule: {runbookUrl: ''}}    | runbookUrl",
        "{drainSeconds: -1}                    | drainSeconds",
        "{builder: {image: k}}                 | image",
        "{builder: {resources: {limit: {}}}}   | limit",
        "{builder: {tolerations: {key: a}}}    | tolerations",
        "{registry: {enabled: true}, defaultRegistry: {url: r.example}} | leave one of them out",
      })
  void refusesValuesThatMeanNothing(String values, String named) {
    assertThatIllegalStateException().isThrownBy(() -> render(values)).withMessageContaining(named);
  }

  @Test
  void installingMdTellsEveryValueAndItsDefault() throws IOException {
    Map<String, JsonNode> told = new TreeMap<>();
    ROW.matcher(Files.readString(ROOT.resolve("docs/installing.md")))
        .results()
        .forEach(row -> told.put(row.group(1), json(row.group(2))));
    Map<String, JsonNode> defaults = new TreeMap<>();
    flatten("", json(Files.readString(CHART.resolve("values.yaml"))), defaults);
    assertThat(told).isEqualTo(defaults);
  }

  /** Resources are one value each, as whoever sets them thinks of them. */
  private static void flatten(String path, JsonNode value, Map<String, JsonNode> into) {
    if (!value.isObject() || value.isEmpty() || path.endsWith("resources")) {
      into.put(path, value);
      return;
    }
    value
        .properties()
        .forEach(
            field ->
                flatten(
                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    field.getValue(),
                    into));
  }

  private List<JsonNode> render(String values) throws IOException {
    return objects(text(values));
  }

  private String text(String values) throws IOException {
    return new Helm(CHART)
        .template()
        .withName("slipway")
        .withKubeVersion("1.29")
        .withNamespace("slipway-system")
        .withValuesFile(Files.writeString(temporary.resolve("values.yaml"), values))
        .skipCrds()
        .call();
  }

  private static List<JsonNode> objects(String yaml) {
    return StreamSupport.stream(new Yaml().loadAll(yaml).spliterator(), false)
        .filter(Objects::nonNull)
        .<JsonNode>map(JSON::valueToTree)
        .toList();
  }

  private static JsonNode json(String yaml) {
    return JSON.valueToTree(new Yaml().<Object>load(yaml));
  }

  private static JsonNode only(List<JsonNode> objects, String kind, String name) {
    List<JsonNode> found =
        objects.stream()
            .filter(object -> kind(object).equals(kind) && name(object).equals(name))
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private static JsonNode deployment(List<JsonNode> objects, String name) {
    return only(objects, "Deployment", name);
  }

  private static JsonNode container(List<JsonNode> objects, String deployment) {
    return deployment(objects, deployment).at("/spec/template/spec/containers/0");
  }

  private static List<String> arguments(List<JsonNode> objects, String deployment) {
    return container(objects, deployment).at("/args").valueStream().map(JsonNode::asText).toList();
  }

  private static String memory(List<JsonNode> objects, String deployment) {
    return container(objects, deployment).at("/resources/limits/memory").asText();
  }

  private static String kind(JsonNode object) {
    return object.at("/kind").asText();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }
}
