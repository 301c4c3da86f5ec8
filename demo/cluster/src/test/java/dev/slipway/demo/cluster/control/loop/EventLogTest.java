package dev.slipway.demo.cluster.control.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLogTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-21T07:41:08.123456789Z, 2026-11-21T07:41:08.123456Z",
    "2026-11-21T07:41:08.123Z, 2026-11-21T07:41:08.123000Z",
    "2026-11-21T07:41:08Z, 2026-11-21T07:41:08.000000Z"
  })
  void writesMicroTimesWithSixDigitsAlways(Instant time, String written) {
    assertThat(EventLog.microTime(time).getTime()).isEqualTo(written);
  }
}
