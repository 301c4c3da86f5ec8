package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.kaniko.Dockerfile.Instruction;
import dev.slipway.demo.cluster.kaniko.Dockerfile.Stage;
import java.util.List;
import java.util.Set;

/** Tells of a build, step by step, in Kaniko's words. */
final class BuildNarrator {
  private static final Set<String> NEEDS_FILES = Set.of("RUN", "COPY", "ADD");
  private static final String FILES = "Taking snapshot of files...";
  private static final String FULL = "Taking snapshot of full filesystem...";

  private final KanikoLog log;
  private final StagePlan plan;
  private boolean snapshotter;

  BuildNarrator(KanikoLog log, StagePlan plan) {
    this.log = log;
    this.plan = plan;
  }

  /** A stage begins. */
  void enter(int index) {
    var stage = plan.stages().get(index);
    snapshotter = false;
    if (plan.baseIndex(index) < 0) {
      log.info("Retrieving image manifest " + plan.base(index));
      log.info("Returning cached image manifest");
    }
    log.info("Executing 0 build triggers");
    log.info(
        "Building stage '%s' [idx: '%d', base-idx: '%d']"
            .formatted(plan.base(index), index, plan.baseIndex(index)));
    log.info(
        stage.instructions().stream()
            .filter(instruction -> NEEDS_FILES.contains(instruction.keyword()))
            .findFirst()
            .map(first -> "Unpacking rootfs as cmd " + first.text() + " requires it.")
            .orElse("Skipping unpacking as no commands require it."));
  }

  /** An instruction begins. */
  void begin(Instruction instruction) {
    log.info(instruction.text());
    switch (instruction.keyword()) {
      case "RUN" -> beginRun(instruction);
      case "WORKDIR" -> {
        log.info("Cmd: workdir");
        log.info("Changed working directory to " + instruction.arguments());
        log.info("Creating directory " + instruction.arguments() + " with uid -1 and gid -1");
      }
      case "EXPOSE" -> {
        log.info("Cmd: EXPOSE");
        for (var port : instruction.words()) {
          log.info("Adding exposed port: " + (port.contains("/") ? port : port + "/tcp"));
        }
      }
      case "USER" -> log.info("Cmd: USER");
      default -> {}
    }
  }

  private void beginRun(Instruction run) {
    if (!snapshotter) {
      log.info("Initializing snapshotter ...");
      log.info(FULL);
      snapshotter = true;
    }
    var words = run.isExecForm() ? run.words() : List.of("/bin/sh", "-c", run.arguments());
    log.info("Cmd: " + words.getFirst());
    log.info("Args: [" + String.join(" ", words.subList(1, words.size())) + "]");
    log.info("Running: [" + String.join(" ", words) + "]");
  }

  /**
   * The layer of an instruction was there already. Kaniko knows that before the stage begins,
   * buildah when it comes to the instruction.
   */
  void takeOver(Instruction instruction, String layer) {
    log.info("Checking for cached layer " + layer + "...");
    log.info("Using caching version of cmd: " + instruction.text());
    log.info("Found cached layer, extracting to filesystem");
  }

  /** The layer of an instruction is kept for later builds. */
  void keep(String layer) {
    log.info("Pushing layer " + layer + " to cache now");
    log.info("Pushing image to " + layer);
  }

  /** An instruction has been carried out. */
  void end(Instruction instruction) {
    switch (instruction.keyword()) {
      case "RUN" -> log.info(FULL);
      case "WORKDIR", "COPY", "ADD" -> log.info(FILES);
      default -> {}
    }
  }

  /** A stage is done. */
  void leave(int index) {
    if (index < plan.stages().size() - 1) {
      for (var file : plan.savedFiles(index)) {
        log.info("Saving file " + file.replaceFirst("^/", "") + " for later use");
      }
      log.info("Deleting filesystem...");
    }
  }

  /** Before the first stage: which images it all starts from. */
  void introduce() {
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      if (stage.name().isPresent()) {
        log.info("Resolved base name " + plan.base(i) + " to " + stage.name().get());
      }
    }
  }
}
