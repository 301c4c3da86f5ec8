package dev.slipway.demo.cluster.kaniko;

import dev.slipway.demo.cluster.image.BusyboxImage;
import dev.slipway.demo.cluster.image.ImageReference;
import dev.slipway.demo.cluster.image.ImageReference.InvalidReference;
import dev.slipway.demo.cluster.image.ImageStore;
import dev.slipway.demo.cluster.image.RegistryClient;
import dev.slipway.demo.cluster.image.RegistryCredentials;
import dev.slipway.demo.cluster.image.RegistryFailure;
import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Builds an image with buildah and pushes it, in Kaniko's order and with its words. */
final class KanikoBuild {
  private static final Pattern EXIT_STATUS = Pattern.compile("exit status (\\d+)$");
  private static final Pattern NO_FILE =
      Pattern.compile("copier: stat: \"?/?([^\"]*)\"?: no such file or directory");
  private static final String LAYER_NOT_KEPT = "failed pushing cache";
  private static final int KILLED = 137;

  private final KanikoOptions options;
  private final Path dockerfile;
  private final KanikoLog log;
  private final Path store;
  private final Path own;
  private final RegistryCredentials credentials;
  private final RegistryClient registries;

  /**
   * @param dockerfile an existing file
   * @param store directory of buildah's storage, shared by all builds
   * @param credentials for base images and destinations
   */
  KanikoBuild(
      KanikoOptions options,
      Path dockerfile,
      KanikoLog log,
      Path store,
      RegistryCredentials credentials) {
    this.options = options;
    this.dockerfile = dockerfile;
    this.log = log;
    this.store = store;
    this.own = store.resolve("builds").resolve(UUID.randomUUID().toString());
    this.credentials = credentials;
    this.registries = new RegistryClient(credentials);
  }

  void run() throws BuildFailed, IOException, InterruptedException {
    if (!options.noPush && !options.skipPushCheck) {
      for (var destination : options.destinations) {
        checkPush(destination);
      }
    }
    var authentication = Files.createTempFile("kaniko", ".json");
    try {
      Files.writeString(authentication, credentials.json());
      buildAndDeliver(authentication);
    } finally {
      Files.delete(authentication);
      Command.of("rm", "-rf", own.toString()).runOrFail();
    }
  }

  private void buildAndDeliver(Path authentication)
      throws BuildFailed, IOException, InterruptedException {
    var file = DockerfileParser.parse(Files.readString(dockerfile));
    var ignore = ignoreFile();
    ignore.ifPresent(path -> log.info("Using dockerignore file: " + path));
    var plan = StagePlan.of(file, options.buildArguments, options.target);
    var narrator = new BuildNarrator(log, plan);
    narrator.introduce();
    for (var image : plan.foreignImages()) {
      retrieve(image);
    }
    for (int i = 0; i < plan.stages().size(); i++) {
      if (plan.baseIndex(i) < 0) {
        retrieve(plan.base(i));
      }
    }
    log.info("Built cross stage deps: " + plan.dependencyText());
    var image = build(plan, narrator, ignore, authentication);
    deliver(image, authentication);
  }

  /** Above the common store where layers come out of a registry, and from nowhere else. */
  private List<String> buildah(String... arguments) {
    return options.layers().isPresent()
        ? ImageStore.buildahAbove(store, own, arguments)
        : ImageStore.buildah(store, arguments);
  }

  /** A Dockerfile's own ignore file beats the context's. */
  private Optional<Path> ignoreFile() {
    var own = dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
    var contexts = options.directory().resolve(".dockerignore");
    return Files.exists(own)
        ? Optional.of(own)
        : Files.exists(contexts) ? Optional.of(contexts) : Optional.empty();
  }

  private void checkPush(String destination) throws BuildFailed, InterruptedException {
    var why =
        "error checking push permissions -- make sure you entered the correct tag name, and that"
            + " you are authenticated correctly, and try again: checking push permission for \""
            + destination
            + "\": ";
    try {
      var image = ImageReference.parse(destination);
      boolean plain = options.isPlain(destination);
      try {
        registries.checkReachable(image, plain);
      } catch (RegistryFailure e) {
        throw new BuildFailed(
            1,
            why
                + "creating push check transport for %s failed: %s"
                    .formatted(image.registry(), e.getMessage()));
      }
      registries.checkPush(image, plain);
    } catch (InvalidReference e) {
      throw new BuildFailed(1, why + "could not parse reference: " + destination);
    } catch (RegistryFailure e) {
      throw new BuildFailed(1, why + e.getMessage());
    }
  }

  private void retrieve(String name) throws BuildFailed, IOException, InterruptedException {
    log.info("Retrieving image manifest " + name);
    if (name.equals("scratch")) {
      return;
    }
    ImageReference image;
    try {
      image = ImageReference.parse(name);
    } catch (InvalidReference e) {
      throw BuildFailed.building("could not parse reference: " + name);
    }
    var registry = image.registry().equals("docker.io") ? "index.docker.io" : image.registry();
    log.info("Retrieving image " + name + " from registry " + registry);
    if (BusyboxImage.contains(image)) {
      BusyboxImage.addTo(store);
      return;
    }
    try {
      registries.checkReachable(image, image.isOnLoopback());
      registries.checkPull(image, image.isOnLoopback());
    } catch (RegistryFailure e) {
      throw BuildFailed.building(
          "unable to complete operation after %d attempts, last error: %s"
              .formatted(options.attempts(), pullFailure(image, registry, e)));
    }
  }

  private static String pullFailure(
      ImageReference image, String registry, RegistryFailure failure) {
    var url =
        "GET https://%s/v2/%s/manifests/%s"
            .formatted(registry, image.repository(), image.version());
    return switch (failure.kind()) {
      case NOT_FOUND ->
          url + ": MANIFEST_UNKNOWN: manifest unknown; map[Tag:" + image.version() + "]";
      case UNAUTHORIZED ->
          "%s: UNAUTHORIZED: authentication required; [map[Action:pull Class: Name:%s Type:repository]]"
              .formatted(url, image.repository());
      case UNREACHABLE, OTHER -> String.valueOf(failure.getMessage());
    };
  }

  /** Answers the id of the image. */
  private String build(
      StagePlan plan, BuildNarrator narrator, Optional<Path> ignore, Path authentication)
      throws BuildFailed, IOException, InterruptedException {
    var idFile = Files.createTempFile("kaniko", ".id");
    try {
      var output = new BuildahOutput(plan, narrator, log);
      boolean good = follow(command(ignore, authentication, idFile, true), output);
      var unkept = output.error().filter(it -> it.contains(LAYER_NOT_KEPT));
      if (!good && unkept.isPresent()) {
        // For Kaniko that is no more than a pity: the build goes on without the cache.
        log.info("Error uploading layer to cache: " + unkept.get());
        output = new BuildahOutput(plan, narrator, log);
        good = follow(command(ignore, authentication, idFile, false), output);
      }
      if (!good) {
        throw failure(output);
      }
      output.finish();
      return Files.readString(idFile).strip();
    } finally {
      Files.deleteIfExists(idFile);
    }
  }

  private List<String> command(
      Optional<Path> ignore, Path authentication, Path idFile, boolean keepsLayers) {
    var argv =
        buildah(
            "build",
            // Not chroot, which ends at times before it has passed on what a step printed last.
            "--isolation=oci",
            "--runtime=runc",
            // Steps stay in the control group, and under the limits, of the build's container.
            "--runtime-flag=rootless=true",
            "--network=host",
            // The base images have been asked for before, as often as the options say.
            "--retry=0",
            "--iidfile=" + idFile,
            "--tls-verify="
                + (!options.skipTlsVerify
                    && options.layers().filter(it -> options.isPlain(it.repository())).isEmpty()));
    argv.add("--layers=" + options.layers().isPresent());
    options
        .layers()
        .ifPresent(
            layers -> {
              argv.add("--cache-from=" + layers.repository());
              if (keepsLayers) {
                argv.add("--cache-to=" + layers.repository());
              }
              argv.add("--cache-ttl=" + layers.ttl());
            });
    argv.add("--file=" + dockerfile);
    ignore.ifPresent(path -> argv.add("--ignorefile=" + path));
    argv.add("--authfile=" + authentication);
    options.target.ifPresent(name -> argv.add("--target=" + name));
    options.buildArguments.forEach(argument -> argv.add("--build-arg=" + argument));
    options.labels.forEach(label -> argv.add("--label=" + label));
    options.secrets.forEach(secret -> argv.add("--secret=" + secret));
    if (options.reproducible) {
      argv.add("--timestamp=0");
    }
    argv.add(options.directory().toString());
    return argv;
  }

  /** Whether buildah ended well. */
  private static boolean follow(List<String> argv, BuildahOutput output)
      throws IOException, InterruptedException {
    var process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    process.getOutputStream().close();
    output.follow(process.getInputStream());
    return process.waitFor() == 0;
  }

  private BuildFailed failure(BuildahOutput output) {
    var error = output.error().orElse("buildah ended without a word");
    if (output.cannotStart().isPresent()) {
      return BuildFailed.step(
          1, "failed to execute command: starting command: " + output.cannotStart().get());
    }
    var status = EXIT_STATUS.matcher(error);
    boolean running =
        output.current().filter(instruction -> instruction.keyword().equals("RUN")).isPresent();
    if (running && status.find()) {
      int code = Integer.parseInt(status.group(1));
      return code == KILLED
          ? BuildFailed.step(
              255, "failed to execute command: waiting for process to exit: signal: killed")
          : BuildFailed.step(
              code, "failed to execute command: waiting for process to exit: exit status " + code);
    }
    var missing = NO_FILE.matcher(error);
    if (missing.find()) {
      var path = options.directory().resolve(missing.group(1));
      return BuildFailed.step(
          1,
          "failed to get files used from context: failed to get fileinfo for %s: lstat %s: no such file or directory"
              .formatted(path, path));
    }
    return BuildFailed.step(
        1, "failed to execute command: " + error.replaceFirst("^building at STEP \".*?\": ", ""));
  }

  private void deliver(String image, Path authentication)
      throws BuildFailed, IOException, InterruptedException {
    if (options.noPush) {
      var digest = export(image, authentication);
      writeDigest(digest);
      log.info("Skipping push to container registry due to --no-push flag");
      return;
    }
    for (var destination : options.destinations) {
      log.info("Pushing image to " + destination);
      var digest = push(image, destination, authentication);
      writeDigest(digest);
      log.info("Pushed " + name(destination) + "@" + digest);
    }
  }

  private String push(String image, String destination, Path authentication)
      throws BuildFailed, IOException, InterruptedException {
    var error = "";
    for (int attempt = 0; attempt <= options.attempts(); attempt++) {
      try {
        return copy(image, "docker://" + destination, destination, authentication);
      } catch (CommandFailed e) {
        error = e.errors().lines().reduce("", (first, last) -> last);
      }
    }
    throw new BuildFailed(
        1,
        "error pushing image: failed to push to destination %s: %s"
            .formatted(destination, error.replaceFirst("^Error: ", "")));
  }

  /** Into the tar that was asked for, or nowhere but for the digest. */
  private String export(String image, Path authentication)
      throws IOException, InterruptedException {
    if (options.tar.isPresent()) {
      var name = options.destinations.isEmpty() ? "image:latest" : options.destinations.getFirst();
      return copy(image, "docker-archive:" + options.tar.get() + ":" + name, name, authentication);
    }
    var nowhere = Files.createTempDirectory("kaniko");
    try {
      return copy(image, "dir:" + nowhere, "", authentication);
    } finally {
      Command.of("rm", "-rf", nowhere.toString()).runOrFail();
    }
  }

  private String copy(String image, String to, String destination, Path authentication)
      throws IOException, InterruptedException {
    var digestFile = Files.createTempFile("kaniko", ".digest");
    try {
      var argv = buildah("push", "--quiet", "--digestfile=" + digestFile);
      argv.add("--tls-verify=" + (!options.skipTlsVerify && !options.isPlain(destination)));
      argv.add("--authfile=" + authentication);
      argv.addAll(List.of(image, to));
      Command.of(new ArrayList<>(argv)).runOrFail();
      return Files.readString(digestFile).strip();
    } finally {
      Files.deleteIfExists(digestFile);
    }
  }

  private void writeDigest(String digest) throws IOException {
    if (options.digestFile.isPresent()) {
      Files.writeString(options.digestFile.get(), digest);
    }
  }

  private static String name(String destination) {
    int colon = destination.lastIndexOf(':');
    return colon > destination.lastIndexOf('/') ? destination.substring(0, colon) : destination;
  }
}
