package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.hooks.kube.PlainText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML as kubectl does: 1.1 with its octal numbers ({@code defaultMode: 0644}), but without
 * its times and numbers to the base of 60, which Go's parser does not have.
 */
final class YamlDocuments {
  private static final int MAX_CHARACTERS = 8 << 20;
  private static final int MAX_ALIASES = 50;

  /** Aliases within aliases make a small file a huge document. */
  private static final int MAX_NODES = 500_000;

  private static final int MAX_DEPTH = 100;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private int nodes;

  private YamlDocuments() {}

  /** All documents of a text, a missing node for each that is empty. */
  static List<JsonNode> read(String text) throws InvalidManifestException {
    List<JsonNode> documents = new ArrayList<>();
    var reader = new YamlDocuments();
    try {
      for (Object document : yaml().loadAll(text)) {
        documents.add(document == null ? JSON.missingNode() : reader.json(document, 0));
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new InvalidManifestException(
          "line %d: %s".formatted(line, PlainText.oneLine(e.getProblem())));
    } catch (YAMLException e) {
      throw new InvalidManifestException(PlainText.oneLine(String.valueOf(e.getMessage())));
    }
    return documents;
  }

  private JsonNode json(@Nullable Object value, int depth) throws InvalidManifestException {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new InvalidManifestException("the document is too large or too deep");
    }
    return switch (value) {
      case null -> JSON.nullNode();
      case Map<?, ?> map -> {
        ObjectNode object = JSON.objectNode();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          object.set(String.valueOf(entry.getKey()), json(entry.getValue(), depth + 1));
        }
        yield object;
      }
      case Iterable<?> items -> {
        ArrayNode list = JSON.arrayNode();
        for (Object item : items) {
          list.add(json(item, depth + 1));
        }
        yield list;
      }
      case Boolean it -> JSON.booleanNode(it);
      case Integer it -> JSON.numberNode(it);
      case Long it -> JSON.numberNode(it);
      case BigInteger it -> JSON.numberNode(it);
      case Double it -> JSON.numberNode(it);
      case byte[] it -> JSON.binaryNode(it);
      default -> JSON.textNode(value.toString());
    };
  }

  private static Yaml yaml() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    var dump = new DumperOptions();
    return new Yaml(
        new SafeConstructor(options), new Representer(dump), dump, options, new KubectlResolver());
  }

  private static final class KubectlResolver extends Resolver {
    private static final Pattern WHOLE =
        Pattern.compile("[-+]?(?:0b[01_]+|0[0-7_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*)");
    private static final Pattern BROKEN =
        Pattern.compile(
            "[-+]?(?:[0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?"
                + "|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
      addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
      addImplicitResolver(Tag.FLOAT, BROKEN, "-+0123456789.");
      addImplicitResolver(Tag.MERGE, MERGE, "<");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
    }
  }
}
