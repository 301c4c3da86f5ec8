package dev.slipway.hooks.build;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one of Kaniko's own log messages means to the person pushing. */
sealed interface KanikoMessage {

  /** A stage of the Dockerfile begins. */
  record Stage(String base) implements KanikoMessage {}

  /** An instruction of the Dockerfile begins. */
  record Instruction(String text) implements KanikoMessage {}

  /** An instruction will not be run, since its layer is in the cache. */
  record Cached(String instruction) implements KanikoMessage {}

  /** The file system is prepared for an instruction that comes. */
  record Preparing(String instruction) implements KanikoMessage {}

  /** A base image is looked up. */
  record Lookup(String image) implements KanikoMessage {}

  /** How Kaniko works, of no use to anybody who does not debug Kaniko itself. */
  record Chatter() implements KanikoMessage {}

  /** Everything else: better one line too many than the one that would have explained it. */
  record Other(String text) implements KanikoMessage {}

  /** Reads a message of level info, one line. */
  static KanikoMessage of(String message) {
    Matcher stage = Patterns.STAGE.matcher(message);
    if (stage.matches()) {
      return new Stage(stage.group(1));
    }
    if (Patterns.INSTRUCTION.matcher(message).matches()) {
      return new Instruction(message);
    }
    Matcher cached = Patterns.CACHED.matcher(message);
    if (cached.matches()) {
      return new Cached(cached.group(1));
    }
    Matcher preparing = Patterns.PREPARING.matcher(message);
    if (preparing.matches()) {
      return new Preparing(preparing.group(1));
    }
    Matcher lookup = Patterns.LOOKUP.matcher(message);
    if (lookup.matches()) {
      return new Lookup(lookup.group(1));
    }
    return message.isEmpty() || Patterns.CHATTER.matcher(message).matches()
        ? new Chatter()
        : new Other(message);
  }

  /** Kaniko's words. */
  final class Patterns {
    private static final Pattern STAGE =
        Pattern.compile("Building stage '(.*)' \\[idx: '\\d+', base-idx: '-?\\d+'\\]");
    private static final Pattern INSTRUCTION =
        Pattern.compile(
            "(?:RUN|COPY|ADD|WORKDIR|USER|ENV|ARG|LABEL|CMD|ENTRYPOINT|EXPOSE|VOLUME|SHELL|STOPSIGNAL"
                + "|HEALTHCHECK|ONBUILD|MAINTAINER) .*");
    private static final Pattern CACHED = Pattern.compile("Using caching version of cmd: (.*)");
    private static final Pattern PREPARING =
        Pattern.compile("Unpacking rootfs as cmd (.*) requires it\\.");
    private static final Pattern LOOKUP = Pattern.compile("Retrieving image manifest (.*)");
    private static final Pattern CHATTER =
        Pattern.compile(
            "(?:"
                + String.join(
                    "|",
                    "active feature flags: ",
                    "feature flags enabled by default, ",
                    "credential providers by priority: ",
                    "all credential helpers disabled",
                    "updating env: ",
                    "Retrieving image \\S+ from ",
                    "Returning cached image manifest",
                    "No base image, nothing to extract",
                    "Base image from previous stage \\d+ found, ",
                    "Storing source image from stage ",
                    "shared-base: ",
                    "Resolved base name ",
                    "Squashing stages: ",
                    "Eliminating stage ",
                    "Built cross stage deps: ",
                    "Executing \\d+ build triggers",
                    "Checking for cached layer ",
                    "Cache entry expired: ",
                    "Cache hit via inferred cross-stage key ",
                    "No cached layer found for cmd ",
                    "Found cached layer, extracting to filesystem",
                    "Skipping unpacking as no commands require it",
                    "Creating snapshot of build context",
                    "Skipping context snapshot as ",
                    "Context restored",
                    "Initializing snapshotter \\.\\.\\.",
                    "Only file modification time will be considered ",
                    "Taking snapshot of (?:files|full filesystem)\\.\\.\\.",
                    "No files were changed, appending empty layer to config",
                    "(?:Cmd|Args|Running): ",
                    "Util\\.Lookup returned: ",
                    "Performing slow lookup of group ids for ",
                    "Changed working directory to ",
                    "Creating directory /",
                    "Adding volume \\S+ to ignorelist",
                    "Adding exposed port: ",
                    "Applying label ",
                    "Replacing StopSignal in config with ",
                    "Adding remote URL ",
                    "Unpacking local tar archive ",
                    "Resolving srcs ",
                    "Using files from context: ",
                    "Using dockerignore file: ",
                    "Saving file \\S+ for later use",
                    "Deleting filesystem\\.\\.\\.",
                    "Skipping push to container registry due to --no-push flag",
                    "Pushing layer \\S+ to cache now",
                    "Pushing cache pointer ",
                    "Pushing image to ",
                    "Pushed \\S+@sha256:")
                + ").*");

    private Patterns() {}
  }
}
