package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.demo.cluster.Kubectl;
import dev.slipway.hooks.context.BuildContextServer;
import dev.slipway.hooks.context.BuildContexts;
import dev.slipway.hooks.context.ContextSource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Somebody who builds and deploys with kubectl: runs the Job of a push once more, for another
 * commit, and sets its image. What a push prepares by itself is there before the time runs.
 */
final class ByHand implements AutoCloseable {
  private static final String NAME = "by-hand";

  /** As often as one asks again for the log of a container that has not started. */
  private static final long PAUSE_MILLIS = 200;

  private final Playground playground;
  private final Kubectl kubectl;
  private final Repository repository;
  private final BuildContexts contexts;
  private final BuildContextServer server;
  private final String url;
  private final Path file;

  /** What the last push has left, to be done again for another commit. */
  private final String pushedJob;

  private final String pushedImage;
  private final String pushedCommit;

  private String job = "";
  private String image = "";

  private ByHand(
      Playground playground,
      EmbeddedCluster cluster,
      Checkout checkout,
      BuildContexts contexts,
      BuildContextServer server)
      throws IOException {
    this.playground = playground;
    this.kubectl = cluster.kubectl();
    this.repository = new FileRepository(checkout.folder().resolve(".git").toFile());
    this.contexts = contexts;
    this.server = server;
    this.url = "http://%s:%d/contexts/".formatted(cluster.addresses().host(), server.port());
    this.file = Files.createTempFile("by-hand", ".json");
    this.pushedCommit = checkout.head();
    this.pushedImage =
        playground
            .value("deployment", "web", "{.spec.template.spec.containers[0].image}")
            .replaceFirst("@.*", "");
    this.pushedJob = Serialization.asJson(bare(lastJob(playground)));
  }

  /** For somebody who has seen the last push of this checkout. */
  static ByHand after(Playground playground, EmbeddedCluster cluster, Checkout checkout)
      throws IOException {
    BuildContexts contexts = new BuildContexts();
    return new ByHand(
        playground, cluster, checkout, contexts, BuildContextServer.start(0, contexts));
  }

  private static Job lastJob(Playground playground) {
    return playground
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(playground.namespace())
        .list()
        .getItems()
        .stream()
        .max(Comparator.comparing(job -> job.getMetadata().getCreationTimestamp()))
        .orElseThrow();
  }

  /** Without what the cluster has added, and what would make it one of Slipway's. */
  private static Job bare(Job job) {
    return new JobBuilder(job)
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(job.getMetadata().getNamespace())
        .endMetadata()
        .withStatus(null)
        .editSpec()
        .withSelector(null)
        .withManualSelector(null)
        .editTemplate()
        .withMetadata(null)
        .editSpec()
        .editMatchingVolume(volume -> volume.getName().equals("token"))
        .editSecret()
        .withSecretName(NAME)
        .withItems()
        .endSecret()
        .endVolume()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Gets ready to build HEAD of the checkout. */
  void prepare(Checkout checkout) throws IOException {
    String commit = checkout.head();
    String name = NAME + "-" + commit.substring(0, 7);
    BuildContexts.Offer offer = contexts.offer(name, repository, source(commit));
    var _ =
        playground
            .client()
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(playground.namespace())
                    .endMetadata()
                    .withStringData(Map.of("token", offer.token()))
                    .build())
            .createOr(there -> there.update());
    Files.writeString(
        file,
        pushedJob
            .replace(pushedCommit, commit)
            .replaceFirst("\"name\":\"" + NAME + "\"", "\"name\":\"" + name + "\"")
            .replaceFirst("--url=[^\"]*", "--url=" + url + name)
            .replaceFirst("--sha256=[^\"]*", "--sha256=" + offer.sha256()));
    job = name;
    image = pushedImage.replace(pushedCommit, commit);
  }

  private ContextSource source(String commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit parsed = walk.parseCommit(ObjectId.fromString(commit));
      try (TreeWalk dockerfile = TreeWalk.forPath(repository, "Dockerfile", parsed.getTree())) {
        return new ContextSource.OfBuild(
            parsed.getTree(),
            "Dockerfile",
            dockerfile.getObjectId(0),
            null,
            Instant.ofEpochSecond(parsed.getCommitTime()));
      }
    }
  }

  /** Builds and deploys what is prepared. */
  void run() throws InterruptedException {
    done("create", "-f", file.toString());
    while (run("logs", "-f", "job/" + job).exitCode() != 0) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    done("wait", "--for=condition=complete", "job/" + job, Playground.PATIENCE);
    done("set", "image", "deployment/web", "web=" + image);
    done("rollout", "status", "deployment/web", Playground.PATIENCE);
  }

  private void done(String... arguments) {
    Kubectl.Result result = run(arguments);
    assertThat(result.exitCode()).as("%s%s", result.output(), result.errors()).isZero();
  }

  private Kubectl.Result run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--namespace";
    all[1] = playground.namespace();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return kubectl.run(all);
  }

  @Override
  public void close() throws IOException {
    server.close();
    repository.close();
    Files.delete(file);
  }
}
