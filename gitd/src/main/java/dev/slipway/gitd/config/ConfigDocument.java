package dev.slipway.gitd.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.crd.gitd.GitdConfig;
import io.fabric8.kubernetes.api.model.Secret;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the document that the controller publishes. */
final class ConfigDocument {
  /** A controller newer than this gitd may say more than is understood here. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Says why a Secret holds no usable configuration; never quotes from it. */
  static final class BrokenConfigException extends Exception {
    BrokenConfigException(String message) {
      super(message);
    }
  }

  private ConfigDocument() {}

  static GitdConfig read(Secret secret) throws BrokenConfigException {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    return decode(data.get(GitdConfig.KEY));
  }

  static GitdConfig decode(@Nullable String encoded) throws BrokenConfigException {
    if (encoded == null) {
      throw new BrokenConfigException("it has no key " + GitdConfig.KEY);
    }
    try {
      return parse(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new BrokenConfigException(GitdConfig.KEY + " is not base64");
    }
  }

  static GitdConfig parse(String json) throws BrokenConfigException {
    @Nullable GitdConfig config;
    try {
      config = JSON.readValue(json, GitdConfig.class);
    } catch (JsonProcessingException e) {
      throw new BrokenConfigException(
          "%s cannot be read at line %d"
              .formatted(
                  GitdConfig.KEY, e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
    }
    List<String> missing = config == null ? List.of("everything") : missing(config, "").toList();
    if (config == null || !missing.isEmpty()) {
      throw new BrokenConfigException(
          "%s lacks %s".formatted(GitdConfig.KEY, String.join(", ", missing)));
    }
    return config;
  }

  /**
   * Jackson fills what a document leaves out with null, whatever the record says; a controller
   * older than this gitd leaves out what it has never heard of.
   */
  private static Stream<String> missing(Record record, String prefix) {
    return Arrays.stream(record.getClass().getRecordComponents())
        .flatMap(
            component -> {
              @Nullable Object value = value(record, component);
              return value == null && isOptional(component)
                  ? Stream.of()
                  : missingIn(value, prefix + component.getName());
            });
  }

  private static Stream<String> missingIn(@Nullable Object value, String path) {
    return switch (value) {
      case null -> Stream.of(path);
      case Record record -> missing(record, path + ".");
      case List<?> list -> list.stream().flatMap(it -> missingIn(it, path)).distinct();
      default -> Stream.of();
    };
  }

  private static boolean isOptional(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
