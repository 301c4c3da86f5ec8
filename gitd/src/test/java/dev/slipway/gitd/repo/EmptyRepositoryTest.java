package dev.slipway.gitd.repo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmptyRepositoryTest {
  @TempDir Path volume;

  /** In JGit's order, and in others: what is written last to a disk is not what was last. */
  static Stream<List<String>> leftByAKill() {
    List<String> made =
        List.of(
            "refs/heads/",
            "refs/tags/",
            "objects/info/",
            "objects/pack/",
            "hooks/",
            "HEAD",
            "config");
    return Stream.of(made, made.reversed())
        .flatMap(
            order ->
                Stream.iterate(0, n -> n <= made.size(), n -> n + 1).map(n -> order.subList(0, n)));
  }

  @ParameterizedTest
  @MethodSource("leftByAKill")
  void isCompletedWhereverItsCreationWasKilled(List<String> left) throws IOException {
    try (FileRepository whole = new FileRepository(volume.resolve("whole").toFile())) {
      whole.create(true);
    }
    Path folder = Files.createDirectory(volume.resolve("repository"));
    for (String part : left) {
      Files.createDirectories(folder.resolve(part).getParent());
      if (part.endsWith("/")) {
        Files.createDirectories(folder.resolve(part));
      } else {
        Files.copy(volume.resolve("whole").resolve(part), folder.resolve(part));
      }
    }

    canBeWrittenTo(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "config"})
  void fileWithoutContentCountsAsMissing(String file) throws IOException {
    Path folder = volume.resolve("repository");
    EmptyRepository.ensure(folder);
    Files.write(folder.resolve(file), new byte[0]);

    canBeWrittenTo(folder);
  }

  @Test
  void isCreatedThoughAnotherCreationWasKilled() throws IOException {
    Path aside = Files.createDirectories(volume.resolve("repository.new"));
    Files.writeString(aside.resolve("config"), "half");

    canBeWrittenTo(volume.resolve("repository"));

    assertThat(aside).doesNotExist();
  }

  @Test
  void keepsWhatIsThere() throws IOException {
    Path folder = volume.resolve("repository");
    EmptyRepository.ensure(folder);
    ObjectId kept;
    try (Repository repository = new FileRepository(folder.toFile())) {
      kept = insert(repository);
    }
    Files.writeString(folder.resolve("packed-refs"), kept.name() + " refs/heads/topic\n");
    Files.writeString(folder.resolve("HEAD"), "ref: refs/heads/topic\n");
    Files.delete(folder.resolve("config"));

    EmptyRepository.ensure(folder);

    try (Repository repository = new FileRepository(folder.toFile())) {
      assertThat(repository.resolve("HEAD")).isEqualTo(kept);
      assertThat(repository.getObjectDatabase().has(kept)).isTrue();
    }
  }

  private static void canBeWrittenTo(Path folder) throws IOException {
    UpkeepPlan never = new UpkeepPlan(1, Duration.ZERO, Duration.ZERO, () -> 0);
    try (RemoteRepository opened = RemoteRepository.at(folder, () -> List.of("main"), never)) {
      opened.pointHead();
      try (Repository repository = opened.open()) {
        assertThat(repository.isBare()).isTrue();
        assertThat(repository.getFullBranch()).isEqualTo("refs/heads/main");
        assertThat(repository.getObjectDatabase().has(insert(repository))).isTrue();
      }
    }
  }

  private static ObjectId insert(Repository repository) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(Constants.OBJ_BLOB, "hello".getBytes(StandardCharsets.UTF_8));
      inserter.flush();
      return id;
    }
  }
}
