package dev.slipway.hooks.build;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a build failed, in words for the person pushing.
 *
 * @param reason machine-readable, CamelCase
 * @param sentence the failing step or line, and what to do
 */
record KanikoFailure(String reason, String sentence) {
  private static final Pattern DOCKERFILE = Pattern.compile("parsing dockerfile: (.*)");
  private static final Pattern PUSH =
      Pattern.compile("error (?:checking push permissions|pushing image).*");
  private static final Pattern MISSING_FILE =
      Pattern.compile("failed to get fileinfo for /kaniko/buildcontext/(?:context/)?([^:]+):.*");
  private static final Pattern EXIT = Pattern.compile("exit status (\\d+)");
  private static final Pattern USAGE =
      Pattern.compile(
          "Error: (?:unknown flag|required flag|you must provide|error resolving dockerfile).*");

  /** Explains a failure from the log and the exit code; the log may be empty. */
  static KanikoFailure of(KanikoLog log, int exitCode) {
    String error = log.error();
    if (PUSH.matcher(error).find()) {
      return push(error);
    }
    Matcher dockerfile = DOCKERFILE.matcher(error);
    if (dockerfile.find()) {
      return new KanikoFailure(
          "BadDockerfile",
          "the Dockerfile cannot be read: %s; correct it and push again."
              .formatted(
                  dockerfile
                      .group(1)
                      .replace("no build stage in current context", "a step stands before FROM")));
    }
    Matcher missing = MISSING_FILE.matcher(error);
    if (missing.find()) {
      // With a cache, files are looked for before the step that copies them begins.
      String step = log.step().isEmpty() || log.step().startsWith("FROM ") ? "" : log.step() + ": ";
      return new KanikoFailure(
          "MissingFile",
          "%s\"%s\" is not in the build context; commit it, or check .dockerignore and the path."
              .formatted(step, missing.group(1)));
    }
    if (error.contains("error building stage") || error.contains("failed to execute command")) {
      return step(log, error);
    }
    if (error.contains("could not parse reference")) {
      return new KanikoFailure(
          "BadBaseImage",
          "\"%s\" is no name of an image; check FROM and the ARG before it.".formatted(log.base()));
    }
    if (USAGE.matcher(error).matches()) {
      return new KanikoFailure(
          "BuilderRefused",
          "the builder does not understand its arguments: %s; check spec.builder.image of the Remote."
              .formatted(error));
    }
    return error.isEmpty() ? withoutError(log, exitCode) : base(log, error);
  }

  private static KanikoFailure push(String error) {
    String detail = error.replaceFirst("^.*?, and try again: ", "");
    if (error.contains("UNAUTHORIZED") || error.contains("DENIED") || error.contains("FORBIDDEN")) {
      return new KanikoFailure(
          "PushDenied",
          "the registry refuses the push: %s; check spec.registry.credentials of the Remote."
              .formatted(detail));
    }
    if (error.contains("x509") || error.contains("certificate")) {
      return new KanikoFailure(
          "RegistryCertificate",
          "the registry's certificate is not trusted: %s; give it one that is.".formatted(detail));
    }
    if (error.contains("server gave HTTP response to HTTPS client")) {
      return new KanikoFailure(
          "RegistryPlainHttp",
          "the registry speaks plain HTTP: %s; give it TLS, or mark it insecure in the Remote."
              .formatted(detail));
    }
    return new KanikoFailure(
        "RegistryUnreachable",
        "the image cannot be pushed: %s; check spec.registry.url and that the registry is up."
            .formatted(detail));
  }

  private static KanikoFailure step(KanikoLog log, String error) {
    String step = log.step().isEmpty() ? "a step" : log.step();
    if (error.contains("signal: killed")) {
      return new KanikoFailure(
          "OutOfMemory",
          "%s was killed, most likely for want of memory; raise spec.builder.resources of the Remote."
              .formatted(step));
    }
    List<String> output = log.output();
    Matcher exit = EXIT.matcher(error);
    boolean exited = exit.find();
    String how = exited ? "ended with exit code " + exit.group(1) : "failed";
    String why =
        exited && !output.isEmpty()
            ? output.getLast()
            : error
                .replaceFirst("^error building image: (?:error building stage: )?", "")
                .replaceFirst("^failed to execute command: ", "");
    return new KanikoFailure(
        "StepFailed", "%s %s: %s; correct it and push again.".formatted(step, how, why));
  }

  private static KanikoFailure base(KanikoLog log, String error) {
    String detail =
        error
            .replaceFirst("^error building image: ", "")
            .replaceFirst("^unable to complete operation after \\d+ attempts, last error: ", "");
    if (detail.contains("MANIFEST_UNKNOWN") || detail.contains("NAME_UNKNOWN")) {
      return new KanikoFailure(
          "MissingBaseImage",
          "there is no image %s; check FROM, and the names of stages in COPY --from."
              .formatted(log.base()));
    }
    if (detail.contains("UNAUTHORIZED") || detail.contains("DENIED")) {
      return new KanikoFailure(
          "BaseImageDenied",
          "image %s may not be pulled: %s; check FROM and the credentials of the Remote."
              .formatted(log.base(), detail));
    }
    if (detail.startsWith("Get \"http") || detail.contains("dial tcp")) {
      return new KanikoFailure(
          "BaseRegistryUnreachable",
          "image %s cannot be pulled: %s; check FROM and that its registry is up."
              .formatted(log.base(), detail));
    }
    return new KanikoFailure("BuildFailed", detail + "; correct it and push again.");
  }

  private static KanikoFailure withoutError(KanikoLog log, int exitCode) {
    if (exitCode == 0) {
      return new KanikoFailure(
          "NoDigest",
          "the builder ended without saying which image it pushed; check spec.builder.image of the"
              + " Remote.");
    }
    return log.output().isEmpty()
        ? new KanikoFailure(
            "BuildFailed",
            "the builder ended with exit code %d and said nothing; push again.".formatted(exitCode))
        : new KanikoFailure(
            "BuildFailed",
            "the builder ended with exit code %d: %s".formatted(exitCode, log.output().getLast()));
  }
}
