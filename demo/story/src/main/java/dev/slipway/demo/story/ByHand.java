package dev.slipway.demo.story;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobList;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who builds and deploys with kubectl: runs the Job of the last push once more, for
 * another commit, whose files a ConfigMap brings, and sets its image.
 */
final class ByHand {
  private static final String NAME = "by-hand";
  private static final String PATIENCE = "--timeout=300s";

  /** As often as one asks again for the log of a container that has not started. */
  private static final long PAUSE_MILLIS = 200;

  /** A login for the registry, if there is one, lies then where Kaniko looks for it. */
  private static final String UNPACK =
      """
      mkdir /kaniko/buildcontext/context
      tar -x -f /files/context.tar -C /kaniko/buildcontext/context
      login=/var/run/slipway/credentials/.dockerconfigjson
      ! [ -e $login ] || cp $login /kaniko/.docker/config.json
      """;

  private final Stage stage;
  private final Path repository;
  private final String path;
  private final String namespace;
  private final String here;

  /** What the last push has left, to be done again for another commit. */
  private final String pushedJob;

  private final String pushedImage;
  private final String pushedCommit;

  private String job = "";
  private String wanted = "";

  /**
   * For somebody who has seen the last push.
   *
   * @param repository the checkout that was pushed
   * @param path the folder in it that became the image of Deployment {@code web}, empty for all
   */
  ByHand(Stage stage, Path repository, String path, String namespace) {
    this.stage = stage;
    this.repository = repository;
    this.path = path;
    this.namespace = namespace;
    this.here = "--namespace=" + namespace;
    this.pushedCommit = head();
    this.pushedImage = image().replaceFirst("@.*", "");
    this.pushedJob = Serialization.asJson(bare(lastJob()));
  }

  /** What the Deployment runs. */
  String image() {
    return done(
            "kubectl",
            "get",
            here,
            "deployment/web",
            "-o=jsonpath={.spec.template.spec.containers[0].image}")
        .strip();
  }

  private Job lastJob() {
    String jobs =
        done(
            "kubectl",
            "get",
            here,
            "jobs",
            "--selector=app.kubernetes.io/name=build",
            "--sort-by=.metadata.creationTimestamp",
            "-o=json");
    return Serialization.unmarshal(jobs, JobList.class).getItems().getLast();
  }

  /** Without what the cluster has added, and what would make it one of Slipway's. */
  private Job bare(Job job) {
    return new JobBuilder(job)
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .endMetadata()
        .withStatus(null)
        .editSpec()
        .withSelector(null)
        .withManualSelector(null)
        .editTemplate()
        .withMetadata(null)
        .editSpec()
        .editFirstInitContainer()
        .withImage("busybox:stable")
        .withCommand("sh", "-e", "-c", UNPACK)
        .withArgs()
        .editMatchingVolumeMount(mount -> mount.getName().equals("token"))
        .withMountPath("/files")
        .endVolumeMount()
        .endInitContainer()
        .editMatchingVolume(volume -> volume.getName().equals("token"))
        .withSecret(null)
        .withNewConfigMap()
        .withName(NAME)
        .endConfigMap()
        .endVolume()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Gets ready to build HEAD: what a push prepares by itself is there before the time runs. */
  void prepare() throws IOException {
    String commit = head();
    job = NAME + "-" + commit.substring(0, 7);
    wanted = pushedImage.replace(pushedCommit, commit);
    String files = "--from-file=context.tar=" + file("tar");
    done("git", "archive", "--format=tar", "--output=" + file("tar"), "HEAD:" + path);
    done("kubectl", "create", here, "configmap", job, files);
    Files.writeString(
        file("json"),
        pushedJob
            .replace(pushedCommit, commit)
            .replace("\"name\":\"" + NAME + "\"", "\"name\":\"" + job + "\"")
            .replace("/buildcontext/dockerfile/", "/buildcontext/context/"));
  }

  /** Builds and deploys what is prepared. */
  void run() throws InterruptedException {
    done("kubectl", "create", "-f", file("json").toString());
    while (stage.quietly(repository, "kubectl", "logs", here, "-f", "job/" + job).exitCode() != 0) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    done("kubectl", "wait", here, "--for=condition=complete", "job/" + job, PATIENCE);
    done("kubectl", "set", "image", here, "deployment/web", "web=" + wanted);
    done("kubectl", "rollout", "status", here, "deployment/web", PATIENCE);
  }

  /** Where git does not look. */
  private Path file(String kind) {
    return repository.resolve(".git").resolve(NAME + "." + kind);
  }

  /** The commit that is checked out. */
  String head() {
    return done("git", "rev-parse", "HEAD").strip();
  }

  private String done(String... command) {
    return stage.done(repository, command);
  }
}
