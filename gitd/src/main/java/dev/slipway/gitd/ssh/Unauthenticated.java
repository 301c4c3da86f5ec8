package dev.slipway.gitd.ssh;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sessions that are not authenticated yet, no more than a limit. A newcomer is never turned
 * away: whoever holds the most places loses the one that he has held for the longest. So a crowd of
 * idle connections keeps nobody out, not even those who share its address.
 */
final class Unauthenticated<S> {
  private static final int NETWORK_BYTES = 8;

  private final int limit;

  /** The oldest first. */
  private final Map<S, String> sources = new LinkedHashMap<>();

  /**
   * @param limit at least 1
   */
  Unauthenticated(int limit) {
    this.limit = limit;
  }

  /**
   * Takes a newcomer in.
   *
   * @return the session that has to leave instead, no longer counted
   */
  synchronized Optional<S> enter(S session, InetAddress from) {
    sources.put(session, source(from));
    if (sources.size() <= limit) {
      return Optional.empty();
    }
    S leaving = oldestOfTheFullest();
    sources.remove(leaving);
    return Optional.of(leaving);
  }

  /** Counts a session no longer: it has been authenticated or has ended. */
  synchronized void leave(S session) {
    sources.remove(session);
  }

  private S oldestOfTheFullest() {
    // Of equally full ones the first counts, which is the one that has the oldest session.
    Map<String, List<S>> bySource =
        sources.keySet().stream()
            .collect(Collectors.groupingBy(sources::get, LinkedHashMap::new, Collectors.toList()));
    int most = bySource.values().stream().mapToInt(List::size).max().orElseThrow();
    return bySource.values().stream()
        .filter(sessions -> sessions.size() == most)
        .findFirst()
        .orElseThrow()
        .getFirst();
  }

  /** An IPv6 customer has a /64 at least, and would be as many sources as he likes. */
  private static String source(InetAddress from) {
    return from instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(from.getAddress(), NETWORK_BYTES))
        : from.getHostAddress();
  }
}
