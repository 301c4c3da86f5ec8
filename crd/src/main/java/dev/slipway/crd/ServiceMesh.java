package dev.slipway.crd;

import java.util.Map;

/** How a pod asks the service meshes in use to put no sidecar into it. */
public final class ServiceMesh {
  /** What Istio reads, labels of the pod. */
  public static final Map<String, String> LABELS = Map.of("sidecar.istio.io/inject", "false");

  /** What Linkerd reads, annotations of the pod. */
  public static final Map<String, String> ANNOTATIONS = Map.of("linkerd.io/inject", "disabled");

  private ServiceMesh() {}
}
