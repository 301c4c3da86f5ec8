package dev.slipway.controller.status;

import dev.slipway.controller.check.Finding;
import dev.slipway.crd.Remote;
import dev.slipway.crd.UserNames;
import java.util.List;

/** What became of a Remote's claim to the user name that Gitkube would have given it. */
public enum NameClaim {
  /** Nobody else claims it. */
  ALONE,
  /** A younger Remote claims it too. */
  KEPT,
  /** An older Remote had it, and this one does not inherit it. */
  LOST;

  boolean isLost() {
    return this == LOST;
  }

  /** What its owner should know; says nothing about the other Remote, which may be a stranger's. */
  List<Finding> findings(Remote remote) {
    return switch (this) {
      case ALONE -> List.of();
      case KEPT ->
          List.of(
              Finding.minor(
                  "UserNameShared",
                  "Another Remote would have the user name %s too. Through front it leads here as long as this Remote is not deleted; %s always does."
                      .formatted(UserNames.familiar(remote), UserNames.unambiguous(remote))));
      case LOST ->
          List.of(
              Finding.minor(
                  "UserNameTaken",
                  "An older Remote has or had the user name %s. Through front this Remote is reached as %s only."
                      .formatted(UserNames.familiar(remote), UserNames.unambiguous(remote))));
    };
  }
}
