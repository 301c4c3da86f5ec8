package dev.slipway.hooks;

import dev.slipway.crd.Hook;
import dev.slipway.crd.Rollout;
import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.HookSettings;
import dev.slipway.crd.gitd.ImageRegistry;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.RolloutSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** A repository in memory, and configurations that fit it. */
public final class TestRepository implements AutoCloseable {
  private final InMemoryRepository repository =
      new InMemoryRepository(new DfsRepositoryDescription("test"));

  private String author = "Ana";

  /** A file of a commit. */
  public record TestFile(FileMode mode, String content) {}

  public Repository repository() {
    return repository;
  }

  /** The name of the author of all commits from now on. */
  public void authoredBy(String name) {
    author = name;
  }

  public static TestFile file(String content) {
    return new TestFile(FileMode.REGULAR_FILE, content);
  }

  public static TestFile program(String content) {
    return new TestFile(FileMode.EXECUTABLE_FILE, content);
  }

  public static TestFile link(String target) {
    return new TestFile(FileMode.SYMLINK, target);
  }

  /** A commit of another repository, named by the content's hash. */
  public static TestFile submodule() {
    return new TestFile(FileMode.GITLINK, "elsewhere");
  }

  public ObjectId commit(Map<String, TestFile> files, ObjectId... parents) throws IOException {
    return commit("Bigger buttons", files, parents);
  }

  /** Stores a commit without moving any ref. */
  public ObjectId commit(String message, Map<String, TestFile> files, ObjectId... parents)
      throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCache index = DirCache.newInCore();
      DirCacheBuilder builder = index.builder();
      for (Map.Entry<String, TestFile> file : new TreeMap<>(files).entrySet()) {
        DirCacheEntry entry = new DirCacheEntry(file.getKey());
        entry.setFileMode(file.getValue().mode());
        entry.setObjectId(
            inserter.insert(
                Constants.OBJ_BLOB, file.getValue().content().getBytes(StandardCharsets.UTF_8)));
        builder.add(entry);
      }
      builder.finish();
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(index.writeTree(inserter));
      commit.setParentIds(parents);
      commit.setMessage(message);
      PersonIdent ana =
          new PersonIdent(
              author, "ana@example.org", Instant.parse("2026-11-21T08:00:00Z"), ZoneOffset.UTC);
      commit.setAuthor(ana);
      commit.setCommitter(ana);
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }

  public void moveRef(String ref, ObjectId id) throws IOException {
    RefUpdate update = repository.updateRef(ref);
    update.setNewObjectId(id);
    update.forceUpdate();
  }

  @Override
  public void close() {
    repository.close();
  }

  public static GitdConfig config(Target... targets) {
    return config("http://dev-gitd-context.default.svc:8022", targets);
  }

  public static GitdConfig config(String contextUrl, Target... targets) {
    return new GitdConfig(
        "default",
        "dev",
        "8a1f0f86-6c1c-4a07-8d3f-0f3a4c1d2e3b",
        List.of(),
        List.of("master"),
        ImageRegistry.open("registry.example/team"),
        List.of(targets),
        null,
        List.of(),
        new BuildSettings(
            "ghcr.io/osscontainertools/kaniko:v1.28.3",
            "slipway/gitd",
            contextUrl,
            "dev-gitd-tokens",
            new ResourceRequirements(),
            900,
            Map.of(),
            2),
        new RolloutSettings(300, Rollout.OnFailure.Restore),
        List.of(),
        null);
  }

  /** The same with hooks. */
  public static GitdConfig withHooks(GitdConfig config, HookSettings... hooks) {
    return new GitdConfig(
        config.namespace(),
        config.name(),
        config.uid(),
        config.authorizedKeys(),
        config.branches(),
        config.registry(),
        config.targets(),
        config.manifests(),
        List.of(hooks),
        config.builder(),
        config.rollout(),
        config.unsupported(),
        config.frontCa());
  }

  /** A hook that runs in the image of a container of deployment/web. */
  public static HookSettings hookInImageOf(
      String container, String name, Hook.When when, String... command) {
    return hook(name, when, null, new Place(Workload.deployment("web"), container), command);
  }

  /** A hook that runs in some image and finds the files of the commit. */
  public static HookSettings hookWithSource(String name, Hook.When when, String... command) {
    return hook(name, when, "alpine:3", null, command);
  }

  private static HookSettings hook(
      String name,
      Hook.When when,
      @Nullable String image,
      @Nullable Place imageFrom,
      String... command) {
    return new HookSettings(
        name,
        when,
        image,
        imageFrom,
        List.of(command),
        List.of(),
        List.of(),
        List.of(),
        /* source= */ image != null,
        60,
        new ResourceRequirements(),
        null,
        /* restricted= */ false,
        List.of());
  }

  /** A container that asks for nothing but its context and its Dockerfile. */
  public static Target.Container container(String name, String path, String dockerfile) {
    return new Target.Container(
        name, path, dockerfile, null, List.of(), List.of(), List.of(), false, false, List.of());
  }

  /** One image that is set nowhere, built from a directory of its own name. */
  public static Target buildOnly(String deployment, String name) {
    return new Target(
        Workload.deployment(deployment),
        List.of(
            new Target.Container(
                name,
                name,
                name + "/Dockerfile",
                null,
                List.of(),
                List.of(),
                List.of(),
                false,
                /* buildOnly= */ true,
                List.of())));
  }

  /** A target whose containers are built from directories of their own names. */
  public static Target target(String deployment, String... containers) {
    List<Target.Container> all = new ArrayList<>();
    for (String container : containers) {
      all.add(container(container, container, container + "/Dockerfile"));
    }
    return new Target(Workload.deployment(deployment), all);
  }
}
