package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.RepositoryPath;
import dev.slipway.crd.RepositoryPath.InvalidPathException;
import dev.slipway.crd.ShortName;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.ManifestSettings;
import dev.slipway.hooks.commit.CommitTree;
import dev.slipway.hooks.kube.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.LargeObjectException;

/** Reads the manifests of one commit, and finds everything about them that is in the way. */
public final class ManifestReader {
  private static final int MAX_FILE = 4 << 20;
  private static final int MAX_FILES = 2000;

  /** Of all files together, and of what a chart becomes. */
  private static final int MAX_CHARACTERS = 16 << 20;

  private static final int MAX_OBJECTS = 1000;

  /** These three become parts of URLs. */
  private static final Pattern API_VERSION =
      Pattern.compile("([a-z0-9.-]{1,253}/)?v[a-z0-9]{1,62}");

  private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,62}");
  private static final Pattern NAME = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._:-]{1,253}");
  private static final Set<String> KUSTOMIZATIONS =
      Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

  private final String namespace;
  private final String remote;
  private final ManifestSettings settings;
  private final CommitTree tree;
  private final KindView kinds;
  private final ManifestSet.Builder found = new ManifestSet.Builder();
  private final Map<String, Manifest> seen = new HashMap<>();
  private final YamlDocuments yaml = new YamlDocuments();
  private int charactersLeft = MAX_CHARACTERS;

  private ManifestReader(
      GitdConfig config, ManifestSettings settings, CommitTree tree, KindView kinds) {
    this.namespace = config.namespace();
    this.remote = config.name();
    this.settings = settings;
    this.tree = tree;
    this.kinds = kinds;
  }

  /**
   * Reads all of them; changes nothing, neither here nor in the cluster.
   *
   * @throws IOException if the repository cannot be read
   */
  public static ManifestSet read(
      GitdConfig config, ManifestSettings settings, CommitTree tree, KindView kinds)
      throws IOException, InterruptedException {
    var reader = new ManifestReader(config, settings, tree, kinds);
    reader.read();
    return reader.found.build();
  }

  private void read() throws IOException, InterruptedException {
    String of = "spec.manifests.path, \"%s\",".formatted(settings.path());
    try {
      Optional<CommitTree.Entry> folder = tree.find(RepositoryPath.parse(settings.path()));
      if (folder.isEmpty() || !folder.get().isDirectory()) {
        found.problem(of + " is no directory of this commit; add it or correct the Remote.");
        return;
      }
      List<CommitTree.Entry> files = tree.below(folder.get());
      if (files.size() > MAX_FILES) {
        found.problem(
            "%s holds %d files, more than %d; name a directory that holds just the manifests."
                .formatted(of, files.size(), MAX_FILES));
      } else if (files.stream()
          .anyMatch(it -> it.path().equals(folder.get().path().resolve("Chart.yaml")))) {
        chart(folder.get(), files);
      } else {
        for (CommitTree.Entry file : files) {
          if (found.isFull() || charactersLeft < 0) {
            return;
          }
          file(file);
        }
      }
    } catch (InvalidPathException e) {
      found.problem(of + " is not valid: " + e.getMessage() + "; correct the Remote.");
    } catch (CommitTree.StrayLinkException e) {
      found.problem(e.getMessage() + "; remove it or correct the Remote.");
    }
  }

  private void chart(CommitTree.Entry folder, List<CommitTree.Entry> files)
      throws IOException, InterruptedException {
    try {
      for (HelmChart.Rendered file : HelmChart.render(folder, files, tree, settings, namespace)) {
        documents(file.template(), file.text());
      }
      HelmChart.hooks(files, tree).forEach(found::note);
    } catch (InvalidManifestException e) {
      found.problem(e.sentence());
    }
  }

  private void file(CommitTree.Entry file) throws IOException, InterruptedException {
    String path = file.path().value();
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (KUSTOMIZATIONS.contains(name)) {
      found.problem(
          "%s: kustomizations are not supported; commit what \"kubectl kustomize\" prints instead."
              .formatted(path));
    } else if (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")) {
      if (file.isFile()) {
        Optional<String> text = text(file);
        if (text.isPresent()) {
          documents(path, text.get());
        }
      } else {
        found.problem(
            "%s: is a symbolic link or a submodule, which is not followed among manifests."
                .formatted(path));
      }
    }
  }

  private Optional<String> text(CommitTree.Entry file) throws IOException {
    try {
      return Optional.of(new String(tree.bytes(file, MAX_FILE), StandardCharsets.UTF_8));
    } catch (LargeObjectException e) {
      found.problem(
          "%s: is larger than %d MiB, which no manifest is."
              .formatted(file.path(), MAX_FILE >> 20));
      return Optional.empty();
    }
  }

  private void documents(String path, String text) throws InterruptedException {
    List<JsonNode> documents;
    if (charactersLeft >= 0 && (charactersLeft -= text.length()) < 0) {
      found.problem(
          "%s: with it the manifests are larger than %d MiB in all."
              .formatted(path, MAX_CHARACTERS >> 20));
    }
    if (charactersLeft < 0) {
      return;
    }
    try {
      documents = yaml.read(text);
    } catch (InvalidManifestException e) {
      found.problem("%s: %s.".formatted(path, e.sentence()));
      return;
    }
    for (int i = 0; i < documents.size(); i++) {
      String where = documents.size() == 1 ? path : "%s, document %d".formatted(path, i + 1);
      document(where, documents.get(i));
    }
  }

  private void document(String where, JsonNode document) throws InterruptedException {
    if (document.isMissingNode() || document.isNull() || found.isFull()) {
      return;
    }
    if (!(document instanceof ObjectNode object)
        || !KIND.matcher(object.path("kind").asText()).matches()
        || !API_VERSION.matcher(object.path("apiVersion").asText()).matches()) {
      found.problem(where + ": is no manifest, it has no valid apiVersion and kind.");
    } else if (object.path("kind").asText().endsWith("List") && object.path("items").isArray()) {
      for (JsonNode item : object.path("items")) {
        document(where, item);
      }
    } else {
      try {
        object(where, object);
      } catch (InvalidManifestException e) {
        found.problem("%s: %s %s.".formatted(where, title(object), e.sentence()));
      }
    }
  }

  private static String title(ObjectNode object) {
    return "%s %s:".formatted(object.path("kind").asText(), object.at("/metadata/name").asText());
  }

  private void object(String where, ObjectNode object)
      throws InvalidManifestException, InterruptedException {
    RemovedApis.convert(object);
    var manifest = new Manifest(where, object);
    JsonNode name = object.at("/metadata/name");
    if (!name.isTextual() || !NAME.matcher(name.asText()).matches()) {
      throw new InvalidManifestException("has no valid metadata.name");
    }
    if (found.size() == MAX_OBJECTS) {
      throw new InvalidManifestException(
          "is one more than the %d objects that a push may apply".formatted(MAX_OBJECTS));
    }
    Optional<KindView.Kind> kind = kinds.find(manifest.apiVersion(), manifest.kind());
    if (kind.isEmpty()) {
      throw new InvalidManifestException(
          "the cluster has no kind %s in %s; correct apiVersion, or have its CRD installed"
              .formatted(manifest.kind(), manifest.apiVersion()));
    }
    if (!kind.get().namespaced()) {
      throw new InvalidManifestException(
          "is an object of the whole cluster, which no push applies; have an operator apply it");
    }
    String written = object.at("/metadata/namespace").asText("");
    if (!written.isEmpty() && !written.equals(namespace)) {
      throw new InvalidManifestException(
          "is meant for namespace %s, and a push to this remote goes to %s only"
              .formatted(written, namespace));
    }
    normalise(object);
    if (SecretValues.isSecret(manifest)) {
      SecretValues.fold(object);
    }
    String id = "%s %s".formatted(manifest.group(), manifest.title());
    Manifest twin = seen.putIfAbsent(id, manifest);
    if (twin != null) {
      throw new InvalidManifestException("is also in " + twin.where());
    }
    found.add(manifest, kind.get());
  }

  /** What a cluster writes into objects and exports with them is none of the author's. */
  private void normalise(ObjectNode object) {
    object.remove("status");
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    metadata.remove(
        List.of(
            "creationTimestamp",
            "deletionTimestamp",
            "generation",
            "managedFields",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid"));
    metadata.put("namespace", namespace);
    ObjectNode labels =
        metadata.path("labels") instanceof ObjectNode present
            ? present
            : metadata.putObject("labels");
    labels.put(Labels.REMOTE, ShortName.labelValue(remote));
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
  }
}
