package dev.slipway.demo.story;

import java.util.List;

/**
 * What goes wrong for everybody one day, after {@link Story} and with its checkout: each push is
 * rejected with the line that matters, and what runs goes on running.
 */
final class Failures {
  /** Puts a program that only fails in the place of what the Deployment starts. */
  private static final String CRASH =
      "rm -f /bin/httpd && printf '#!/bin/sh\\necho no config\\nexit 3\\n' > /bin/httpd && chmod 755 /bin/httpd";

  private final Story story;

  Failures(Story story) {
    this.story = story;
  }

  List<Act> acts() {
    return List.of(
        new Act("The app crashes: what ran before runs again.", this::crash),
        new Act("A Dockerfile is missing: nothing is launched.", this::missingDockerfile),
        new Act("A stranger has a key of his own: he stays outside.", this::stranger),
        new Act("gitd's pod is deleted: repository and host key stay.", this::deletedPod));
  }

  /** Shows that none of it has left anything behind. */
  Act goodPush() {
    return new Act("After all that, a good push deploys.", this::pushAgain);
  }

  private void crash() {
    afresh();
    story.edit("web/Dockerfile", "EXPOSE 8080", "RUN " + CRASH);
    rejected("An app that crashes", "no config");
  }

  private void missingDockerfile() {
    afresh();
    Story.succeeds(story.git("rm", "-q", "api/Dockerfile"));
    rejected("No Dockerfile", "api/Dockerfile, is not in this commit");
  }

  private void stranger() {
    Stage.Result push = story.gitAsStranger("ls-remote", "dev");
    Story.check(push.exitCode() != 0, "git fails");
    Story.check(push.says("Permission denied"), "ssh says that the key is not accepted");
  }

  private void deletedPod() {
    String before = story.branch();
    story.replaceGitd();
    Story.check(before.equals(story.branch()), "the branch is where it was");
  }

  private void pushAgain() {
    afresh();
    story.edit("web/Dockerfile", "The guestbook of everybody", "Still the guestbook of everybody");
    Story.succeeds(story.git("commit", "-q", "-a", "-m", "A title that stays"));
    Stage.Result push = Story.succeeds(story.git("push", "dev", "master"));
    Story.check(push.says("=====> Deployed "), "the push deploys");
    Story.check(
        story.page().says("<h1>Still the guestbook of everybody</h1>"), "the page is served");
  }

  private void afresh() {
    Story.succeeds(story.git("reset", "-q", "--hard", "dev/master"));
  }

  private void rejected(String message, String line) {
    String images = story.images();
    String branch = story.branch();
    String page = story.page().text();
    Story.succeeds(story.git("commit", "-q", "-a", "-m", message));
    Stage.Result push = story.git("push", "dev", "master");
    Story.check(push.exitCode() != 0, "git push fails");
    Story.check(push.says(" !     Push rejected: "), "the push says in a sentence why");
    Story.check(push.says(line), "the push shows: " + line);
    Story.check(images.equals(story.images()), "the Deployments have the images that they had");
    Story.check(branch.equals(story.branch()), "the branch has not moved");
    Story.check(page.equals(story.page().text()), "the page is served as it was");
  }
}
