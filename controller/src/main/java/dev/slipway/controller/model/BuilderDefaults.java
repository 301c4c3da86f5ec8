package dev.slipway.controller.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.crd.Resources;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where builds run and what they may use. The first two count for Remotes that do not say it.
 *
 * @param tolerations of every build, since a Remote cannot say any
 * @param priorityClassName of every build; null or empty for that of the namespace
 */
public record BuilderDefaults(
    @Nullable Resources resources,
    @Nullable Map<String, String> nodeSelector,
    @Nullable List<Toleration> tolerations,
    @Nullable String priorityClassName) {
  private static final JsonMapper JSON = new JsonMapper();

  /** When nobody has said anything. */
  public static BuilderDefaults none() {
    return new BuilderDefaults(null, null, null, null);
  }

  /**
   * Reads a JSON object with these fields, each as in a pod.
   *
   * @throws IllegalArgumentException with a sentence for whoever wrote it
   */
  public static BuilderDefaults parse(String json) {
    try {
      BuilderDefaults read = JSON.readValue(json, BuilderDefaults.class);
      if (read != null) {
        return read;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "--builder-defaults must be a JSON object with resources, nodeSelector, tolerations or priorityClassName: "
              + e.getOriginalMessage(),
          e);
    }
    return none();
  }
}
