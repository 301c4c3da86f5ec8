package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.hooks.kube.PlainText;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
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

  /**
   * All documents of a text, a missing node for each that is empty. All texts that are read with
   * the same instance share its limits.
   */
  List<JsonNode> read(String text) throws InvalidManifestException {
    List<JsonNode> documents = new ArrayList<>();
    LoaderOptions options = options();
    try {
      var composer =
          new Composer(
              new ParserImpl(new StreamReader(text), options), new KubectlResolver(), options);
      var values = new Values(options);
      while (composer.checkNode()) {
        Node node = composer.getNode();
        checkKeys(node);
        Object document = values.of(node);
        documents.add(document == null ? JSON.missingNode() : json(document, 0));
      }
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new InvalidManifestException(
          "line %d: %s".formatted(line, PlainText.oneLine(e.getProblem())));
    } catch (YAMLException e) {
      throw new InvalidManifestException(PlainText.oneLine(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      // Its message quotes the value, which may be one of a Secret.
      throw new InvalidManifestException("holds a value that is not what its tag says");
    }
    return documents;
  }

  /** A key that is a collection would be hashed, which with aliases in it takes forever. */
  private static void checkKeys(Node document) throws InvalidManifestException {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> left = new ArrayDeque<>(List.of(document));
    while (!left.isEmpty()) {
      Node node = left.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (node instanceof SequenceNode list) {
        left.addAll(list.getValue());
      } else if (node instanceof MappingNode map) {
        for (NodeTuple entry : map.getValue()) {
          if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            throw new InvalidManifestException(
                "line %d: a key must be a text"
                    .formatted(entry.getKeyNode().getStartMark().getLine() + 1));
          }
          left.add(key);
          left.add(entry.getValueNode());
        }
      }
    }
  }

  private JsonNode json(@Nullable Object value, int depth) throws InvalidManifestException {
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new InvalidManifestException("the manifests are too large or too deep");
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

  private static LoaderOptions options() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    return options;
  }

  /** The values of nodes, as SnakeYAML understands their tags. */
  private static final class Values extends SafeConstructor {
    Values(LoaderOptions options) {
      super(options);
      // Otherwise set by the facade, whatever the options say.
      setAllowDuplicateKeys(options.isAllowDuplicateKeys());
    }

    @Nullable Object of(Node document) {
      return constructDocument(document);
    }
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
