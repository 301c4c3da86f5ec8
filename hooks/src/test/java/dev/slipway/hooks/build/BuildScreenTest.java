package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.hooks.report.PushScreen;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What builds show that run side by side. */
class BuildScreenTest {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final PushScreen screen =
      new PushScreen(lines::add, Clock.systemUTC(), Duration.ofMinutes(1));
  private final AtomicBoolean over = new AtomicBoolean();
  private final BuildScreen api = new BuildScreen(screen, "api", "api | ", over);
  private final BuildScreen web = new BuildScreen(screen, "web", "web | ", over);

  @AfterEach
  void close() {
    screen.close();
  }

  @Test
  void showsOneLineOfEachBuildThatAFailureEnds() {
    api.line("Step: FROM busybox");
    web.failed("web: RUN make failed.");
    api.line("Step: RUN echo too late");
    api.cancelled();

    assertThat(lines).containsExactly("       api | Step: FROM busybox", "       api | cancelled");
  }

  @Test
  void namesASecondFailure() {
    web.failed("web: RUN make failed.");
    api.failed("api: RUN make failed.");

    assertThat(lines).containsExactly("       api | failed too: api: RUN make failed.");
  }

  @Test
  void saysNothingOfTheBuildsOfACancelledPush() {
    api.cancelled();

    assertThat(lines).isEmpty();
  }
}
