package dev.slipway.demo.story;

import dev.slipway.demo.cluster.Fault;
import dev.slipway.demo.cluster.Fault.During;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What fails in the builder, in whichever phase of it. Nothing repairs anything in between, so one
 * good push after all of them speaks for each.
 */
class RefusedBuildIT extends RefusedPush {
  RefusedBuildIT() {
    super("refused-build");
  }

  @AfterEach
  @Override
  void forgetTheLastPush() {
    super.forgetTheLastPush();
  }

  @AfterAll
  @Override
  void theNextGoodPushWorks() {
    super.theNextGoodPushWorks();
  }

  @Fault(
      during = During.BUILDING,
      what = "a step fails",
      leaves = "rejected with the step, its exit code and its last line; nothing deployed")
  @Test
  void aFailingRun() {
    checkout.write("Dockerfile", DOCKERFILE + "RUN echo about to fail && exit 3\n");
    refused("ended with exit code 3: about to fail; correct it");
  }

  @Test
  void aMissingBaseImage() {
    checkout.write("Dockerfile", "FROM 127.0.0.1:1/nothing/here:1\n");
    refused("image 127.0.0.1:1/nothing/here:1 cannot be pulled");
  }

  @Test
  void aCopyOfAMissingFile() {
    checkout.write("Dockerfile", "FROM busybox:stable\nCOPY nowhere.txt /srv/\n");
    refused("\"nowhere.txt\" is not in the build context");
  }

  @Test
  void aDockerfileThatIsNone() {
    checkout.write("Dockerfile", "FORM busybox\n");
    refused("the Dockerfile cannot be read");
  }

  @Test
  void theSameCommitBuildsOnceTheRemoteGivesWhatItNeeds() {
    checkout
        .write("Dockerfile", "ARG BASE\n" + DOCKERFILE.replace("busybox:stable", "$BASE"))
        .write("page/index.html", "Built at last");
    refused("check FROM and the ARG before it");

    playground.with(
        playground.working().withBuild("path: .\nbuildArgs: [{name: BASE, value: busybox:stable}]"),
        () -> theSameCommitDeploys("Built at last"));
  }

  @Fault(
      during = During.PLANNING,
      what = "the registry is down",
      leaves = "rejected before anything is built")
  @Test
  void aRegistryThatIsDown() {
    playground.with(
        playground.working().withRegistry("127.0.0.1:1/down", ""), () -> refused("127.0.0.1:1"));
  }

  @Fault(
      during = During.PLANNING,
      what = "the registry refuses the credentials",
      leaves = "rejected before anything is built")
  @Test
  void wrongCredentialsForTheRegistry() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), "wrong"),
        () -> refused(playground.guardedRegistry()));
  }

  @Test
  void noCredentialsForTheRegistry() {
    playground.with(
        playground.working().withRegistry(playground.guardedRegistry(), ""),
        () -> refused(playground.guardedRegistry()));
  }
}
