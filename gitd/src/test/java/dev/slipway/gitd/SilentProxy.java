package dev.slipway.gitd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a server that can fall silent: connections stay open, and nothing passes any more. */
final class SilentProxy implements SshTarget, AutoCloseable {
  private final ServerSocket server;
  private final int port;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean silent;

  SilentProxy(SshTarget to) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = to.port();
    Thread.ofVirtual().start(this::accept);
  }

  @Override
  public int port() {
    return server.getLocalPort();
  }

  /** From now on it takes what is sent, and passes on nothing, as a network does that is cut. */
  void fallSilent() {
    silent = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket onward = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.addAll(List.of(client, onward));
        Thread.ofVirtual().start(() -> copy(client, onward));
        Thread.ofVirtual().start(() -> copy(onward, client));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 14];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!silent) {
          out.write(buffer, 0, read);
        }
      }
      if (!silent) {
        to.shutdownOutput();
      }
    } catch (IOException e) {
      // One of both has closed it.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
