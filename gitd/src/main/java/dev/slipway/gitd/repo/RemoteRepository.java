package dev.slipway.gitd.repo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bare repository of this Remote on its volume. */
public final class RemoteRepository implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RemoteRepository.class);

  private final Repository repository;
  private final Supplier<List<String>> branches;

  private RemoteRepository(Repository repository, Supplier<List<String>> branches) {
    this.repository = repository;
    this.branches = branches;
  }

  /**
   * Opens the repository, and creates it when there is none yet.
   *
   * @param branches names and patterns of the branches that deploy, the most important first
   */
  public static RemoteRepository at(Path folder, Supplier<List<String>> branches)
      throws IOException {
    boolean present = Files.exists(folder.resolve(Constants.HEAD));
    FileRepository repository = new FileRepository(folder.toFile());
    if (!present) {
      repository.create(true);
      log.atInfo().addKeyValue("repository", folder).log("repository created");
    }
    StoredConfig config = repository.getConfig();
    config.setBoolean("core", null, "logAllRefUpdates", true);
    config.save();
    return new RemoteRepository(repository, branches);
  }

  /** The repository, for one user more; each closes what it opened. */
  public Repository open() {
    repository.incrementOpen();
    return repository;
  }

  /**
   * Lets HEAD name the branch that a clone should check out: the first of the deployed branches
   * that exists, or the first that will.
   */
  public void pointHead() {
    try {
      String target = headTarget();
      if (!target.equals(repository.getFullBranch())) {
        RefUpdate head = repository.updateRef(Constants.HEAD, true);
        head.disableRefLog();
        head.link(target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String headTarget() throws IOException {
    List<String> names = branches.get().stream().filter(RemoteRepository::isName).toList();
    for (String name : names) {
      if (repository.exactRef(Constants.R_HEADS + name) != null) {
        return Constants.R_HEADS + name;
      }
    }
    return Constants.R_HEADS + (names.isEmpty() ? Constants.MASTER : names.getFirst());
  }

  /** And no pattern. */
  private static boolean isName(String branch) {
    return Repository.isValidRefName(Constants.R_HEADS + branch);
  }

  @Override
  public void close() {
    repository.close();
  }
}
