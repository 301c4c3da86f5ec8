package dev.slipway.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where files lie in an image, and who may do what with them. */
final class ImagePaths {
  static final FilePermissions WORLD_WRITABLE = FilePermissions.fromOctalString("777");
  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");

  private ImagePaths() {}

  static AbsoluteUnixPath absolute(String path) {
    return AbsoluteUnixPath.get("/" + path);
  }

  /** Belonging to root, readable by all, whatever they are on this machine. */
  static FilePermissions permissions(Path file) {
    return Files.isExecutable(file) ? PROGRAM : FilePermissions.DEFAULT_FILE_PERMISSIONS;
  }
}
