package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.kaniko.Dockerfile.Instruction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows what buildah prints: its announcements of steps drive the narration, the output of RUN
 * steps is passed on raw, and the rest is dropped.
 *
 * <p>Only the announcement of the very next step counts, so that the output of a step cannot pass
 * for one easily.
 */
final class BuildahOutput {
  // What buildah itself says while or after a step runs.
  private static final Pattern NOISE =
      Pattern.compile(
          "--> (Using cache )?[0-9a-f]{11,64}|COMMIT .*|Successfully tagged .*"
              + "|[0-9a-f]{64}|Getting image source signatures|Copying (blob|config) .*"
              + "|Writing manifest to image destination|Storing signatures|time=\".*"
              // What the options have as labels, after the last instruction.
              + "|(\\[\\d+/\\d+\\] )?STEP \\d+/\\d+: LABEL .*");

  private static final Pattern PULLED_LAYER =
      Pattern.compile("--> Cache pulled from remote (\\S+:[0-9a-f]{64})");
  private static final Pattern PUSHED_LAYER =
      Pattern.compile("--> Pushing cache (\\S+:[0-9a-f]{64})");
  // In runc's log, which escapes the quotes.
  private static final Pattern CANNOT_START =
      Pattern.compile(
          "unable to start container process: exec: \\\\\"(.*)\\\\\": (?:stat .*: )?(.*)\"$");
  private static final String NOT_ON_PATH = "executable file not found in $PATH";

  private final StagePlan plan;
  private final BuildNarrator narrator;
  private final KanikoLog log;
  private int stage = -1;
  private int step = -1;
  private Optional<Instruction> current = Optional.empty();
  private Optional<String> error = Optional.empty();
  private Optional<String> cannotStart = Optional.empty();

  BuildahOutput(StagePlan plan, BuildNarrator narrator, KanikoLog log) {
    this.plan = plan;
    this.narrator = narrator;
    this.log = log;
  }

  /** The instruction that buildah was at last. */
  Optional<Instruction> current() {
    return current;
  }

  /** What buildah gave as the reason of its failure. */
  Optional<String> error() {
    return error;
  }

  /** Why the program of a RUN step could not be started. */
  Optional<String> cannotStart() {
    return cannotStart;
  }

  /** Follows to the end. */
  void follow(InputStream output) throws IOException {
    var line = new ByteArrayOutputStream();
    var buffer = new byte[8192];
    int count;
    while ((count = output.read(buffer)) >= 0) {
      for (int i = 0; i < count; i++) {
        line.write(buffer[i]);
        if (buffer[i] == '\n') {
          take(line.toByteArray());
          line.reset();
        }
      }
    }
    if (line.size() > 0) {
      take(line.toByteArray());
    }
  }

  /** The build was good: what is still open has ended. */
  void finish() {
    endCurrent();
    narrator.leave(stage);
  }

  private void take(byte[] bytes) {
    var line = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    var reason = CANNOT_START.matcher(line);
    if (reason.find()) {
      cannotStart = Optional.of(inWordsOfGo(reason.group(1), reason.group(2)));
    }
    Matcher pulled = PULLED_LAYER.matcher(line);
    Matcher pushed = PUSHED_LAYER.matcher(line);
    var marker = line.indexOf("STEP ") < 0 ? Optional.<Integer>empty() : nextStep(line);
    if (marker.isPresent()) {
      // Output without a newline at its end is glued to the announcement.
      if (marker.get() > 0) {
        pass(line.substring(0, marker.get()));
      }
      advance();
    } else if (pulled.matches()) {
      runs(instruction -> narrator.takeOver(instruction, pulled.group(1)));
    } else if (pushed.matches()) {
      runs(instruction -> narrator.keep(pushed.group(1)));
    } else if (line.startsWith("Error: ")) {
      error = Optional.of(line.substring("Error: ".length()));
    } else if (cannotStart.isEmpty() && isRunning() && !NOISE.matcher(line).matches()) {
      log.raw(bytes);
    }
  }

  private static String inWordsOfGo(String program, String why) {
    return why.equals(NOT_ON_PATH)
        ? "exec: \"%s\": %s".formatted(program, why)
        : "fork/exec %s: %s".formatted(program, why);
  }

  private void pass(String output) {
    if (isRunning()) {
      log.raw(output);
    }
  }

  private boolean isRunning() {
    return current.filter(instruction -> instruction.keyword().equals("RUN")).isPresent();
  }

  /** Kaniko keeps only the layers of RUN, where buildah keeps all. */
  private void runs(Consumer<Instruction> then) {
    current.filter(instruction -> instruction.keyword().equals("RUN")).ifPresent(then);
  }

  /** Where in the line the next step is announced. */
  private Optional<Integer> nextStep(String line) {
    boolean over = stage < 0 || step == plan.stages().get(stage).instructions().size();
    int nextStage = over ? stage + 1 : stage;
    int nextStep = over ? 0 : step + 1;
    if (nextStage >= plan.stages().size()) {
      return Optional.empty();
    }
    var prefix =
        plan.stages().size() > 1 ? "\\[" + (nextStage + 1) + "/\\d+\\] " : "(\\[1/\\d+\\] )?";
    var match = Pattern.compile(prefix + "STEP " + (nextStep + 1) + "/\\d+: ").matcher(line);
    return match.find() ? Optional.of(match.start()) : Optional.empty();
  }

  private void advance() {
    endCurrent();
    boolean over = stage < 0 || step == plan.stages().get(stage).instructions().size();
    if (over) {
      if (stage >= 0) {
        narrator.leave(stage);
      }
      stage++;
      step = 0;
      narrator.enter(stage);
    } else {
      step++;
      var instruction = plan.stages().get(stage).instructions().get(step - 1);
      current = Optional.of(instruction);
      narrator.begin(instruction);
    }
  }

  private void endCurrent() {
    current.ifPresent(narrator::end);
    current = Optional.empty();
  }
}
