package dev.slipway.demo.story;

import dev.slipway.demo.cluster.node.net.TcpForwarder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Stands in for {@code kubectl port-forward} alone, which the embedded API does not have: listens
 * as kubectl does, and leads to the address of the Service, which this machine reaches.
 */
final class ServiceForward {
  private ServiceForward() {}

  /** Makes a folder for the front of PATH, with a kubectl that is the real one for all the rest. */
  static Path kubectlIn(Path folder) throws IOException {
    Path script =
        Files.writeString(
            Files.createDirectories(folder).resolve("kubectl"),
            """
            #!/bin/sh
            # port-forward -n NAMESPACE service/NAME :PORT
            PATH=${PATH#*:}
            [ "$1" = port-forward ] || exec kubectl "$@"
            address=$(kubectl get -n "$3" "$4" -o jsonpath={.spec.clusterIP}) || exit
            exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s "$address" "${5#:}"
            """
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    System.getProperty("java.class.path"),
                    ServiceForward.class.getName()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  /**
   * Forwards until it is ended.
   *
   * @param args address and port of the Service
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    var service = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    try (var forwarder =
        TcpForwarder.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> Optional.of(service))) {
      System.out.println("Forwarding from 127.0.0.1:" + forwarder.port() + " -> " + args[1]);
      Thread.currentThread().join();
    }
  }
}
