package dev.slipway.demo.cluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
  @Test
  void putsInKnownVariablesAndLeavesUnknownOnes() {
    assertThat(Variables.expand("$(A)-$(B)", Map.of("A", "$1\\"))).isEqualTo("$1\\-$(B)");
  }

  @Test
  void twoDollarsAreOne() {
    assertThat(Variables.expand("$$(A) $$ $x", Map.of("A", "a"))).isEqualTo("$(A) $ $x");
  }
}
