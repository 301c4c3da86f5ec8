package dev.slipway.gitd.repo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.Test;

class NoOutsideConfigTest {
  /** Where JGit looks before it measures, which would keep the first client waiting. */
  @Test
  void jgitIsToldHowExactTheTimesOfFilesAre() throws Exception {
    NoOutsideConfig.install();

    assertThat(duration(ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(duration(ConfigConstants.CONFIG_KEY_MIN_RACY_THRESHOLD)).isNegative();
  }

  private static Duration duration(String name) throws ConfigInvalidException, IOException {
    return Duration.ofNanos(
        SystemReader.getInstance()
            .getUserConfig()
            .getTimeUnit(
                ConfigConstants.CONFIG_FILESYSTEM_SECTION,
                "any file system",
                name,
                -1,
                TimeUnit.NANOSECONDS));
  }
}
