package dev.slipway.demo.cluster.node.container;

import java.nio.file.Path;

/**
 * A file or directory that a container sees at another place.
 *
 * @param source as seen from the sandbox
 * @param destination absolute, inside the container
 */
public record Bind(Path source, String destination, boolean readOnly) {}
