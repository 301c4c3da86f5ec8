package dev.slipway.controller.check;

import java.util.Comparator;
import java.util.List;

/**
 * All that was found about one topic, the gravest first.
 *
 * @param good the sentence for the case that nothing was found
 */
public record Verdict(Topic topic, List<Finding> findings, String good) {

  public Verdict {
    findings = findings.stream().sorted(Comparator.comparing(Finding::weight).reversed()).toList();
  }

  public boolean isGood() {
    return findings.isEmpty();
  }

  /** Whether the Remote as a whole is not ready because of it. */
  public boolean keepsFromReady() {
    return findings.stream().anyMatch(finding -> finding.weight() != Finding.Weight.MINOR);
  }
}
