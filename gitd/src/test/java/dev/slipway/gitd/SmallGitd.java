package dev.slipway.gitd;

import dev.slipway.hooks.PushOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gitd in a process of its own, with the heap that a pod of 512 MiB gives to Java. */
final class SmallGitd implements SshTarget, AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final int port;

  private SmallGitd(Process process) throws IOException {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.port = Integer.parseInt(answer("port "));
  }

  static SmallGitd start(Path folder, Developer allowed) throws IOException {
    return new SmallGitd(
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SmallGitd.class.getName(),
                folder.toString(),
                allowed.publicKey())
            .redirectError(folder.resolve("gitd.log").toFile())
            .start());
  }

  @Override
  public int port() {
    return port;
  }

  /** Files and sockets that are open in it. */
  int openFiles() throws IOException {
    return count("fd");
  }

  /** Threads that it has. */
  int threads() throws IOException {
    return count("task");
  }

  private int count(String of) throws IOException {
    try (Stream<Path> found = Files.list(Path.of("/proc/" + process.pid(), of))) {
      return Math.toIntExact(found.count());
    }
  }

  /** The most heap that was in use since the last call, and the most memory ever. */
  String peaks() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
    return answer("peaks ");
  }

  /** Among what is logged. */
  private String answer(String prefix) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
    }
    throw new IOException("gitd has ended");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * The process: its folder, and the key that it lets in. Each line of input asks for peaks. A push
   * to a branch named held goes on until its client leaves.
   */
  public static void main(String[] arguments) throws IOException {
    TestGitd gitd = TestGitd.repackingAt(10, Path.of(arguments[0]), arguments[1]);
    gitd.hook.answer(
        (push, terminal) -> {
          if (!push.changes().getFirst().ref().equals("refs/heads/held")) {
            return new PushOutcome.Stored();
          }
          terminal.line("held");
          try {
            TimeUnit.MILLISECONDS.sleep(Eventually.LIMIT.toMillis());
            return new PushOutcome.Stored();
          } catch (InterruptedException e) {
            return new PushOutcome.Cancelled();
          }
        });
    System.out.println("port " + gitd.port());
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      List<MemoryPoolMXBean> heap =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .toList();
      long used = heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
      heap.forEach(MemoryPoolMXBean::resetPeakUsage);
      String resident =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("VmHWM"))
              .findFirst()
              .orElse("");
      System.out.printf(
          "peaks heap %d MiB of %d, resident %s%n",
          used >> 20, Runtime.getRuntime().maxMemory() >> 20, resident.replaceAll("\\D+", ""));
    }
    System.exit(0);
  }
}
