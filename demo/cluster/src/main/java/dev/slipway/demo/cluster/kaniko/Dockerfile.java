package dev.slipway.demo.cluster.kaniko;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Dockerfile, as far as the log of its build tells of it.
 *
 * @param globalArguments {@code ARG}s before the first stage
 */
record Dockerfile(List<Instruction> globalArguments, List<Stage> stages) {
  private static final Pattern FROM_FLAG = Pattern.compile("--from=(\\S+)");

  /**
   * One instruction, on one line however many it took.
   *
   * @param keyword in upper case
   * @param arguments all after it
   */
  record Instruction(String keyword, String arguments) {
    String text() {
      return keyword + " " + arguments;
    }

    /** The stage or image that a COPY takes from, when it is not the context. */
    Optional<String> from() {
      var flag = FROM_FLAG.matcher(arguments);
      return keyword.equals("COPY") && flag.find() ? Optional.of(flag.group(1)) : Optional.empty();
    }

    /** The words after the flags; of an exec form the strings. */
    List<String> words() {
      var words = new ArrayList<String>();
      var plain = arguments.strip();
      while (plain.startsWith("--")) {
        int end = plain.indexOf(' ');
        plain = end < 0 ? "" : plain.substring(end).strip();
      }
      var pattern =
          plain.startsWith("[")
              ? Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"")
              : Pattern.compile("(\\S+)");
      var matcher = pattern.matcher(plain);
      while (matcher.find()) {
        words.add(matcher.group(1));
      }
      return words;
    }

    boolean isExecForm() {
      return arguments.strip().startsWith("[");
    }
  }

  /**
   * One stage.
   *
   * @param base as written after FROM
   * @param name after AS
   */
  record Stage(String base, Optional<String> name, List<Instruction> instructions) {
    Stage {
      instructions = List.copyOf(instructions);
    }
  }

  Dockerfile {
    globalArguments = List.copyOf(globalArguments);
    stages = List.copyOf(stages);
  }
}
