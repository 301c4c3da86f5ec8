package dev.slipway.demo.cluster.image;

import java.nio.file.Path;
import java.util.List;

/**
 * An image on this machine's disk.
 *
 * @param id {@code repository@digest}, what a pod's status shows
 * @param layers directories, the uppermost first
 * @param size bytes of all layers
 */
public record StoredImage(String id, ImageConfig config, List<Path> layers, long size) {
  public StoredImage {
    layers = List.copyOf(layers);
  }
}
