package dev.slipway.gitd;

import java.io.IOException;

/** How a client can go away. */
public enum Departure {
  /** Ctrl-C: the whole process group gets the signal. */
  TERMINAL {
    @Override
    public void depart(Process git) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-TERM", "--", "-" + git.pid()).start().waitFor();
    }
  },
  /** git alone is killed; ssh finds its pipes closed. */
  GIT_KILLED {
    @Override
    public void depart(Process git) {
      git.destroyForcibly();
    }
  },
  /** ssh is killed: the connection is cut. */
  SSH_KILLED {
    @Override
    public void depart(Process git) {
      git.descendants()
          .filter(child -> child.info().command().orElse("").endsWith("ssh"))
          .forEach(ProcessHandle::destroyForcibly);
    }
  };

  /** Ends what the client has left running, to the end, as it works in a folder that goes. */
  public static void end(Process git) throws InterruptedException {
    git.descendants().forEach(ProcessHandle::destroyForcibly);
    Eventually.exit(git.destroyForcibly());
  }

  public abstract void depart(Process git) throws IOException, InterruptedException;
}
