package dev.slipway.gitd;

/** Something on loopback that takes pushes over SSH. */
public interface SshTarget {
  int port();

  /** The user name in the URL. */
  default String user() {
    return "default-dev";
  }

  /** The URL as Gitkube printed it. */
  default String url() {
    return "ssh://%1$s@127.0.0.1:%2$d/~/git/%1$s".formatted(user(), port());
  }
}
