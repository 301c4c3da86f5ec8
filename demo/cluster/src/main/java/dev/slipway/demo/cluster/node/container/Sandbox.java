package dev.slipway.demo.cluster.node.container;

import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.process.CommandFailed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The Linux namespaces that a pod's containers share, held by one process.
 *
 * <p>That process is a {@code cat} which reads from us: when this JVM ends, however it ends, cat
 * sees the end of its input, and as it is the first process of a PID namespace the kernel then
 * kills whatever runs in there and undoes all mounts and network devices.
 */
public final class Sandbox implements AutoCloseable {
  private final Process holder;
  private final long pid;

  private Sandbox(Process holder, long pid) {
    this.holder = holder;
    this.pid = pid;
  }

  public static Sandbox start() throws IOException {
    var holder =
        new ProcessBuilder(
                "setsid",
                "unshare",
                "--net",
                "--ipc",
                "--uts",
                "--pid",
                "--mount",
                "--mount-proc",
                "--propagation=private",
                "--fork",
                "cat")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      // The echo says that the namespaces are there.
      holder.getOutputStream().write('\n');
      holder.getOutputStream().flush();
      if (holder.getInputStream().read() != '\n') {
        throw new IOException("unshare ended: namespaces need root");
      }
      var pid = holder.children().findFirst().map(ProcessHandle::pid);
      return new Sandbox(holder, pid.orElseThrow(() -> new IOException("the sandbox has ended")));
    } catch (IOException e) {
      holder.destroyForcibly();
      throw e;
    }
  }

  /** Number of the process, in the machine's counting, that is the first one inside. */
  public long pid() {
    return pid;
  }

  /**
   * The beginning of the argument list of a program that shall run inside.
   *
   * <p>It is in a session of its own, so that Ctrl-C on our terminal ends only us: we then stop the
   * others in order, and no nsenter dies before it has taken leave of its child.
   */
  public List<String> entrance(NetworkNamespace network) {
    var argv = new ArrayList<String>();
    argv.addAll(
        List.of("setsid", "nsenter", "--target=" + pid, "--mount", "--pid", "--ipc", "--uts"));
    if (network == NetworkNamespace.POD) {
      argv.add("--net");
    }
    argv.add("--");
    return argv;
  }

  /** Runs a program of the host inside with this input, to its end. */
  public String runReading(String input, String... argv)
      throws CommandFailed, InterruptedException {
    var all = new ArrayList<>(entrance(NetworkNamespace.POD));
    all.addAll(List.of(argv));
    return Command.of(all).reading(input).runOrFail();
  }

  /** Runs a program of the host inside, to its end. */
  public String run(String... argv) throws CommandFailed, InterruptedException {
    return runReading("", argv);
  }

  @Override
  public void close() {
    try {
      holder.getOutputStream().close();
    } catch (IOException e) {
      // Its input is closed either way.
    }
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    try {
      // Normally unshare sees its child end and ends, which leaves no zombie to anybody.
      if (!holder.waitFor(1, TimeUnit.SECONDS)) {
        holder.destroyForcibly();
      }
    } catch (InterruptedException e) {
      holder.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
