package dev.slipway.demo.cluster.api.http;

import dev.slipway.demo.cluster.schema.Rejected;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a client wants its answer.
 *
 * @param as empty for the object itself, else {@code Table}, {@code PartialObjectMetadata} …
 */
public record Accept(Format format, String as) {
  private static final List<String> SUPPORTED =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  /** The format of the text. */
  public enum Format {
    JSON("application/json"),
    YAML("application/yaml");

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  /**
   * Takes the first of the wanted types that can be served.
   *
   * @throws Rejected 406 when there is none
   */
  public static Accept parse(String header) {
    if (header.isBlank()) {
      return new Accept(Format.JSON, "");
    }
    for (var range : header.split(",", -1)) {
      var parts = range.split(";", -1);
      var parameters = parameters(parts);
      var as = parameters.getOrDefault("as", "");
      switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
        case "application/json", "*/*", "application/*", "text/html", "text/*" -> {
          return new Accept(Format.JSON, as);
        }
        case "application/yaml" -> {
          return new Accept(Format.YAML, as);
        }
        default -> {
          // Protobuf and whatever else: clients name JSON after it.
        }
      }
    }
    throw Rejected.of(
        406,
        "NotAcceptable",
        "only the following media types are accepted: " + String.join(", ", SUPPORTED));
  }

  public boolean isTable() {
    return as.equals("Table");
  }

  public boolean isMetadataOnly() {
    return as.startsWith("PartialObjectMetadata");
  }

  private static Map<String, String> parameters(String[] parts) {
    var all = new TreeMap<String, String>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        all.put(parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
      }
    }
    return all;
  }
}
