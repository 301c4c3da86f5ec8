package dev.slipway.hooks.manifests;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Helm's engine in a process of its own, since nothing can stop a template that loops or grows once
 * it runs inside a JVM. {@link HelmProcess} starts it.
 */
final class HelmMain {
  static final int RENDERED = 0;
  static final int REFUSED = 3;

  /** Numbers of Linux, {@code asm-generic/resource.h}. */
  private static final int RLIMIT_FSIZE = 1;

  private static final int RLIMIT_DATA = 2;

  private HelmMain() {}

  /**
   * Renders one chart, and ends with {@link #RENDERED} or {@link #REFUSED}.
   *
   * @param args chart, values, file to write to, bytes of memory, bytes of a file, namespace, and
   *     the release where it has a name
   */
  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[2]);
    try {
      var command =
          new Helm(Path.of(args[0]))
              .template()
              .withNamespace(args[5])
              .withValuesFile(Path.of(args[1]));
      if (args.length > 6) {
        command.withName(args[6]);
      }
      // Only now: the engine itself is unpacked from its jar, and is larger than its output may be.
      limit(RLIMIT_DATA, Long.parseLong(args[3]));
      limit(RLIMIT_FSIZE, Long.parseLong(args[4]));
      // Nothing at all is null.
      Files.writeString(out, Objects.requireNonNullElse(command.call(), ""));
      System.exit(RENDERED);
    } catch (IllegalStateException e) {
      Files.writeString(out, String.valueOf(e.getMessage()));
      System.exit(REFUSED);
    }
  }

  /** {@code setrlimit(2)}, both the soft and the hard limit. */
  @SuppressWarnings("restricted") // HelmProcess enables native access.
  private static void limit(int resource, long bytes) {
    Linker linker = Linker.nativeLinker();
    MethodHandle setrlimit =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setrlimit"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      var limits = arena.allocateFrom(ValueLayout.JAVA_LONG, bytes, bytes);
      if ((int) setrlimit.invokeExact(resource, limits) != 0) {
        throw new AssertionError("setrlimit failed");
      }
    } catch (Throwable e) {
      throw new AssertionError("The process cannot be limited", e);
    }
  }
}
