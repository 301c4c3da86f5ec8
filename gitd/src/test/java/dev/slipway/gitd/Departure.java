package dev.slipway.gitd;

import java.io.IOException;

/** How a client can go away. */
public enum Departure {
  /** Ctrl-C: the whole process group gets the signal. */
  TERMINAL("Ctrl-C") {
    @Override
    public void depart(Process git) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-TERM", "--", "-" + git.pid()).start().waitFor();
    }
  },
  /** git alone is killed; ssh finds its pipes closed. */
  GIT_KILLED("`kill -9` of git") {
    @Override
    public void depart(Process git) {
      git.destroyForcibly();
    }
  },
  /** ssh is killed: the connection is cut. */
  SSH_KILLED("`kill -9` of ssh") {
    @Override
    public void depart(Process git) {
      git.descendants()
          .filter(child -> child.info().command().orElse("").endsWith("ssh"))
          .forEach(ProcessHandle::destroyForcibly);
    }
  };

  private final String words;

  Departure(String words) {
    this.words = words;
  }

  /** As the table of faults says it. */
  @Override
  public String toString() {
    return words;
  }

  /** Ends what the client has left running, to the end, as it works in a folder that goes. */
  public static void end(Process git) throws InterruptedException {
    git.descendants().forEach(ProcessHandle::destroyForcibly);
    Eventually.exit(git.destroyForcibly());
  }

  public abstract void depart(Process git) throws IOException, InterruptedException;
}
