package dev.slipway.gitd;

import dev.slipway.gitd.ssh.SshLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** TCP connections to an SSH server that read its first byte and never say anything. */
public final class IdleConnections implements AutoCloseable {
  private final List<Socket> sockets = new ArrayList<>();

  /** More than a server lets stay. */
  public static IdleConnections beyond(SshLimits limits, SshTarget server) {
    return open(server.port(), limits.unauthenticatedSessions() + 10);
  }

  /** So many. */
  public static IdleConnections open(int port, int count) {
    var idle = new IdleConnections();
    try {
      for (int i = 0; i < count; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        idle.sockets.add(socket);
        // The server has taken it in, or has closed it again.
        socket.getInputStream().read();
      }
    } catch (IOException e) {
      idle.close();
      throw new UncheckedIOException(e);
    }
    return idle;
  }

  @Override
  public void close() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
