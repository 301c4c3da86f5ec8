package dev.slipway.demo.cluster.image;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.slipway.demo.cluster.process.Command;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts {@code docker.io/library/busybox} into a store without any network, made from the program
 * that Debian's busybox-static installs.
 */
public final class BusyboxImage {
  private static final Path PROGRAM = Path.of("/bin/busybox");
  private static final String NAME = "docker.io/library/busybox";
  private static final List<String> TAGS = List.of("latest", "stable", "1.36", "1.37");

  private static final ReentrantLock MAKING = new ReentrantLock();

  private BusyboxImage() {}

  /** Whether the image is one of those made here, which no registry is asked for. */
  public static boolean contains(ImageReference image) {
    return image.name().equals(NAME)
        && image.digest().isEmpty()
        && image.tag().filter(TAGS::contains).isPresent();
  }

  /** Makes the image unless the store has it; waits for whoever is at it already. */
  public static void addTo(Path store) throws IOException, InterruptedException {
    var made = store.resolve("busybox.made");
    if (Files.exists(made)) {
      return;
    }
    Files.createDirectories(store);
    // The file's lock keeps out other processes, the other one this process's other threads.
    MAKING.lockInterruptibly();
    try (var file = FileChannel.open(store.resolve("busybox.lock"), CREATE, WRITE);
        var _ = file.lock()) {
      if (!Files.exists(made)) {
        make(store);
        Files.createFile(made);
      }
    } finally {
      MAKING.unlock();
    }
  }

  private static void make(Path store) throws IOException, InterruptedException {
    var root = Files.createDirectories(store.resolve("busybox"));
    for (var name :
        List.of("bin", "dev", "etc", "home", "proc", "root", "sys", "tmp", "usr", "var")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.writeString(
        root.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nnobody:x:65534:\n");
    Files.setPosixFilePermissions(
        root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    var bin = root.resolve("bin");
    Files.copy(PROGRAM, bin.resolve("busybox"), REPLACE_EXISTING, COPY_ATTRIBUTES);
    for (var applet : Command.of(PROGRAM.toString(), "--list").runOrFail().lines().toList()) {
      if (!Files.exists(bin.resolve(applet), NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
      }
    }
    var dockerfile = store.resolve("busybox.dockerfile");
    Files.writeString(dockerfile, "FROM scratch\nCOPY . /\nCMD [\"sh\"]\n");
    var argv =
        ImageStore.buildah(store, "build", "--quiet", "--isolation=chroot", "--layers=false");
    TAGS.forEach(tag -> argv.add("--tag=" + NAME + ":" + tag));
    argv.addAll(List.of("--file=" + dockerfile, root.toString()));
    Command.of(argv).runOrFail();
  }
}
