package dev.slipway.demo.cluster.node.pod;

/** A volume cannot be had (yet); the message is the kubelet's sentence. */
final class MountFailed extends Exception {
  MountFailed(String volume, String message) {
    super("MountVolume.SetUp failed for volume \"%s\" : %s".formatted(volume, message));
  }
}
