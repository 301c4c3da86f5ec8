package dev.slipway.hooks.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log of a build, whose RUN steps print what they like. */
class KanikoLogFuzzTest {

  public static void fuzzerTestOneInput(byte[] input) {
    var log = new KanikoLog();
    List<String> shown = new ArrayList<>();
    new String(input, StandardCharsets.UTF_8).lines().forEach(line -> shown.addAll(log.read(line)));
    shown.addAll(log.output());
    shown.add(log.step());
    shown.add(log.base());
    shown.add(log.error());
    assertThat(String.join("", shown)).doesNotContainPattern("[\\p{Cc}\\u202a-\\u202e]");
    assertThat(log.output()).hasSizeLessThanOrEqualTo(20).noneMatch(String::isBlank);
  }

  @Test
  void linesOfRunStepsBringNothingHiddenAndNeverStopTheLog() {
    FuzzRun.of(KanikoLogFuzzTest.class, KanikoLogFuzzTest::fuzzerTestOneInput);
  }
}
