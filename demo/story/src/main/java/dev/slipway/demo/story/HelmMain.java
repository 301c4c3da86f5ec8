package dev.slipway.demo.story;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * As much of the command {@code helm} as is needed, done by Helm's own code, so that nobody has to
 * install it. It has a process of its own, since that code keeps SIGINT and SIGTERM from the JVM.
 */
@Command(name = "helm")
final class HelmMain {
  private static final int TEST_SECONDS = 240;

  private HelmMain() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new HelmMain())
            .setExecutionExceptionHandler(
                (failure, _, _) -> {
                  System.out.println("Error: " + String.valueOf(failure.getMessage()).strip());
                  return 1;
                })
            .execute(args));
  }

  @Command
  void install(
      @Parameters String release,
      @Parameters Path chart,
      @Option(names = "--namespace") String namespace,
      @Option(names = "--set") Map<String, String> values) {
    var install = new Helm(chart).install().withName(release).withNamespace(namespace);
    values.forEach(install::set);
    System.out.println(install.call().getOutput().strip());
  }

  /** With the values that the release has. */
  @Command
  void upgrade(
      @Parameters String release,
      @Parameters Path chart,
      @Option(names = "--namespace") String namespace,
      @Option(names = "--reuse-values", required = true) boolean reuseValues) {
    var upgrade = new Helm(chart).upgrade().withName(release).withNamespace(namespace);
    System.out.println(withoutNotes(upgrade.reuseValues().call()));
  }

  @Command
  void test(@Parameters String release, @Option(names = "--namespace") String namespace) {
    var test = Helm.test(release).withNamespace(namespace).withTimeout(TEST_SECONDS);
    System.out.println(withoutNotes(test.call()));
  }

  /** Succeeds where there is no release, too. */
  @Command
  void uninstall(
      @Parameters String release,
      @Option(names = "--namespace") String namespace,
      @Option(names = "--ignore-not-found", required = true) boolean ignoreNotFound) {
    var uninstall = Helm.uninstall(release).withNamespace(namespace);
    System.out.println(uninstall.ignoreNotFound().call().strip());
  }

  private static String withoutNotes(Release release) {
    return release.getOutput().split("(?m)^NOTES:$", 2)[0].strip();
  }
}
