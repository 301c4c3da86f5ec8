package dev.slipway.gitd.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.crd.gitd.GitdConfig;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
    String encoded = data.get(GitdConfig.KEY);
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
    List<String> missing = config == null ? List.of("everything") : missing(config);
    if (config == null || !missing.isEmpty()) {
      throw new BrokenConfigException(
          "%s lacks %s".formatted(GitdConfig.KEY, String.join(", ", missing)));
    }
    return config;
  }

  /** Jackson fills what a document leaves out with null, whatever the record says. */
  private static List<String> missing(GitdConfig config) {
    List<String> missing = new ArrayList<>();
    require(missing, "namespace", config.namespace());
    require(missing, "name", config.name());
    require(missing, "uid", config.uid());
    require(missing, "authorizedKeys", config.authorizedKeys());
    require(missing, "branches", config.branches());
    require(missing, "targets", config.targets());
    require(missing, "builder", config.builder());
    require(missing, "rollout", config.rollout());
    require(missing, "limits", config.limits());
    require(missing, "unsupported", config.unsupported());
    return missing;
  }

  private static void require(List<String> missing, String name, @Nullable Object value) {
    if (value == null || value.equals("")) {
      missing.add(name);
    }
  }
}
