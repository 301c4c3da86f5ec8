package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.kaniko.Dockerfile.Instruction;
import dev.slipway.demo.cluster.kaniko.Dockerfile.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stages of a build up to its target, and what they take from where. */
final class StagePlan {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{(\\w+)(?::-([^}]*))?\\}|(\\w+))");

  private final List<Stage> stages;
  private final Map<String, String> arguments = new HashMap<>();

  private StagePlan(List<Stage> stages) {
    this.stages = List.copyOf(stages);
  }

  /**
   * Decides the stages.
   *
   * @param buildArguments {@code NAME=value}
   */
  static StagePlan of(Dockerfile file, List<String> buildArguments, Optional<String> target)
      throws BuildFailed {
    int last = file.stages().size() - 1;
    if (target.isPresent()) {
      last = indexOf(file.stages(), target.get(), file.stages().size());
      if (last < 0) {
        throw BuildFailed.building(
            "finding target build stage: " + target.get() + " is not a valid target build stage");
      }
    }
    var plan = new StagePlan(file.stages().subList(0, last + 1));
    for (var argument : file.globalArguments()) {
      var parts = argument.arguments().split("=", 2);
      plan.arguments.put(parts[0], parts.length == 2 ? unquoted(parts[1]) : "");
    }
    for (var argument : buildArguments) {
      var parts = argument.split("=", 2);
      plan.arguments.computeIfPresent(
          parts[0], (name, value) -> parts.length == 2 ? parts[1] : value);
    }
    return plan;
  }

  private static String unquoted(String text) {
    return text.replaceAll("^\"(.*)\"$", "$1");
  }

  List<Stage> stages() {
    return stages;
  }

  /** The image or stage that a stage starts from, with the global arguments put in. */
  String base(int index) {
    return VARIABLE
        .matcher(stages.get(index).base())
        .replaceAll(
            match -> {
              var name = match.group(1) == null ? match.group(3) : match.group(1);
              var value = arguments.getOrDefault(name, "");
              var otherwise = match.group(2);
              return Matcher.quoteReplacement(
                  value.isEmpty() && otherwise != null ? otherwise : value);
            });
  }

  /** Number of the stage that a stage starts from, -1 when that is an image. */
  int baseIndex(int index) {
    return indexOf(stages, base(index), index);
  }

  /** Number of the stage of that name before another, -1 when there is none. */
  private static int indexOf(List<Stage> stages, String name, int before) {
    for (int i = 0; i < before; i++) {
      if (stages.get(i).name().filter(name::equalsIgnoreCase).isPresent()
          || name.equals(Integer.toString(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Images that are copied from without being a stage. */
  List<String> foreignImages() {
    var images = new ArrayList<String>();
    for (int i = 0; i < stages.size(); i++) {
      for (var instruction : stages.get(i).instructions()) {
        var from = instruction.from();
        if (from.isPresent() && indexOf(stages, from.get(), i) < 0) {
          images.add(from.get());
        }
      }
    }
    return images;
  }

  /** The files of a stage that later ones copy. */
  List<String> savedFiles(int index) {
    return dependencies().getOrDefault(index, List.of());
  }

  /** As Go prints its map from stage to files. */
  String dependencyText() {
    var parts = new ArrayList<String>();
    dependencies()
        .forEach((stage, files) -> parts.add(stage + ":[" + String.join(" ", files) + "]"));
    return "map[" + String.join(" ", parts) + "]";
  }

  private Map<Integer, List<String>> dependencies() {
    var all = new TreeMap<Integer, List<String>>();
    for (int i = 0; i < stages.size(); i++) {
      for (Instruction instruction : stages.get(i).instructions()) {
        int from =
            instruction.from().isPresent() ? indexOf(stages, instruction.from().get(), i) : -1;
        if (from >= 0) {
          var words = instruction.words();
          all.computeIfAbsent(from, stage -> new ArrayList<>())
              .addAll(words.subList(0, Math.max(0, words.size() - 1)));
        }
      }
    }
    return all;
  }
}
