package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The manifests of one commit.
 *
 * @param manifests in the order in which they are applied, each with what the API says of its kind
 * @param notes sentences about what is left out
 * @param problems sentences about what is in the way; where there are any nothing is applied
 */
public record ManifestSet(
    Map<Manifest, KindView.Kind> manifests, List<String> notes, List<String> problems) {

  /** Where nothing is applied. */
  public static ManifestSet none() {
    return new ManifestSet(Map.of(), List.of(), List.of());
  }

  /** Collects what is read. */
  static final class Builder {
    private static final int MAX_PROBLEMS = 50;

    private final Map<Manifest, KindView.Kind> manifests = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    void add(Manifest manifest, KindView.Kind kind) {
      manifests.put(manifest, kind);
    }

    void note(String sentence) {
      notes.add(sentence);
    }

    void problem(String sentence) {
      if (problems.size() == MAX_PROBLEMS) {
        problems.add("There is more in the way; these are the first %d.".formatted(MAX_PROBLEMS));
      } else if (!isFull()) {
        problems.add(sentence);
      }
    }

    /** Whether nobody would read on. */
    boolean isFull() {
      return problems.size() > MAX_PROBLEMS;
    }

    int size() {
      return manifests.size();
    }

    ManifestSet build() {
      Map<Manifest, KindView.Kind> ordered = new LinkedHashMap<>();
      manifests.keySet().stream()
          .sorted(ApplyOrder.ORDER)
          .forEach(manifest -> ordered.put(manifest, manifests.get(manifest)));
      return new ManifestSet(ordered, List.copyOf(notes), List.copyOf(problems));
    }
  }

  public boolean isEmpty() {
    return manifests.isEmpty();
  }

  /** What makes pods among them. */
  public Set<Workload> workloads() {
    return manifests.keySet().stream()
        .flatMap(manifest -> workload(manifest).stream())
        .collect(Collectors.toSet());
  }

  /** Those that run to an end, now or by a schedule. */
  public ManifestSet jobs() {
    return only(ManifestSet::isJob);
  }

  public ManifestSet withoutJobs() {
    return only(manifest -> !isJob(manifest));
  }

  private static boolean isJob(Manifest manifest) {
    return manifest.group().equals("batch");
  }

  private ManifestSet only(Predicate<Manifest> wanted) {
    Map<Manifest, KindView.Kind> some = new LinkedHashMap<>(manifests);
    some.keySet().removeIf(wanted.negate());
    return new ManifestSet(some, notes, problems);
  }

  /** The names of the containers of a workload that is in these manifests. */
  public Optional<List<String>> containersOf(Workload workload) {
    return manifests.keySet().stream()
        .filter(manifest -> workload(manifest).equals(Optional.of(workload)))
        .findFirst()
        .map(
            manifest -> containers(manifest.object()).map(it -> it.path("name").asText()).toList());
  }

  /**
   * These manifests with images in them, wherever they have the container.
   *
   * @param annotations for each workload that gets an image
   * @param pullSecret for the pod template of each
   */
  public ManifestSet with(
      Map<Place, String> images, Map<String, String> annotations, Optional<String> pullSecret) {
    Map<Manifest, KindView.Kind> changed = new LinkedHashMap<>();
    manifests.forEach(
        (manifest, kind) -> changed.put(with(manifest, images, annotations, pullSecret), kind));
    return new ManifestSet(changed, notes, problems);
  }

  private static Manifest with(
      Manifest manifest,
      Map<Place, String> images,
      Map<String, String> annotations,
      Optional<String> pullSecret) {
    Map<String, String> own = images(manifest, images);
    if (own.isEmpty()) {
      return manifest;
    }
    ObjectNode object = manifest.object().deepCopy();
    containers(object)
        .forEach(
            container -> {
              String image = own.get(container.path("name").asText());
              if (image != null) {
                ((ObjectNode) container).put("image", image);
              }
            });
    pullSecret.ifPresent(secret -> addPullSecret(object, secret));
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    ObjectNode all =
        metadata.path("annotations") instanceof ObjectNode present
            ? present
            : metadata.putObject("annotations");
    annotations.forEach(all::put);
    return new Manifest(manifest.where(), object);
  }

  /** The images, by container, that are set in a manifest. */
  static Map<String, String> images(Manifest manifest, Map<Place, String> images) {
    Optional<Workload> workload = workload(manifest);
    if (workload.isEmpty()) {
      return Map.of();
    }
    return images.entrySet().stream()
        .filter(image -> image.getKey().workload().equals(workload.get()))
        .collect(Collectors.toMap(image -> image.getKey().container(), Map.Entry::getValue));
  }

  static Optional<Workload> workload(Manifest manifest) {
    return Arrays.stream(WorkloadKind.values())
        .filter(
            kind -> kind.name().equals(manifest.kind()) && kind.group().equals(manifest.group()))
        .findFirst()
        .map(kind -> new Workload(kind, manifest.name()));
  }

  private static void addPullSecret(ObjectNode object, String secret) {
    if (pod(object) instanceof ObjectNode pod) {
      ArrayNode all =
          pod.path("imagePullSecrets") instanceof ArrayNode present
              ? present
              : pod.putArray("imagePullSecrets");
      if (all.valueStream().noneMatch(it -> it.path("name").asText().equals(secret))) {
        all.addObject().put("name", secret);
      }
    }
  }

  private static JsonNode pod(ObjectNode object) {
    return object.at(
        object.path("kind").asText().equals("CronJob")
            ? "/spec/jobTemplate/spec/template/spec"
            : "/spec/template/spec");
  }

  /** Init containers first. */
  static Stream<JsonNode> containers(ObjectNode object) {
    JsonNode pod = pod(object);
    return Stream.concat(
            pod.path("initContainers").valueStream(), pod.path("containers").valueStream())
        .filter(ObjectNode.class::isInstance);
  }
}
