package dev.slipway.demo.cluster.node.kubelet;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a container's log is wanted.
 *
 * @param podUid uid of the pod: a pod that was replaced under the same name has another log
 * @param container name of a container or init container
 * @param follow stays open until the container has ended
 * @param timestamps puts the RFC 3339 time (nanoseconds, UTC) and a space before each line
 * @param previous the run before the current one
 * @param since only lines of this second and later; already cut to whole seconds
 * @param tailLines the last lines only, 0 or more
 * @param limitBytes at most so many bytes are sent, timestamps included, 1 or more
 */
public record LogRequest(
    String namespace,
    String pod,
    String podUid,
    String container,
    boolean follow,
    boolean timestamps,
    boolean previous,
    Optional<Instant> since,
    OptionalLong tailLines,
    OptionalLong limitBytes) {}
