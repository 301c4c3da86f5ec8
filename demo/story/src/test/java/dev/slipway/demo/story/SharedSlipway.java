package dev.slipway.demo.story;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.demo.cluster.image.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One installation of Slipway, and a registry that wants a password, for all test classes of a run.
 */
record SharedSlipway(Path files, Installation installation, Registry guarded)
    implements AutoCloseable {
  /** The root of the repository, seen from this module. */
  static final Path HOME = Path.of("../..").toAbsolutePath().normalize();

  static final String USER = "builder";

  /** Nothing else looks like it. */
  static final String PASSWORD = "right-" + UUID.randomUUID();

  private static SharedSlipway start() {
    assumeTrue("root".equals(System.getProperty("user.name")), "the embedded cluster needs root");
    try {
      Path files = Files.createTempDirectory("slipway-tests");
      var installation = Installation.start(HOME, Files.createDirectories(files.resolve("state")));
      var guarded =
          Registry.start(
              Files.createDirectories(files.resolve("guarded")),
              Optional.of(new Registry.Login(USER, PASSWORD)));
      return new SharedSlipway(files, installation, guarded);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    guarded.close();
    installation.close();
    StateDirectory.remove(files);
  }

  /** Hands it to whichever class asks first, and to all the others. */
  static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedSlipway.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(SharedSlipway.class))
          .computeIfAbsent(SharedSlipway.class, key -> start());
    }
  }
}
