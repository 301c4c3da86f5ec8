package dev.slipway.demo.cluster.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealBinariesTest {
  @TempDir private Path directory;

  @Test
  void takesThemFromTheGivenDirectory() throws IOException {
    program(directory.resolve("etcd"));
    program(directory.resolve("kube-apiserver"));

    assertThat(RealBinaries.find(directory.toString(), offline()))
        .isEqualTo(
            new RealBinaries(directory.resolve("etcd"), directory.resolve("kube-apiserver")));
  }

  @Test
  void saysWhatTheGivenDirectoryLacks() throws IOException {
    program(directory.resolve("etcd"));

    assertThatThrownBy(() -> RealBinaries.find(directory.toString(), offline()))
        .hasMessage(
            directory
                + " does not hold the programs etcd and kube-apiserver. Let KUBEBUILDER_ASSETS name"
                + " a directory that does, or unset it to have them downloaded.");
  }

  @Test
  void saysHowToGetThemWhereTheyCannotBeDownloaded() {
    assertThatThrownBy(() -> RealBinaries.find(null, offline()))
        .hasMessage(
            "No real kube-apiserver 1.34.* is here and none could be downloaded. Let"
                + " KUBEBUILDER_ASSETS name a directory with the programs etcd and kube-apiserver,"
                + " such as `setup-envtest use -p path` prints.");
  }

  /** Keeps downloads in an empty directory, and makes none. */
  private KubeAPIServerConfigBuilder offline() {
    return KubeAPIServerConfigBuilder.anAPIServerConfig()
        .withTestDir(directory.resolve("downloads").toString())
        .withOfflineMode(true);
  }

  private static void program(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
