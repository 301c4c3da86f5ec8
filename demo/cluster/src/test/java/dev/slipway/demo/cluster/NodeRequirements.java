package dev.slipway.demo.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** What the tests that really run containers need of this machine. */
public final class NodeRequirements {
  private static final List<String> PROGRAMS =
      List.of("runc", "buildah", "docker-registry", "ip", "busybox", "nsenter", "unshare");

  private NodeRequirements() {}

  /** Skips the test, with a sentence, where they are not met. */
  public static void assumeMet() {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "Containers are run as root only");
    for (var program : PROGRAMS) {
      Assumptions.assumeTrue(
          Pattern.compile(":")
              .splitAsStream(System.getenv("PATH") + ":/usr/sbin:/sbin")
              .anyMatch(place -> Files.isExecutable(Path.of(place, program))),
          program + " is not installed");
    }
  }
}
