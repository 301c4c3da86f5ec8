package dev.slipway.gitd;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gitd on loopback, and one developer whose key it knows. */
abstract class GitdOverSsh {
  @TempDir Path folder;
  Developer ana;
  TestGitd gitd;

  @BeforeEach
  void start() {
    ana = Developer.withKey(folder, "ana", "-t", "ed25519");
    gitd = TestGitd.start(folder, ana);
  }

  @AfterEach
  void stop() {
    gitd.close();
  }
}
