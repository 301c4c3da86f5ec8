package dev.slipway.hooks.plan;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.commit.CommitTree;
import dev.slipway.hooks.commit.History;
import dev.slipway.hooks.manifests.KindView;
import dev.slipway.hooks.manifests.ManifestReader;
import dev.slipway.hooks.manifests.ManifestSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Decides what a push asks for, before anything is launched. */
public final class PushPlanner {
  private PushPlanner() {}

  /**
   * Reads the repository and asks the cluster what exists; changes neither.
   *
   * @throws IOException if the repository cannot be read
   */
  public static PushPlan plan(
      List<RefChange> changes,
      GitdConfig config,
      Repository repository,
      TargetView targets,
      KindView kinds)
      throws IOException, InterruptedException {
    List<RefChange> deploying =
        changes.stream().filter(change -> deploys(change.ref(), config)).toList();
    List<RefChange> deletions = deploying.stream().filter(PushPlanner::isDeletion).toList();
    if (!deletions.isEmpty()) {
      return new PushPlan.Reject(deletions.stream().map(PushPlanner::deletesDeployBranch).toList());
    }
    if (deploying.size() > 1) {
      return new PushPlan.Reject(List.of(severalBranches(deploying)));
    }
    Optional<Finding> missing = missingHistory(changes, repository);
    if (missing.isPresent()) {
      return new PushPlan.Reject(List.of(missing.get()));
    }
    List<String> notes =
        changes.stream()
            .filter(change -> !deploying.contains(change))
            .map(change -> note(change, config))
            .toList();
    return deploying.isEmpty()
        ? new PushPlan.Store(notes)
        : deployment(
            deploying.getFirst(),
            notes,
            deployed(deploying.getFirst().ref(), config).orElse(config),
            repository,
            targets,
            kinds);
  }

  private static PushPlan deployment(
      RefChange change,
      List<String> notes,
      GitdConfig config,
      Repository repository,
      TargetView targets,
      KindView kinds)
      throws IOException, InterruptedException {
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit commit = walk.parseCommit(change.newId());
      List<Finding> findings = new ArrayList<>(unsupported(config));
      ManifestSet manifests = manifests(config, commit, walk.getObjectReader(), kinds);
      manifests.problems().forEach(it -> findings.add(new Finding("InvalidManifest", it)));
      List<ImageBuild> builds =
          new BuildPlanner(config, commit, walk.getObjectReader(), targets, manifests)
              .plan(findings);
      List<PlannedHook> hooks =
          new HookPlanner(config, commit, walk.getObjectReader(), builds, findings).plan();
      return findings.isEmpty()
          ? new PushPlan.Deploy(
              change,
              commit.copy(),
              commit.getShortMessage(),
              builds,
              manifests,
              hooks,
              List.copyOf(notes))
          : new PushPlan.Reject(List.copyOf(findings));
    } catch (IncorrectObjectTypeException e) {
      return new PushPlan.Reject(
          List.of(
              new Finding(
                  "NotACommit",
                  "%s does not point to a commit; push a commit.".formatted(change.ref()))));
    }
  }

  private static ManifestSet manifests(
      GitdConfig config, RevCommit commit, ObjectReader reader, KindView kinds)
      throws IOException, InterruptedException {
    return config.manifests() == null
        ? ManifestSet.none()
        : ManifestReader.read(
            config, config.manifests(), new CommitTree(reader, commit.getTree()), kinds);
  }

  private static List<Finding> unsupported(GitdConfig config) {
    return config.unsupported().stream()
        .map(sentence -> new Finding("Unsupported", sentence))
        .toList();
  }

  private static boolean deploys(String ref, GitdConfig config) {
    return deployed(ref, config).isPresent();
  }

  /** What of the config a ref deploys. */
  private static Optional<GitdConfig> deployed(String ref, GitdConfig config) {
    return ref.startsWith(Constants.R_HEADS)
        ? config.deployedBy(ref.substring(Constants.R_HEADS.length()))
        : Optional.empty();
  }

  private static boolean isDeletion(RefChange change) {
    return change.newId().equals(ObjectId.zeroId());
  }

  /**
   * Whether a commit that is new here lacks a parent, and on whose side. Only what no ref reaches
   * yet is walked, so that a long history costs nothing, and once for all refs, of which there may
   * be thousands.
   */
  private static Optional<Finding> missingHistory(List<RefChange> changes, Repository repository)
      throws IOException {
    List<RefChange> arriving = changes.stream().filter(change -> !isDeletion(change)).toList();
    if (arriving.isEmpty()) {
      return Optional.empty();
    }
    try (RevWalk walk = new RevWalk(repository)) {
      for (RefChange change : arriving) {
        if (walk.peel(walk.parseAny(change.newId())) instanceof RevCommit pushed) {
          walk.markStart(pushed);
        }
      }
      for (Ref ref : repository.getRefDatabase().getRefs()) {
        ObjectId id = ref.getObjectId();
        if (id != null && walk.peel(walk.parseAny(id)) instanceof RevCommit known) {
          walk.markUninteresting(known);
        }
      }
      while (walk.next() != null) {
        // Reading a commit's parents is the test.
      }
      return Optional.empty();
    } catch (MissingObjectException e) {
      return Optional.of(
          History.missing(repository)
              .map(missing -> new Finding("RepositoryDamaged", History.damage(missing)))
              .orElseGet(PushPlanner::shallow));
    }
  }

  private static String note(RefChange change, GitdConfig config) {
    String name = Repository.shortenRefName(change.ref());
    String kind = change.ref().startsWith(Constants.R_TAGS) ? "Tag" : "Branch";
    String what = isDeletion(change) ? "deleted" : "stored, not deployed";
    return "%s %s is %s: %s deployed by this remote."
        .formatted(kind, name, what, branchesThatDeploy(config));
  }

  private static String branchesThatDeploy(GitdConfig config) {
    List<String> branches = config.deployBranches();
    return branches.size() == 1
        ? "branch " + branches.getFirst() + " is"
        : "branches " + String.join(", ", branches) + " are";
  }

  private static Finding deletesDeployBranch(RefChange change) {
    String name = Repository.shortenRefName(change.ref());
    return new Finding(
        "DeletesDeployBranch",
        "branch %s is what this remote deploys and cannot be deleted; to stop deploying, delete the Remote."
            .formatted(name));
  }

  private static Finding severalBranches(List<RefChange> deploying) {
    List<String> names =
        deploying.stream().map(change -> Repository.shortenRefName(change.ref())).toList();
    return new Finding(
        "SeveralDeployBranches",
        "%s all deploy; push one of them at a time.".formatted(String.join(" and ", names)));
  }

  private static Finding shallow() {
    return new Finding(
        "ShallowPush",
        "this clone is shallow, part of the history is missing; run git fetch --unshallow, then push again.");
  }
}
