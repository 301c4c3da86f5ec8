package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads the tables that lie beside the classes that use them. */
public final class BundledYaml {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BundledYaml() {}

  /** The one document of a file that lies beside {@code owner}. */
  public static JsonNode read(Class<?> owner, String file) {
    try (var text = owner.getResourceAsStream(file)) {
      // Jackson alone reads an alias as a text.
      Object resolved = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      return JSON.valueToTree(resolved);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
