package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.pod.ContainerPhase.Running;
import dev.slipway.demo.cluster.node.pod.ContainerPhase.Terminated;
import dev.slipway.demo.cluster.node.pod.ContainerPhase.Waiting;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes a pod's status from what the node knows, as a kubelet does. */
final class PodStatuses {
  private static final Set<String> OWN =
      Set.of(
          "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

  private PodStatuses() {}

  /**
   * Pure.
   *
   * @param before the status written last: gives the times of conditions that have not changed
   */
  static PodStatus status(Pod pod, PodFacts facts, PodStatus before, Instant now) {
    var outlook = outlook(pod, facts);
    // A kubelet reports the final phase only when all is stopped and torn down.
    boolean early = isFinal(outlook) && !facts.ended();
    var phase = early ? Optional.ofNullable(before.getPhase()).orElse("Pending") : outlook;
    var builder =
        new PodStatusBuilder()
            .withObservedGeneration(pod.getMetadata().getGeneration())
            .withPhase(phase)
            .withConditions(conditions(pod, facts, outlook, before, now))
            .withHostIP(facts.hostAddress())
            .withHostIPs(new HostIP(facts.hostAddress()))
            .withStartTime(time(facts.startTime()))
            .withInitContainerStatuses(statuses(initContainers(pod), facts))
            .withContainerStatuses(statuses(byName(pod.getSpec().getContainers()), facts));
    facts.address().ifPresent(ip -> builder.withPodIP(ip).withPodIPs(new PodIP(ip)));
    facts
        .failure()
        .filter(failure -> facts.ended())
        .ifPresent(failure -> builder.withReason(failure.reason()).withMessage(failure.message()));
    return builder.build();
  }

  static boolean isFinal(String phase) {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** As a kubelet lists them, except for init containers. */
  private static List<Container> byName(List<Container> containers) {
    return containers.stream().sorted(Comparator.comparing(Container::getName)).toList();
  }

  private static List<Container> initContainers(Pod pod) {
    return pod.getSpec().getInitContainers();
  }

  /** The phase that the containers alone would give. */
  private static String outlook(Pod pod, PodFacts facts) {
    if (facts.failure().isPresent()) {
      return "Failed";
    }
    boolean never = pod.getSpec().getRestartPolicy().equals("Never");
    var init = states(initContainers(pod), facts);
    if (never && init.stream().anyMatch(state -> isEnded(state, end -> !end.succeeded()))) {
      return "Failed";
    }
    if (!init.stream().allMatch(state -> isEnded(state, Terminated::succeeded))) {
      return "Pending";
    }
    var main = states(pod.getSpec().getContainers(), facts);
    if (main.stream().allMatch(state -> isEnded(state, end -> true))) {
      boolean good = main.stream().allMatch(state -> isEnded(state, Terminated::succeeded));
      return switch (pod.getSpec().getRestartPolicy()) {
        case "Always" -> facts.ended() ? (good ? "Succeeded" : "Failed") : "Running";
        case "OnFailure" -> good ? "Succeeded" : facts.ended() ? "Failed" : "Running";
        default -> good ? "Succeeded" : "Failed";
      };
    }
    if (facts.ended()) {
      return "Failed";
    }
    boolean allStarted = main.stream().noneMatch(state -> state.containerId().isEmpty());
    return allStarted ? "Running" : "Pending";
  }

  private static boolean isEnded(ContainerState state, Predicate<Terminated> how) {
    return state.phase() instanceof Terminated end && how.test(end);
  }

  private static List<ContainerState> states(List<Container> containers, PodFacts facts) {
    return containers.stream().map(container -> state(container, facts)).toList();
  }

  private static ContainerState state(Container container, PodFacts facts) {
    return Optional.ofNullable(facts.containers().get(container.getName()))
        .orElseGet(() -> ContainerState.waiting(container.getImage(), "ContainerCreating"));
  }

  private static List<PodCondition> conditions(
      Pod pod, PodFacts facts, String outlook, PodStatus before, Instant now) {
    var conditions = new ArrayList<PodCondition>();
    var unfinished =
        names(initContainers(pod), facts, state -> !isEnded(state, Terminated::succeeded));
    var unready = names(pod.getSpec().getContainers(), facts, state -> !state.ready());
    boolean completed = outlook.equals("Succeeded");
    conditions.add(condition("PodReadyToStartContainers", facts.sandboxReady()));
    conditions.add(
        unfinished.isEmpty()
            ? because(condition("Initialized", true), completed ? "PodCompleted" : null, null)
            : because(
                condition("Initialized", false),
                "ContainersNotInitialized",
                "containers with incomplete status: [" + String.join(" ", unfinished) + "]"));
    for (var type : List.of("Ready", "ContainersReady")) {
      boolean ready = unready.isEmpty() && unfinished.isEmpty() && !isFinal(outlook);
      conditions.add(
          ready
              ? condition(type, true)
              : switch (outlook) {
                case "Succeeded" -> because(condition(type, false), "PodCompleted", null);
                case "Failed" -> because(condition(type, false), "PodFailed", null);
                default ->
                    because(
                        condition(type, false),
                        "ContainersNotReady",
                        "containers with unready status: [" + String.join(" ", unready) + "]");
              });
    }
    conditions.add(condition("PodScheduled", true));
    var all = new ArrayList<PodCondition>();
    for (var condition : conditions) {
      condition.setObservedGeneration(pod.getMetadata().getGeneration());
      condition.setLastTransitionTime(
          before.getConditions().stream()
              .filter(old -> old.getType().equals(condition.getType()))
              .filter(old -> old.getStatus().equals(condition.getStatus()))
              .map(PodCondition::getLastTransitionTime)
              .findFirst()
              .orElseGet(() -> time(now)));
      all.add(condition);
    }
    // Conditions of others, such as DisruptionTarget of an eviction, stay.
    pod.getStatus().getConditions().stream()
        .filter(theirs -> !OWN.contains(theirs.getType()))
        .forEach(all::add);
    return all;
  }

  private static List<String> names(
      List<Container> containers, PodFacts facts, Predicate<ContainerState> which) {
    return containers.stream()
        .filter(container -> which.test(state(container, facts)))
        .map(Container::getName)
        .toList();
  }

  private static PodCondition condition(String type, boolean holds) {
    return new PodConditionBuilder().withType(type).withStatus(holds ? "True" : "False").build();
  }

  private static PodCondition because(
      PodCondition condition, @Nullable String reason, @Nullable String message) {
    return new PodConditionBuilder(condition).withReason(reason).withMessage(message).build();
  }

  private static List<ContainerStatus> statuses(List<Container> containers, PodFacts facts) {
    return containers.stream()
        .map(container -> status(container, state(container, facts)))
        .toList();
  }

  private static ContainerStatus status(Container container, ContainerState state) {
    var builder =
        new ContainerStatusBuilder()
            .withName(container.getName())
            .withState(state(state.phase()))
            .withLastState(
                state
                    .last()
                    .map(PodStatuses::state)
                    .orElseGet(io.fabric8.kubernetes.api.model.ContainerState::new))
            .withReady(state.ready())
            .withRestartCount(state.restarts())
            .withImage(state.image())
            .withImageID(state.imageId())
            .withStarted(state.started());
    if (!state.containerId().isEmpty()) {
      builder.withContainerID("containerd://" + state.containerId());
    }
    var limits = container.getResources();
    if (limits != null && limits.getLimits() != null && !limits.getLimits().isEmpty()) {
      builder
          .withAllocatedResources(limits.getRequests() == null ? Map.of() : limits.getRequests())
          .withResources(limits);
    }
    return builder.build();
  }

  private static io.fabric8.kubernetes.api.model.ContainerState state(ContainerPhase phase) {
    var builder = new ContainerStateBuilder();
    return switch (phase) {
      case Waiting waiting ->
          builder
              .withNewWaiting()
              .withReason(waiting.reason())
              .withMessage(waiting.message().orElse(null))
              .endWaiting()
              .build();
      case Running running ->
          builder.withNewRunning().withStartedAt(time(running.startedAt())).endRunning().build();
      case Terminated end ->
          builder
              .withNewTerminated()
              .withExitCode(end.exitCode())
              .withReason(end.reason())
              .withMessage(end.message().orElse(null))
              .withStartedAt(time(end.startedAt()))
              .withFinishedAt(time(end.finishedAt()))
              .withContainerID("containerd://" + end.containerId())
              .endTerminated()
              .build();
    };
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
