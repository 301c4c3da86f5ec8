package dev.slipway.demo.cluster.image;

import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.NetworkNamespace;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An image that is not pulled but is a program of the host, which sees the host's programs and
 * libraries read-only.
 *
 * @param names matches the whole of an image's name as written in a pod
 * @param config entrypoint, environment and user
 * @param binds further files and directories, at their own places or others
 * @param privileged with all capabilities
 * @param network whose network its containers see
 */
public record SystemImage(
    Pattern names,
    ImageConfig config,
    List<Bind> binds,
    boolean privileged,
    NetworkNamespace network) {
  public SystemImage {
    binds = List.copyOf(binds);
  }

  /** A Java program on this JVM's own JDK that runs as user 65532. */
  public static SystemImage java(
      String names, String mainClass, List<Path> classPath, List<String> options) {
    return java(names, mainClass, classPath, options, "65532:65532");
  }

  private static SystemImage java(
      String names, String mainClass, List<Path> classPath, List<String> options, String user) {
    var jdk = Path.of(System.getProperty("java.home"));
    var argv = new ArrayList<String>();
    argv.add(jdk.resolve("bin/java").toString());
    argv.addAll(options);
    argv.add("-cp");
    argv.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    argv.add(mainClass);
    var binds = new ArrayList<Bind>();
    binds.add(visible(jdk));
    classPath.stream().filter(Files::exists).map(SystemImage::visible).forEach(binds::add);
    return new SystemImage(
        Pattern.compile(names),
        new ImageConfig(argv, List.of(), List.of("JAVA_HOME=" + jdk), user, "/"),
        binds,
        false,
        NetworkNamespace.POD);
  }

  /**
   * Slipway's gitd as {@code make images} has laid it out, with its own Java and class archive.
   *
   * @param target where that is
   * @param options before those of the image
   */
  public static SystemImage laidOut(String names, Path target, List<String> options) {
    var argv = new ArrayList<>(List.of("/opt/java/bin/java"));
    argv.addAll(options);
    argv.add("@/app/gitd.args");
    return new SystemImage(
        Pattern.compile(names),
        new ImageConfig(argv, List.of(), List.of("LC_ALL=C.UTF-8"), "65532:65532", "/"),
        List.of(
            new Bind(target.resolve("runtime"), "/opt/java", true),
            new Bind(target.resolve("unsigned"), "/app/lib", true),
            new Bind(target.resolve("gitd.args"), "/app/gitd.args", true),
            new Bind(target.resolve("gitd.jsa"), "/app/gitd.jsa", true)),
        false,
        NetworkNamespace.POD);
  }

  /** The class path of this very JVM. */
  public static List<Path> ownClassPath() {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath())
        .toList();
  }

  private static Bind visible(Path path) {
    return new Bind(path, path.toString(), true);
  }

  /** The same program as root, with all capabilities, in the host's network. */
  public SystemImage privilegedOnHost(List<Bind> more, Map<String, String> environment) {
    var variables = new ArrayList<>(config.environment());
    environment.forEach((name, value) -> variables.add(name + "=" + value));
    var all = new ArrayList<>(binds);
    all.addAll(more);
    return new SystemImage(
        names,
        new ImageConfig(config.entrypoint(), config.command(), variables, "0:0", "/"),
        all,
        true,
        NetworkNamespace.HOST);
  }

  public boolean isNamed(String image) {
    return names.matcher(image).matches();
  }
}
