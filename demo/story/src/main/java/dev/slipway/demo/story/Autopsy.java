package dev.slipway.demo.story;

import java.io.PrintStream;
import java.util.List;

/** What somebody would look at first after the story has failed. */
record Autopsy(Installation installation, PrintStream out) {
  void show() {
    for (var command :
        List.of(
            List.of("get", "pods,deployments,jobs,remotes", "-A", "-o", "wide"),
            List.of("get", "events", "-A", "--sort-by=.lastTimestamp"),
            List.of("logs", "-n", "slipway-system", "deployment/slipway-controller", "--tail=60"),
            List.of("logs", "-n", Story.NAMESPACE, "deployment/dev-gitd", "--tail=60"))) {
      out.println();
      out.println("$ kubectl " + String.join(" ", command));
      out.println(installation.cluster().kubectl().run(command.toArray(String[]::new)).output());
    }
  }
}
