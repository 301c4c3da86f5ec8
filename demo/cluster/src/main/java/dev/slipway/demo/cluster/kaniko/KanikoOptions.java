package dev.slipway.demo.cluster.kaniko;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a build is asked for.
 *
 * @param context directory
 * @param dockerfile an existing file
 * @param destinations where to push to
 * @param plainRegistries hosts with ports that may speak plain HTTP, beside those on loopback
 * @param attempts how often a failing push or check of a base image is tried again
 */
record KanikoOptions(
    Path context,
    Path dockerfile,
    List<String> destinations,
    Optional<Path> digestFile,
    List<String> buildArguments,
    List<String> labels,
    List<String> secrets,
    Optional<String> target,
    boolean push,
    boolean checkPush,
    Optional<Path> tar,
    Optional<Layers> layers,
    boolean reproducible,
    boolean plainHttp,
    List<String> plainRegistries,
    boolean verifyTls,
    int attempts) {
  /**
   * Where layers are kept.
   *
   * @param ttl as Go writes durations
   */
  record Layers(String repository, String ttl) {}

  KanikoOptions {
    destinations = List.copyOf(destinations);
    buildArguments = List.copyOf(buildArguments);
    labels = List.copyOf(labels);
    secrets = List.copyOf(secrets);
    plainRegistries = List.copyOf(plainRegistries);
  }

  /** Whether the registry of an image need not speak TLS. */
  boolean isPlain(String image) {
    return plainHttp
        || image.startsWith("127.")
        || image.startsWith("localhost")
        || plainRegistries.contains(image.replaceFirst("/.*", ""));
  }
}
