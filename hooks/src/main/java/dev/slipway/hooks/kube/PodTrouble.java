package dev.slipway.hooks.kube;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a pod does not get on, as its status and events tell it.
 *
 * @param container that is concerned, empty when the whole pod is
 * @param reason Kubernetes' own, for example {@code ErrImagePull}
 * @param message Kubernetes' own, one line
 */
public record PodTrouble(Kind kind, String container, String reason, String message) {

  private static final String SANDBOX_EVENT = "FailedCreatePodSandBox";
  private static final List<String> MOUNT_EVENTS =
      List.of("FailedMount", "FailedAttachVolume", SANDBOX_EVENT);

  /** How likely it is to pass by itself. */
  public enum Kind {
    /** No node can take the pod: may pass when others leave. */
    UNSCHEDULABLE,
    /** A volume is not there: passes when it was only late. */
    MOUNT,
    /** The node cannot make the pod's sandbox: passes when its network was away. */
    SANDBOX,
    /** The image cannot be pulled: passes when the registry was away. */
    PULL,
    /** The container cannot be created: passes when a Secret was only late. */
    CONFIGURATION,
    /** Never passes. */
    FATAL,
    /** Starts and ends, again and again. */
    CRASH
  }

  /** What is wrong with a pod, if anything is. */
  public static Optional<PodTrouble> of(Pod pod, List<Event> events) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return unschedulable(pod)
        .or(() -> statuses(pod).flatMap(status -> ofContainer(status, events).stream()).findFirst())
        .or(() -> mount(pod, events));
  }

  /** Init containers first. */
  public static Stream<ContainerStatus> statuses(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream());
  }

  private static Optional<PodTrouble> unschedulable(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(
            condition ->
                "PodScheduled".equals(condition.getType())
                    && "False".equals(condition.getStatus())
                    && "Unschedulable".equals(condition.getReason()))
        .findFirst()
        .map(
            condition ->
                new PodTrouble(
                    Kind.UNSCHEDULABLE, "", "Unschedulable", text(condition.getMessage())));
  }

  private static Optional<PodTrouble> ofContainer(ContainerStatus status, List<Event> events) {
    ContainerStateWaiting waiting =
        status.getState() == null ? null : status.getState().getWaiting();
    if (waiting == null || waiting.getReason() == null) {
      return Optional.empty();
    }
    Kind kind =
        switch (waiting.getReason()) {
          case "ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError" ->
              Kind.PULL;
          case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
              Kind.CONFIGURATION;
          case "InvalidImageName", "ErrImageNeverPull" -> Kind.FATAL;
          case "CrashLoopBackOff" -> Kind.CRASH;
          default -> null;
        };
    if (kind == null) {
      return Optional.empty();
    }
    String message = text(waiting.getMessage());
    if (kind == Kind.PULL && !message.contains("ErrImagePull") && !message.contains("failed to")) {
      // Older kubelets say only that they wait before the next try.
      message = Events.lastWarning(events, List.of("Failed")).orElse(message);
    }
    return Optional.of(new PodTrouble(kind, status.getName(), waiting.getReason(), message));
  }

  /** Nothing in the status tells about volumes: the events do. */
  private static Optional<PodTrouble> mount(Pod pod, List<Event> events) {
    boolean waiting =
        statuses(pod)
            .allMatch(
                status ->
                    status.getState() == null
                        || (status.getState().getRunning() == null
                            && status.getState().getTerminated() == null));
    return waiting
        ? Events.last(events, MOUNT_EVENTS)
            .map(
                event ->
                    new PodTrouble(
                        SANDBOX_EVENT.equals(event.getReason()) ? Kind.SANDBOX : Kind.MOUNT,
                        "",
                        event.getReason(),
                        text(event.getMessage())))
        : Optional.empty();
  }

  private static String text(String message) {
    return message == null ? "" : PlainText.oneLine(message);
  }
}
