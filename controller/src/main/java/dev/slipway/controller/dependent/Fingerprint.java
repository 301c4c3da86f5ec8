package dev.slipway.controller.dependent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.controller.model.HostKeySecret;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the controller has to say about an object, as a short text. That of an object in the cluster
 * is made of the fields that the controller owns there: whoever else changes or removes a field
 * takes it away from the owner. So where it is that of the desired object, an apply would change
 * nothing.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">field
 *     management</a>
 */
final class Fingerprint {
  private static final String SELF = ".";

  private static final ObjectMapper CANONICAL =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Fingerprint() {}

  static String of(HasMetadata desired, KubernetesSerialization json) {
    return digest(json.convertValue(desired, Map.class));
  }

  /** Empty where the controller owns nothing. */
  static Optional<String> ofOwned(HasMetadata object, KubernetesSerialization json) {
    return object.getMetadata().getManagedFields().stream()
        .filter(Fingerprint::isOurs)
        .findFirst()
        .map(ManagedFieldsEntry::getFieldsV1)
        .map(fields -> fields.getAdditionalProperties())
        .map(fields -> digest(owned(object, fields, json)));
  }

  private static boolean isOurs(ManagedFieldsEntry entry) {
    return Dependents.FIELD_MANAGER.equals(entry.getManager())
        && "Apply".equals(entry.getOperation())
        && (entry.getSubresource() == null || entry.getSubresource().isEmpty());
  }

  private static Map<?, ?> owned(
      HasMetadata object, Map<String, ?> fields, KubernetesSerialization json) {
    Map<?, ?> whole = json.convertValue(object, Map.class);
    Map<String, Object> owned = ownedFields(whole, fields, json);
    owned.put("apiVersion", object.getApiVersion());
    owned.put("kind", object.getKind());
    @SuppressWarnings("unchecked") // Labels are always among them.
    var metadata = (Map<String, Object>) owned.computeIfAbsent("metadata", _ -> new HashMap<>());
    metadata.put("name", object.getMetadata().getName());
    metadata.put("namespace", object.getMetadata().getNamespace());
    // What is written once is nothing to be compared.
    switch (object) {
      case PersistentVolumeClaim _ -> owned.remove("spec");
      case Secret secret when HostKeySecret.isOne(secret) -> owned.remove("data");
      default -> {}
    }
    return owned;
  }

  private static @Nullable Object owned(
      @Nullable Object value, Map<?, ?> fields, KubernetesSerialization json) {
    if (fields.isEmpty() || (fields.size() == 1 && fields.containsKey(SELF))) {
      return value;
    }
    return switch (value) {
      case Map<?, ?> map -> ownedFields(map, fields, json);
      case List<?> list -> ownedItems(list, fields, json);
      case null, default -> value;
    };
  }

  private static Map<String, Object> ownedFields(
      Map<?, ?> map, Map<?, ?> fields, KubernetesSerialization json) {
    Map<String, Object> owned = new HashMap<>();
    fields.forEach(
        (field, below) -> {
          String name = afterPrefix(field);
          if (map.containsKey(name) && below instanceof Map<?, ?> children) {
            owned.put(name, owned(map.get(name), children, json));
          }
        });
    return owned;
  }

  /** In the order of the list: the one of their owner says nothing. */
  private static List<?> ownedItems(List<?> list, Map<?, ?> fields, KubernetesSerialization json) {
    return list.stream()
        .flatMap(
            item ->
                fields.entrySet().stream()
                    .filter(field -> isAbout(item, String.valueOf(field.getKey()), json))
                    .map(field -> owned(item, (Map<?, ?>) field.getValue(), json))
                    .limit(1))
        .toList();
  }

  private static boolean isAbout(Object item, String field, KubernetesSerialization json) {
    if (field.startsWith("k:")) {
      Map<?, ?> key = json.unmarshal(afterPrefix(field), Map.class);
      return item instanceof Map<?, ?> map && map.entrySet().containsAll(key.entrySet());
    }
    return field.startsWith("v:")
        && Objects.equals(item, json.unmarshal(afterPrefix(field), Object.class));
  }

  private static String afterPrefix(Object field) {
    String text = String.valueOf(field);
    return text.substring(text.indexOf(':') + 1);
  }

  private static String digest(Map<?, ?> whatIsSaid) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(CANONICAL.writeValueAsBytes(whatIsSaid));
      return Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
