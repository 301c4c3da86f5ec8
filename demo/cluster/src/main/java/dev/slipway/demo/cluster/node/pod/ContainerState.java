package dev.slipway.demo.cluster.node.pod;

import java.util.Optional;

/**
 * All that the status says of one container.
 *
 * @param image as written in the pod until it is known what it means
 * @param imageId {@code ""} until the image is there
 * @param containerId {@code ""} until the first start
 * @param last the end of the run before
 * @param ready passes its readiness probe, or for an init container has succeeded
 * @param started has passed its startup probe
 */
record ContainerState(
    String image,
    String imageId,
    String containerId,
    ContainerPhase phase,
    Optional<ContainerPhase.Terminated> last,
    int restarts,
    boolean ready,
    boolean started) {
  static ContainerState waiting(String image, String reason) {
    return new ContainerState(
        image, "", "", ContainerPhase.Waiting.because(reason), Optional.empty(), 0, false, false);
  }

  ContainerState withImage(String name, String id) {
    return new ContainerState(name, id, containerId, phase, last, restarts, ready, started);
  }

  /** What was a terminated phase becomes the last one. */
  ContainerState in(ContainerPhase next) {
    var before =
        phase instanceof ContainerPhase.Terminated ended
                && !(next instanceof ContainerPhase.Terminated)
            ? Optional.of(ended)
            : last;
    return new ContainerState(image, imageId, containerId, next, before, restarts, false, false);
  }

  /** A run begins. */
  ContainerState running(String id, ContainerPhase.Running running) {
    boolean again = !containerId.isEmpty();
    var next = in(running);
    return new ContainerState(
        image, imageId, id, running, next.last(), again ? restarts + 1 : restarts, false, false);
  }

  ContainerState probed(boolean nowReady, boolean nowStarted) {
    return new ContainerState(
        image, imageId, containerId, phase, last, restarts, nowReady, nowStarted);
  }
}
