package dev.slipway.controller.check;

import dev.slipway.crd.BranchPattern;
import java.util.ArrayList;
import java.util.List;

/** Reads which branches deploy; what can be no branch is named, and refuses every push. */
final class Branches {
  private static final List<String> DEFAULT = List.of("master", "main");

  private Branches() {}

  /** The branches of a Remote. */
  static List<String> ofRemote(List<String> written, List<String> refusals) {
    List<String> branches = read("branches", written, refusals);
    return branches.isEmpty() ? DEFAULT : branches;
  }

  /**
   * What is usable.
   *
   * @param where they stand in the spec
   * @param refusals gets a sentence about each that is not
   */
  static List<String> read(String where, List<String> written, List<String> refusals) {
    List<String> branches = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String branch = Texts.orEmpty(written.get(i)).replaceFirst("^refs/heads/", "");
      if (branch.isEmpty() || branches.contains(branch)) {
        continue;
      }
      try {
        var _ = BranchPattern.parse(branch);
        branches.add(branch);
      } catch (IllegalArgumentException e) {
        refusals.add("%s[%d], \"%s\": %s.".formatted(where, i, branch, e.getMessage()));
      }
    }
    return List.copyOf(branches);
  }
}
