package dev.slipway.hooks.context;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The build contexts that running builds may fetch, each behind a token of its own. */
public final class BuildContexts {
  private static final int TOKEN_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Offer> offers = new ConcurrentHashMap<>();

  /** How an archive is answered. */
  sealed interface Answer {
    record Granted(Offer offer) implements Answer {}

    record Refused() implements Answer {}

    record Unknown() implements Answer {}
  }

  /** One context, offered until it is closed. */
  public final class Offer implements AutoCloseable {
    private final String id;
    private final Repository repository;
    private final ContextSource source;
    private final String token;
    private final String sha256;
    private final long bytes;

    private Offer(
        String id,
        Repository repository,
        ContextSource source,
        String token,
        String sha256,
        long bytes) {
      this.id = id;
      this.repository = repository;
      this.source = source;
      this.token = token;
      this.sha256 = sha256;
      this.bytes = bytes;
    }

    /** The bearer token that opens this context and no other. */
    public String token() {
      return token;
    }

    /** Of the archive, in hex. */
    public String sha256() {
      return sha256;
    }

    /** Size of the archive. */
    public long bytes() {
      return bytes;
    }

    void writeTo(OutputStream out) throws IOException {
      ContextTar.write(repository, source, out);
    }

    @Override
    public void close() {
      offers.remove(id, this);
    }
  }

  /**
   * Offers a context. Reads it once, for its checksum.
   *
   * @param id of the build, unique
   */
  public Offer offer(String id, Repository repository, ContextSource source) throws IOException {
    MessageDigest digest = Checksums.sha256();
    AtomicLong bytes = new AtomicLong();
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes.incrementAndGet();
          }

          @Override
          public void write(byte[] b, int offset, int length) {
            bytes.addAndGet(length);
          }
        };
    ContextTar.write(repository, source, new DigestOutputStream(counting, digest));
    Offer offer =
        new Offer(
            id,
            repository,
            source,
            newToken(),
            HexFormat.of().formatHex(digest.digest()),
            bytes.get());
    offers.put(id, offer);
    return offer;
  }

  Answer find(String id, @Nullable String token) {
    Offer offer = offers.get(id);
    if (offer == null) {
      return new Answer.Unknown();
    }
    boolean matches =
        token != null
            && MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8),
                offer.token.getBytes(StandardCharsets.UTF_8));
    return matches ? new Answer.Granted(offer) : new Answer.Refused();
  }

  private String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
