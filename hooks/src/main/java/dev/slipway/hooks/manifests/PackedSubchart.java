package dev.slipway.hooks.manifests;

import dev.slipway.hooks.kube.PlainText;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Measures a packed subchart before Helm's engine unpacks it, which it does without a limit. */
final class PackedSubchart {
  private PackedSubchart() {}

  static boolean is(String path) {
    return path.contains("charts/") && (path.endsWith(".tgz") || path.endsWith(".tar.gz"));
  }

  /**
   * What it takes unpacked.
   *
   * @param limit in bytes; nothing beyond it is unpacked
   * @return in bytes; more than the limit when it is larger
   * @throws InvalidManifestException if it holds another packed chart or a schema that refers to
   *     something outside of it, or is no archive
   */
  static long unpacked(byte[] packed, long limit) throws InvalidManifestException {
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed));
        Limited counted = new Limited(plain, limit);
        TarArchiveInputStream tar = new TarArchiveInputStream(counted)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (is(entry.getName())) {
          throw new InvalidManifestException("a packed chart must not hold another packed chart");
        }
        if (ChartSchema.is(entry.getName())) {
          checkSchema(entry.getName(), tar.readAllBytes());
        }
      }
      return counted.read;
    } catch (TooLargeException e) {
      return limit + 1;
    } catch (IOException e) {
      throw new InvalidManifestException("is no packed chart");
    }
  }

  private static void checkSchema(String path, byte[] schema) throws InvalidManifestException {
    try {
      ChartSchema.check(schema);
    } catch (InvalidManifestException e) {
      throw new InvalidManifestException("%s %s".formatted(PlainText.oneLine(path), e.sentence()));
    }
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static final class Limited extends FilterInputStream {
    private final long limit;
    private long read;

    Limited(InputStream in, long limit) {
      super(in);
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int some = super.read(bytes, offset, length);
      count(Math.max(some, 0));
      return some;
    }

    @Override
    public long skip(long count) throws IOException {
      long some = super.skip(count);
      count(some);
      return some;
    }

    private void count(long bytes) throws TooLargeException {
      read += bytes;
      if (read > limit) {
        throw new TooLargeException();
      }
    }
  }
}
