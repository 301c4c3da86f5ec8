package dev.slipway.demo.cluster.node.kubelet;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a container has a log yet, told in the kubelet's sentences: {@code
 * validateContainerLogStatus} in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/
 */
final class LogState {
  private LogState() {}

  static void require(Pod pod, String container, boolean previous) throws LogsUnavailable {
    var named = "container \"" + container + "\" in pod \"" + pod.getMetadata().getName() + "\"";
    var status = status(pod, container);
    if (previous) {
      if (status.filter(each -> lastRun(each) != null).isEmpty()) {
        throw new LogsUnavailable("previous terminated " + named + " not found");
      }
      return;
    }
    if (status.filter(LogState::hasRun).isEmpty()) {
      throw new LogsUnavailable(named + " is waiting to start: " + explained(reason(status)));
    }
  }

  private static boolean hasRun(ContainerStatus status) {
    var state = status.getState();
    return lastRun(status) != null
        || (state != null && (state.getRunning() != null || state.getTerminated() != null));
  }

  private static @Nullable ContainerStateTerminated lastRun(ContainerStatus status) {
    return status.getLastState() == null ? null : status.getLastState().getTerminated();
  }

  private static Optional<ContainerStatus> status(Pod pod, String container) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(all -> Stream.of(all.getContainerStatuses(), all.getInitContainerStatuses()))
        .flatMap(List::stream)
        .filter(each -> each.getName().equals(container))
        .findFirst();
  }

  private static String reason(Optional<ContainerStatus> status) {
    return status
        .map(ContainerStatus::getState)
        .map(state -> state.getWaiting())
        .map(waiting -> waiting.getReason())
        .orElse("");
  }

  private static String explained(String reason) {
    return switch (reason) {
      case "ImagePullBackOff" -> "image can't be pulled";
      case "ErrImagePull" -> "trying and failing to pull image";
      case "" -> "ContainerCreating";
      default -> reason;
    };
  }
}
