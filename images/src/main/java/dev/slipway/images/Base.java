package dev.slipway.images;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;

/** What the images stand on: glibc, the locale C.UTF-8, a folder {@code /tmp}. */
sealed interface Base {
  /** An image in a registry. */
  record Pulled(String name) implements Base {}

  /** A layer of this machine's own making, on nothing. */
  record Made(FileEntriesLayer layer) implements Base {}
}
