package dev.slipway.demo.cluster.real;

import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubeapitest.binary.BinaryManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The programs of a real API server.
 *
 * @param etcd the program itself
 * @param apiServer the program itself
 */
record RealBinaries(Path etcd, Path apiServer) {
  /** What the embedded API says it is; kubectl may be one minor version away. */
  private static final String VERSION = "1.34.*";

  /**
   * Finds them in the given directory; without one, where kube-api-test keeps them, else downloads
   * them there.
   *
   * @param directory holds {@code etcd} and {@code kube-apiserver}; null for none
   * @param kept where kube-api-test keeps them, and whether it may download
   * @throws RealApiMissing when they cannot be had
   */
  static RealBinaries find(@Nullable String directory, KubeAPIServerConfigBuilder kept) {
    return directory == null
        ? managed(kept)
        : in(Path.of(directory)).orElseThrow(() -> missing(directory));
  }

  private static Optional<RealBinaries> in(Path directory) {
    var found = new RealBinaries(directory.resolve("etcd"), directory.resolve("kube-apiserver"));
    return Files.isExecutable(found.etcd()) && Files.isExecutable(found.apiServer())
        ? Optional.of(found)
        : Optional.empty();
  }

  private static RealApiMissing missing(String directory) {
    return new RealApiMissing(
        directory
            + " does not hold the programs etcd and kube-apiserver. Let KUBEBUILDER_ASSETS name a"
            + " directory that does, or unset it to have them downloaded.",
        null);
  }

  private static RealBinaries managed(KubeAPIServerConfigBuilder kept) {
    try {
      var manager = new BinaryManager(kept.withApiServerVersion(VERSION).build());
      manager.initAndDownloadIfRequired();
      return new RealBinaries(
          manager.binaries().getEtcd().toPath(), manager.binaries().getApiServer().toPath());
    } catch (KubeAPITestException e) {
      throw new RealApiMissing(
          "No real kube-apiserver "
              + VERSION
              + " is here and none could be downloaded. Let KUBEBUILDER_ASSETS name a directory"
              + " with the programs etcd and kube-apiserver, such as `setup-envtest use -p path`"
              + " prints.",
          e);
    }
  }
}
