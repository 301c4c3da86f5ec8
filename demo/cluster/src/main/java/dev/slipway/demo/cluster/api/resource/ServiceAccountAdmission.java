package dev.slipway.demo.cluster.api.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.storage.Key;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.schema.BundledYaml;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.List;

/** Lets a pod run as a ServiceAccount that exists, and mounts that account's token into it. */
public final class ServiceAccountAdmission implements Admission {
  private static final ResourceName ACCOUNTS = new ResourceName("", "serviceaccounts");
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final JsonNode PROJECTED =
      BundledYaml.read(ServiceAccountAdmission.class, "token-volume.yaml");

  private final Store store;
  private final NameSuffix suffixes = new NameSuffix();

  public ServiceAccountAdmission(Store store) {
    this.store = store;
  }

  @Override
  public void admit(Attempt attempt) {
    if (!attempt.type().kind().equals("Pod") || attempt.before().isPresent()) {
      return;
    }
    var pod = attempt.object();
    var spec = pod.json().withObjectProperty("spec");
    var name = spec.path("serviceAccountName").asText(spec.path("serviceAccount").asText(""));
    if (name.isEmpty()) {
      name = "default";
    }
    spec.put("serviceAccountName", name).put("serviceAccount", name);
    var account = account(attempt, name);
    if (spec.path("imagePullSecrets").isEmpty() && !account.at("/imagePullSecrets").isEmpty()) {
      spec.set("imagePullSecrets", account.at("/imagePullSecrets").deepCopy());
    }
    boolean mounts =
        spec.path("automountServiceAccountToken")
            .asBoolean(account.at("/automountServiceAccountToken").asBoolean(true));
    if (mounts) {
      mountToken(spec);
    }
  }

  private ApiObject account(Attempt attempt, String name) {
    var namespace = attempt.object().namespace();
    return store
        .get(new Key(ACCOUNTS, namespace, name))
        .orElseThrow(
            () ->
                Rejected.forbidden(
                    attempt.type().resource(),
                    asked(attempt.object()),
                    "error looking up service account %s/%s: serviceaccount \"%s\" not found"
                        .formatted(namespace, name, name)));
  }

  /** A real API server looks for the account before it completes {@code generateName}. */
  private static String asked(ApiObject pod) {
    var prefix = pod.text("/metadata/generateName");
    return prefix.isEmpty() ? pod.name() : prefix;
  }

  private void mountToken(ObjectNode spec) {
    var volume = suffixes.appendTo("kube-api-access-");
    boolean needed = false;
    for (var field : List.of("initContainers", "containers")) {
      for (var container : spec.path(field)) {
        if (container instanceof ObjectNode object && !hasTokenMount(object)) {
          object
              .withArrayProperty("volumeMounts")
              .addObject()
              .put("name", volume)
              .put("readOnly", true)
              .put("mountPath", MOUNT_PATH);
          needed = true;
        }
      }
    }
    if (needed) {
      var projected = (ObjectNode) PROJECTED.deepCopy();
      spec.withArrayProperty("volumes").addObject().put("name", volume).set("projected", projected);
    }
  }

  private static boolean hasTokenMount(JsonNode container) {
    for (var mount : container.path("volumeMounts")) {
      if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
        return true;
      }
    }
    return false;
  }
}
