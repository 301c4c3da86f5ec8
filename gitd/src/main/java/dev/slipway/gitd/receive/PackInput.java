package dev.slipway.gitd.receive;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a client sends, broken off when the volume it is written to runs full. */
final class PackInput extends FilterInputStream {
  /** A look at the volume costs a system call. */
  private static final int LOOK_EVERY = 1 << 20;

  /**
   * JGit asks for 8 KiB. MINA then moves what is left of its window of 2 MiB, for every packet's
   * worth that is taken out of it, and tells the client.
   */
  private static final int READ_AT_ONCE = 1 << 20;

  private final Reserve reserve;
  private boolean stored;
  private int sinceLook;

  PackInput(InputStream in, Reserve reserve) {
    super(new BufferedInputStream(in, READ_AT_ONCE));
    this.reserve = reserve;
  }

  /** From here on, what is read is written to the volume. */
  void beginStoring() throws IOException {
    reserve.demand();
    stored = true;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    look(1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    look(read);
    return read;
  }

  /**
   * Waits for the answer. Where JGit has read as much as a pack may have and still needs more, it
   * takes a client that is slow for one that has ended.
   */
  @Override
  public int available() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next < 0 ? 0 : 1;
  }

  private void look(int read) throws IOException {
    sinceLook += read;
    if (stored && sinceLook >= LOOK_EVERY) {
      sinceLook = 0;
      reserve.demand();
    }
  }
}
