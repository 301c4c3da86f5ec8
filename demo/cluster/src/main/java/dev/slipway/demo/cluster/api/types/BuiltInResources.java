package dev.slipway.demo.cluster.api.types;

import static dev.slipway.demo.cluster.api.types.ResourceType.Trait.NO_DELETE_COLLECTION;
import static dev.slipway.demo.cluster.api.types.ResourceType.Trait.ORPHANS_BY_DEFAULT;
import static dev.slipway.demo.cluster.api.types.ResourceType.Trait.VIRTUAL;

import java.util.List;
import java.util.stream.Stream;

/** The table of the kinds that every cluster has, as far as this one serves them. */
final class BuiltInResources {
  private static final String APPS = "apps/v1";
  private static final String RBAC = "rbac.authorization.k8s.io/v1";
  private static final String AUTHORIZATION = "authorization.k8s.io/v1";
  private static final String AUTHENTICATION = "authentication.k8s.io/v1";

  private static final String[] EVENT_FIELDS = {
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type"
  };

  private static final String[] REGARDING_FIELDS = {
    "regarding.kind",
    "regarding.namespace",
    "regarding.name",
    "regarding.uid",
    "regarding.apiVersion",
    "regarding.resourceVersion",
    "regarding.fieldPath",
    "reason",
    "reportingController",
    "type"
  };

  static final List<ResourceType> ALL =
      Stream.of(core(), workloads(), policy(), reviews())
          .flatMap(List::stream)
          .map(ResourceTypeBuilder::build)
          .toList();

  private BuiltInResources() {}

  private static List<ResourceTypeBuilder> core() {
    return List.of(
        kind("v1", "ConfigMap", "configmaps").shortNames("cm"),
        kind("v1", "Endpoints", "endpoints").shortNames("ep"),
        kind("v1", "Event", "events").shortNames("ev").selectable(EVENT_FIELDS),
        kind("v1", "LimitRange", "limitranges").shortNames("limits"),
        kind("v1", "Namespace", "namespaces")
            .clusterWide()
            .shortNames("ns")
            .subresources("finalize", "status")
            .selectable("status.phase")
            .with(NO_DELETE_COLLECTION),
        kind("v1", "Node", "nodes")
            .clusterWide()
            .shortNames("no")
            .subresources("status")
            .selectable("spec.unschedulable"),
        kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims")
            .shortNames("pvc")
            .subresources("status"),
        kind("v1", "PersistentVolume", "persistentvolumes")
            .clusterWide()
            .shortNames("pv")
            .subresources("status"),
        kind("v1", "Pod", "pods")
            .shortNames("po")
            .inAll()
            .subresources("binding", "eviction", "log", "status")
            .selectable(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName"),
        kind("v1", "ResourceQuota", "resourcequotas").shortNames("quota").subresources("status"),
        kind("v1", "Secret", "secrets").selectable("type"),
        kind("v1", "ServiceAccount", "serviceaccounts").shortNames("sa").subresources("token"),
        kind("v1", "Service", "services").shortNames("svc").inAll().subresources("status"));
  }

  private static List<ResourceTypeBuilder> workloads() {
    return List.of(
        kind(APPS, "ControllerRevision", "controllerrevisions"),
        kind(APPS, "DaemonSet", "daemonsets").shortNames("ds").inAll().subresources("status"),
        kind(APPS, "Deployment", "deployments")
            .shortNames("deploy")
            .inAll()
            .subresources("scale", "status"),
        kind(APPS, "ReplicaSet", "replicasets")
            .shortNames("rs")
            .inAll()
            .subresources("scale", "status")
            .selectable("status.replicas"),
        kind(APPS, "StatefulSet", "statefulsets")
            .shortNames("sts")
            .inAll()
            .subresources("scale", "status"),
        kind("batch/v1", "CronJob", "cronjobs").shortNames("cj").inAll().subresources("status"),
        kind("batch/v1", "Job", "jobs")
            .inAll()
            .subresources("status")
            .selectable("status.successful")
            .with(ORPHANS_BY_DEFAULT),
        kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
        kind("events.k8s.io/v1", "Event", "events")
            .shortNames("ev")
            .selectable(REGARDING_FIELDS)
            .storedAs("", "events"),
        kind("coordination.k8s.io/v1", "Lease", "leases"));
  }

  private static List<ResourceTypeBuilder> policy() {
    return List.of(
        kind("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions")
            .clusterWide()
            .shortNames("crd", "crds")
            .subresources("status"),
        kind("networking.k8s.io/v1", "Ingress", "ingresses")
            .shortNames("ing")
            .subresources("status"),
        kind("networking.k8s.io/v1", "IngressClass", "ingressclasses").clusterWide(),
        kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies").shortNames("netpol"),
        kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets")
            .shortNames("pdb")
            .subresources("status"),
        kind(RBAC, "ClusterRole", "clusterroles").clusterWide(),
        kind(RBAC, "ClusterRoleBinding", "clusterrolebindings").clusterWide(),
        kind(RBAC, "Role", "roles"),
        kind(RBAC, "RoleBinding", "rolebindings"),
        kind("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses")
            .clusterWide()
            .shortNames("pc"),
        kind("storage.k8s.io/v1", "StorageClass", "storageclasses").clusterWide().shortNames("sc"));
  }

  private static List<ResourceTypeBuilder> reviews() {
    return List.of(
        kind(AUTHENTICATION, "SelfSubjectReview", "selfsubjectreviews").clusterWide().with(VIRTUAL),
        kind(AUTHENTICATION, "TokenReview", "tokenreviews").clusterWide().with(VIRTUAL),
        kind(AUTHORIZATION, "LocalSubjectAccessReview", "localsubjectaccessreviews").with(VIRTUAL),
        kind(AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews")
            .clusterWide()
            .with(VIRTUAL),
        kind(AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews")
            .clusterWide()
            .with(VIRTUAL),
        kind(AUTHORIZATION, "SubjectAccessReview", "subjectaccessreviews")
            .clusterWide()
            .with(VIRTUAL));
  }

  private static ResourceTypeBuilder kind(String apiVersion, String kind, String plural) {
    return new ResourceTypeBuilder(apiVersion, kind, plural);
  }
}
