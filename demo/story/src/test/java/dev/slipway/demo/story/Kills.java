package dev.slipway.demo.story;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Ends what runs in a {@link Playground}, or beside it, as {@code kill -9} on the node would. */
record Kills(Playground playground) {
  /** Kills a container of the pod with a label, as {@code kill -9} on the node would. */
  void container(String of, String label, String container) {
    kill(of, podWith(of, label), container);
  }

  /**
   * Kills gitd, and has a new pod take over at once: the kubelet would wait longer each time before
   * it starts the same one again.
   */
  void gitd() {
    String label = "app.kubernetes.io/name=gitd";
    container(playground.namespace(), label, "gitd");
    playground.kubectl(
        "delete", "pod", podWith(playground.namespace(), label), "--force", "--grace-period=0");
  }

  /** Kills a container that a pod with a label starts with, as soon as it runs. */
  void asSoonAsItRuns(String label, String container) {
    String pod =
        await()
            .dontCatchUncaughtExceptions()
            .atMost(Playground.SOON)
            .until(() -> podInWhichRuns(label, container), name -> !name.isEmpty());
    kill(playground.namespace(), pod, container);
  }

  private void kill(String of, String pod, String container) {
    try {
      playground.installation().cluster().faults().containers().kill(of, pod, container);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String podInWhichRuns(String label, String container) {
    String state =
        "{.status.initContainerStatuses[?(@.name==\"%s\")].state.running}".formatted(container);
    String namesAndStates = "{range .items[*]}{.metadata.name} " + state + "{\"\\n\"}{end}";
    return playground
        .kubectl("get", "pods", "-l", label, "-o", "jsonpath=" + namesAndStates)
        .lines()
        .map(line -> line.strip().split(" ", 2))
        .filter(columns -> columns.length == 2)
        .map(columns -> columns[0])
        .findFirst()
        .orElse("");
  }

  private String podWith(String of, String label) {
    return playground
        .kubectlIn(
            of,
            "get",
            "pods",
            "-l",
            label,
            "--field-selector=status.phase=Running",
            "-o",
            "jsonpath={.items[0].metadata.name}")
        .strip();
  }
}
