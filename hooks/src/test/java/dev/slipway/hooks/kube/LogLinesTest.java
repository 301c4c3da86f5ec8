package dev.slipway.hooks.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogLinesTest {

  @Test
  void endsALineAtANewlineOnly() throws IOException {
    LogLines lines = new LogLines(bytes("Grüße\n\n10%\r20%\r\nno newline"));

    assertThat(all(lines)).containsExactly("Grüße", "", "10%\r20%\r");
    assertThat(lines.rest()).isEqualTo("no newline");
  }

  @Test
  void hasNoRestWhereTheLastLineIsWhole() throws IOException {
    LogLines lines = new LogLines(bytes("one\n"));

    assertThat(all(lines)).containsExactly("one");
    assertThat(lines.rest()).isEmpty();
  }

  /** {@code RUN head -c 2G /dev/zero | tr '\0' x} must not take the memory of everybody's gitd. */
  @Test
  void holdsNoMoreThanTheBeginningOfALongLine() throws IOException {
    long length = 64L * 1024 * 1024;
    LogLines lines =
        new LogLines(new SequenceInputStream(new Repeated(length), bytes("the end\nnext\n")));
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = memory.getCurrentThreadAllocatedBytes();
    String line = lines.next().orElseThrow();
    long taken = memory.getCurrentThreadAllocatedBytes() - before;

    assertThat(line.length()).isEqualTo(LogLines.LIMIT + 1);
    assertThat(line).startsWith("xxx").endsWith("x…");
    assertThat(taken).isLessThan(length / 16);
    assertThat(all(lines)).containsExactly("next");
  }

  private static List<String> all(LogLines lines) throws IOException {
    List<String> all = new ArrayList<>();
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      all.add(line.get());
    }
    return all;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  /** So many bytes, none of which is held. */
  private static final class Repeated extends InputStream {
    private long left;

    Repeated(long count) {
      left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(buffer, offset, offset + count, (byte) 'x');
      left -= count;
      return count;
    }
  }
}
