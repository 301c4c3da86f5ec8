package dev.slipway.demo.cluster.node.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPathTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:30.7Z");

  @Test
  void readsWhatTheApiServerAsksFor() throws LogsUnavailable {
    assertThat(
            request(
                "/containerLogs/team/web-1/main?follow=true&timestamps=true&previous=true"
                    + "&tailLines=5&limitBytes=100&sinceTime=2026-11-21T08%3A00%3A00Z"))
        .isEqualTo(
            new LogRequest(
                "team",
                "web-1",
                "uid",
                "main",
                true,
                true,
                true,
                Optional.of(Instant.parse("2026-11-21T08:00:00Z")),
                OptionalLong.of(5),
                OptionalLong.of(100)));
  }

  @Test
  void givesTheWholeLogWhereNothingElseIsAskedFor() throws LogsUnavailable {
    assertThat(request("/containerLogs/team/web-1/main"))
        .isEqualTo(
            new LogRequest(
                "team",
                "web-1",
                "uid",
                "main",
                false,
                false,
                false,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty()));
  }

  @Test
  void countsSecondsBackFromNowAndCutsFractions() throws LogsUnavailable {
    assertThat(request("/containerLogs/team/web-1/main?sinceSeconds=10").since())
        .contains(Instant.parse("2026-11-21T08:00:20Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/pods", "/containerLogs/team/web-1", "/containerLogs/team/web-1/main/more"})
  void isEmptyForEverythingElse(String path) {
    assertThat(LogPath.parse(URI.create(path))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tailLines=all", "limitBytes=1k", "sinceTime=today"})
  void refusesWhatItCannotRead(String query) {
    assertThatThrownBy(() -> request("/containerLogs/team/web-1/main?" + query))
        .isInstanceOf(LogsUnavailable.class)
        .hasMessageStartingWith("Invalid log options: ");
  }

  private static LogRequest request(String uri) throws LogsUnavailable {
    return LogPath.parse(URI.create(uri))
        .orElseThrow()
        .request("uid", Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
