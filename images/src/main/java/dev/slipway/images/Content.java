package dev.slipway.images;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What both images hold above their base, in layers of which the lower ones change less often.
 *
 * @param runtime Java
 * @param libraries jars of others
 * @param slipway own jars, how to start them, and the list of all that is in them
 * @param archive classes of gitd, laid out for its start
 */
record Content(
    FileEntriesLayer runtime,
    FileEntriesLayer libraries,
    FileEntriesLayer slipway,
    FileEntriesLayer archive) {
  private static final String JAVA = "opt/java/";
  private static final String APP = "app/";
  private static final String ARCHIVE = APP + "gitd.jsa";

  /** Is only for heaps above 32 GB, and half of what the JVM takes. */
  private static final String HUGE_HEAPS = "lib/server/classes_nocoops.jsa";

  /** How a JVM that serves few people starts fast and stays small. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-Xshare:auto",
          // Once a minute: what a push has freed goes back to the node.
          "-XX:TrimNativeHeapInterval=60000",
          "-Dsun.net.httpserver.nodelay=true",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /**
   * What packs go through, ciphers and hashes, is fast with the second compiler only; three times
   * as late as usual it leaves a start alone, and a large push does not notice.
   */
  private static final List<String> BOTH_COMPILERS =
      List.of(
          "-XX:Tier4InvocationThreshold=15000",
          "-XX:Tier4MinInvocationThreshold=1800",
          "-XX:Tier4CompileThreshold=45000");

  /** Made of what the build has left in {@code target}. */
  static Content of(Path target) throws IOException, InterruptedException {
    List<Path> jars =
        UnsignedJars.of(Folders.files(target.resolve("app")), target.resolve("unsigned"));
    List<Path> own = jars.stream().filter(Content::isOwn).toList();
    var slipway = jars(own);
    for (Program program : Program.values()) {
      Path file = target.resolve(program + ".args");
      Files.writeString(file, String.join("\n", arguments(program, jars)) + "\n");
      slipway.addEntry(file, ImagePaths.absolute(arguments(program)));
    }
    slipway.addEntry(
        target.resolve("sbom.cdx.json"), ImagePaths.absolute("usr/share/sbom/slipway.cdx.json"));
    Path runtime = JavaRuntime.link(jars, target.resolve("runtime"));
    Path archive = target.resolve("gitd.jsa");
    new ClassArchive(runtime, jars, JVM, ClassArchive.ofGitd())
        .write(archive, target.resolve("archive"));
    return new Content(
        runtime(runtime),
        jars(jars.stream().filter(jar -> !isOwn(jar)).toList()).build(),
        slipway.build(),
        FileEntriesLayer.builder().addEntry(archive, ImagePaths.absolute(ARCHIVE)).build());
  }

  /** The lower ones first. */
  List<FileEntriesLayer> layers(Program program) {
    return switch (program) {
      case CONTROLLER -> List.of(runtime, libraries, slipway);
      case GITD -> List.of(runtime, libraries, slipway, archive);
    };
  }

  /** What the image starts. */
  static List<String> entrypoint(Program program) {
    return List.of("/" + JAVA + "bin/java", "@/" + arguments(program));
  }

  private static String arguments(Program program) {
    return APP + program + ".args";
  }

  private static List<String> arguments(Program program, List<Path> jars) {
    var arguments = new ArrayList<>(JVM);
    switch (program) {
      case CONTROLLER -> arguments.add("-XX:TieredStopAtLevel=1");
      case GITD -> {
        arguments.addAll(BOTH_COMPILERS);
        arguments.add("-XX:SharedArchiveFile=/" + ARCHIVE);
      }
    }
    arguments.add("-cp");
    arguments.add(
        String.join(
            ":", jars.stream().map(jar -> "/" + APP + "lib/" + jar.getFileName()).toList()));
    arguments.add(program.mainClass());
    return arguments;
  }

  private static boolean isOwn(Path jar) {
    return jar.getFileName().toString().startsWith("slipway-");
  }

  private static FileEntriesLayer.Builder jars(List<Path> jars) {
    var layer = FileEntriesLayer.builder();
    jars.forEach(jar -> layer.addEntry(jar, ImagePaths.absolute(APP + "lib/" + jar.getFileName())));
    return layer;
  }

  private static FileEntriesLayer runtime(Path folder) throws IOException {
    var layer = FileEntriesLayer.builder();
    for (Path file : Folders.files(folder)) {
      String path = folder.relativize(file).toString();
      if (!path.equals(HUGE_HEAPS)) {
        layer.addEntry(
            file.toRealPath(), ImagePaths.absolute(JAVA + path), ImagePaths.permissions(file));
      }
    }
    return layer.build();
  }
}
