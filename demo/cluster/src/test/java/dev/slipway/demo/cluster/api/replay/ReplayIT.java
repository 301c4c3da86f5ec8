package dev.slipway.demo.cluster.api.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.node.container.RecordedLogs;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API against what a real server answered. */
class ReplayIT {
  private static final Logger log = LoggerFactory.getLogger(ReplayIT.class);
  private static final List<String> SECTIONS = List.of("a-api", "b-apply", "e-logs");

  private static final String NODE = "n";

  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @TempDir private Path directory;

  @Test
  void answersAsTheRealServerDid() throws Exception {
    cluster.client().resource(node()).create();
    cluster.cluster().serveLogs(NODE, recordedLogs());
    var known = KnownDifferences.read();
    var replay = new Replay(cluster.cluster(), known);
    for (var section : SECTIONS) {
      replay.section(section);
    }
    // KubectlReplayIT makes kubectl say the rest of this section once more.
    replay.section(
        "g-kubectl",
        each -> each.request().headers().containsValue("application/vnd.kubernetes.protobuf"));
    log.info("\n{}", known.table());
    var failures = known.failures(SECTIONS);
    assertThat(failures).as("%s", String.join("\n", failures)).isEmpty();
  }

  /** The scheduler leaves it alone: the recorded pods name it themselves. */
  private static Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(NODE)
        .endMetadata()
        .withNewSpec()
        .withUnschedulable(true)
        .endSpec()
        .build();
  }

  /** What containers printed is what the recording has of their whole logs. */
  private RecordedLogs recordedLogs() throws IOException {
    var logs = new RecordedLogs(directory);
    for (var log :
        Map.of(
                "ticker/main", "14-timestamps-after-end.json",
                "bytes/main", "32-bytes-timestamps.json",
                "slowline/main", "35-follow-unfinished-line.json",
                "withinit/init", "07-init-container-log-follow.json",
                "two/b", "12-default-container-annotation-ignored.json",
                "del/main", "36-follow-while-pod-is-deleted.json",
                "crash/main", "38-crashloop-current.json",
                "quiet/main", "42-follow-quiet-8-seconds.json")
            .entrySet()) {
      var recorded = Exchange.of("", Recordings.read("e-logs", log.getValue()), "");
      logs.printed(
          log.getKey(),
          recorded.answer().body().asText().getBytes(StandardCharsets.ISO_8859_1),
          recorded.request().path().contains("timestamps=true"));
    }
    return logs;
  }
}
