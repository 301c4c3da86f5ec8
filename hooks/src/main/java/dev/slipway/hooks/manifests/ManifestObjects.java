package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.hooks.kube.ApiCalls;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The objects of one namespace, with the rights of one account: looked up, applied, deleted. */
final class ManifestObjects implements AutoCloseable {
  static final String FIELD_MANAGER = "slipway-manifests";
  private static final String CONFLICT = "FieldManagerConflict";
  private static final Pattern OWNER = Pattern.compile("conflict with \"([^\"]+)\".*");

  private final KubernetesClient client;
  private final ApiCalls api;
  private final String namespace;

  /** How an apply ends, if not with an exception. */
  sealed interface Answer {
    /**
     * It is applied.
     *
     * @param object as it is now
     */
    record Applied(ObjectNode object) implements Answer {}

    /** Nothing has changed: others own some of the fields with other values. */
    record Conflicting(List<Conflict> conflicts) implements Answer {}
  }

  /**
   * One field that another manager owns.
   *
   * @param field for example {@code .spec.replicas}
   */
  record Conflict(String field, String manager) {}

  /**
   * @param client of the account, closed together with this
   */
  ManifestObjects(KubernetesClient client, ApiCalls api, String namespace) {
    this.client = client;
    this.api = api;
    this.namespace = namespace;
  }

  Optional<ObjectNode> find(Manifest manifest, KindView.Kind kind) throws InterruptedException {
    return api.call(() -> Optional.ofNullable(resource(manifest, kind).get()).map(this::json));
  }

  /**
   * Applies server-side.
   *
   * @param force takes over the fields that others own
   * @param dryRun asks what would happen, and for fields that nobody knows
   */
  Answer apply(Manifest manifest, KindView.Kind kind, boolean force, boolean dryRun)
      throws InterruptedException {
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(force)
            .withDryRun(dryRun ? List.of("All") : null)
            .withFieldValidation(dryRun ? "Strict" : "Ignore")
            .build();
    return api.call(
        () -> {
          try {
            GenericKubernetesResource applied = written(manifest, kind).patch(context);
            return new Answer.Applied(json(applied));
          } catch (KubernetesClientException e) {
            List<Conflict> conflicts = conflicts(e);
            if (conflicts.isEmpty()) {
              throw tellable(manifest, e);
            }
            return new Answer.Conflicting(conflicts);
          }
        });
  }

  /** Creates what was there once, as it was. */
  void create(Manifest manifest, KindView.Kind kind) throws InterruptedException {
    api.call(
        () -> {
          try {
            return written(manifest, kind).create();
          } catch (KubernetesClientException e) {
            throw tellable(manifest, e);
          }
        });
  }

  /** Deletes it together with what it owns; nothing happens when it is not there. */
  void delete(Manifest manifest, KindView.Kind kind) throws InterruptedException {
    api.call(
        () ->
            resource(manifest, kind)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete());
  }

  /** Whether the account has a right. */
  boolean may(String verb, Manifest manifest, KindView.Kind kind) throws InterruptedException {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withVerb(verb)
            .withGroup(manifest.group())
            .withResource(kind.plural())
            .withName(verb.equals("create") ? null : manifest.name())
            .endResourceAttributes()
            .endSpec()
            .build();
    return api.call(
        () ->
            Boolean.TRUE.equals(
                client
                    .authorization()
                    .v1()
                    .selfSubjectAccessReview()
                    .create(review)
                    .getStatus()
                    .getAllowed()));
  }

  @Override
  public void close() {
    client.close();
  }

  private Resource<GenericKubernetesResource> resource(Manifest manifest, KindView.Kind kind) {
    return client
        .genericKubernetesResources(context(manifest, kind))
        .inNamespace(namespace)
        .withName(manifest.name());
  }

  /** With the manifest as what is to be sent. */
  private Resource<GenericKubernetesResource> written(Manifest manifest, KindView.Kind kind) {
    GenericKubernetesResource object =
        client
            .getKubernetesSerialization()
            .unmarshal(manifest.object().toString(), GenericKubernetesResource.class);
    return client
        .genericKubernetesResources(context(manifest, kind))
        .inNamespace(namespace)
        .resource(object);
  }

  private static ResourceDefinitionContext context(Manifest manifest, KindView.Kind kind) {
    String version = manifest.apiVersion();
    return new ResourceDefinitionContext.Builder()
        .withGroup(manifest.group())
        .withVersion(version.substring(version.indexOf('/') + 1))
        .withKind(manifest.kind())
        .withPlural(kind.plural())
        .withNamespaced(true)
        .build();
  }

  private ObjectNode json(GenericKubernetesResource object) {
    return client.getKubernetesSerialization().convertValue(object, ObjectNode.class);
  }

  private static KubernetesClientException tellable(
      Manifest manifest, KubernetesClientException e) {
    return SecretValues.isSecret(manifest) ? SecretValues.withoutWords(e) : e;
  }

  private static List<Conflict> conflicts(KubernetesClientException e) {
    if (e.getCode() != 409 || e.getStatus() == null || e.getStatus().getDetails() == null) {
      return List.of();
    }
    return e.getStatus().getDetails().getCauses().stream()
        .filter(cause -> CONFLICT.equals(cause.getReason()))
        .map(cause -> new Conflict(cause.getField(), owner(cause)))
        .toList();
  }

  private static String owner(StatusCause cause) {
    Matcher owner = OWNER.matcher(cause.getMessage());
    return owner.matches() ? owner.group(1) : cause.getMessage();
  }
}
