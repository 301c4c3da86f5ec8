package dev.slipway.demo.cluster.node.net;

import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps every pod's {@code /etc/hosts}, which names all Services: it stands in for a DNS. */
public final class HostsFiles {
  private static final Logger log = LoggerFactory.getLogger(HostsFiles.class);

  private record Reader(String namespace, String podName, String address) {}

  private final Map<Path, Reader> readers = new ConcurrentHashMap<>();
  private List<Service> services = List.of();

  /** Writes the file now and again whenever Services change, until it is dropped. */
  public synchronized void keep(Path file, String namespace, String podName, String address)
      throws IOException {
    var reader = new Reader(namespace, podName, address);
    readers.put(file, reader);
    write(file, reader);
  }

  public synchronized void drop(Path file) {
    readers.remove(file);
  }

  synchronized void show(Collection<Service> current) {
    services = List.copyOf(current);
    readers.forEach(
        (file, reader) -> {
          try {
            write(file, reader);
          } catch (IOException e) {
            log.warn("Cannot write {}", file, e);
          }
        });
  }

  /** In place, as containers have this very file mounted. */
  private void write(Path file, Reader reader) throws IOException {
    var bytes = text(services, reader.namespace, reader.podName, reader.address);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.truncate(buffer.limit());
    }
  }

  static String text(
      Collection<Service> services, String namespace, String podName, String address) {
    var lines = new ArrayList<String>();
    lines.add("127.0.0.1 localhost");
    lines.add("::1 localhost ip6-localhost ip6-loopback");
    lines.add(address + " " + podName);
    services.stream()
        .filter(HostsFiles::hasAddress)
        .sorted(
            Comparator.comparing((Service service) -> service.getMetadata().getNamespace())
                .thenComparing(service -> service.getMetadata().getName()))
        .map(service -> line(service, namespace))
        .forEach(lines::add);
    return String.join("\n", lines) + "\n";
  }

  private static String line(Service service, String namespace) {
    var name = service.getMetadata().getName();
    var home = service.getMetadata().getNamespace();
    var full = name + "." + home;
    var names = full + ".svc.cluster.local " + full + ".svc " + full;
    return service.getSpec().getClusterIP()
        + " "
        + names
        + (home.equals(namespace) ? " " + name : "");
  }

  static boolean hasAddress(Service service) {
    var address = service.getSpec().getClusterIP();
    return address != null && !address.isEmpty() && !address.equals("None");
  }
}
