package dev.slipway.controller.resolve;

import dev.slipway.controller.check.ApiFailure;
import dev.slipway.controller.check.Finding;
import dev.slipway.controller.check.ManifestSource;
import dev.slipway.controller.model.Names;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/**
 * Asks whether a Remote's gitd may act as the ServiceAccount that applies manifests. No watch tells
 * of it: a Remote that needs the right is looked at again by and by.
 */
public final class ActingRights {
  private final KubernetesClient client;

  public ActingRights(KubernetesClient client) {
    this.client = client;
  }

  /** What is wrong; nothing where no manifests are applied. */
  public List<Finding> findings(Remote remote, RemoteSpec spec) {
    return ManifestSource.serviceAccount(remote.getMetadata(), spec).stream()
        .flatMap(account -> findings(remote, account).stream())
        .toList();
  }

  private List<Finding> findings(Remote remote, String account) {
    try {
      return mayActAs(remote, account)
          ? List.of()
          : List.of(ManifestSource.mayNotActAs(remote.getMetadata(), account));
    } catch (KubernetesClientException e) {
      return List.of(
          ApiFailure.finding(
              "Whether gitd may act as ServiceAccount %s is not known".formatted(account), e));
    }
  }

  private boolean mayActAs(Remote remote, String account) {
    String namespace = remote.getMetadata().getNamespace();
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(
                "system:serviceaccount:%s:%s"
                    .formatted(namespace, Names.of(remote.getMetadata().getName()).gitd()))
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withVerb("create")
            .withResource("serviceaccounts")
            .withSubresource("token")
            .withName(account)
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(
        client.authorization().v1().subjectAccessReview().create(review).getStatus().getAllowed());
  }
}
