package dev.slipway.gitd.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gitd.repo.RemoteRepository;
import dev.slipway.gitd.repo.UpkeepPlan;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackInputTest {
  @TempDir Path folder;

  /** Or a pack above the limit would be refused as one that was cut off. */
  @Test
  void clientThatIsSlowHasNotEnded() throws IOException {
    try (RemoteRepository repository =
        RemoteRepository.at(
            folder.resolve("repository"),
            () -> List.of("master"),
            new UpkeepPlan(10, Duration.ZERO, Duration.ZERO, () -> 0))) {
      PackInput input = new PackInput(slow((byte) 7), new Reserve(repository, 0));

      assertThat(input.available()).isEqualTo(1);
      assertThat(input.read()).isEqualTo(7);
      assertThat(input.available()).isZero();
      assertThat(input.read()).isEqualTo(-1);
    }
  }

  /** What it sends is never there before somebody waits for it. */
  private static InputStream slow(byte sent) {
    return new FilterInputStream(new ByteArrayInputStream(new byte[] {sent})) {
      @Override
      public int available() {
        return 0;
      }
    };
  }
}
