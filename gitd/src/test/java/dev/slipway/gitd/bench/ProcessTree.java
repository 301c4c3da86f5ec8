package dev.slipway.gitd.bench;

import dev.slipway.gitd.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a process and those that it started take, as /proc tells it (proc(5)). */
record ProcessTree(ProcessHandle root) {
  /** Of every Linux on which Java runs. */
  private static final double TICKS_PER_SECOND = 100;

  /** utime, stime, cutime and cstime, counted from the state that follows the command's name. */
  private static final int FIRST_TIME = 11;

  /** Seconds of CPU so far, those of children included: waits until they are counted. */
  double cpuSeconds() {
    Eventually.await().until(() -> root.children().findAny().isEmpty());
    String stat = read(Path.of("/proc/" + root.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return LongStream.range(FIRST_TIME, FIRST_TIME + 4)
            .map(at -> Long.parseLong(fields[(int) at]))
            .sum()
        / TICKS_PER_SECOND;
  }

  /** The most memory that each of those that live now has had resident, in MiB. */
  double peakMebibytes() {
    return Stream.concat(Stream.of(root), root.descendants())
            .mapToLong(ProcessTree::peakKibibytes)
            .sum()
        / 1024.0;
  }

  private static long peakKibibytes(ProcessHandle process) {
    List<String> lines = read(Path.of("/proc/" + process.pid() + "/status")).lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /** Empty when the process has just ended. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
