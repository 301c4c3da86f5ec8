package dev.slipway.gitd.receive;

import dev.slipway.gitd.repo.RemoteRepository;
import java.io.IOException;

/** Free space on the repository's volume that no push may use up. */
record Reserve(RemoteRepository repository, long bytes) {

  /** Says that a push does not fit any more. */
  static final class NoRoomException extends IOException {
    private final long free;

    NoRoomException(long free) {
      super(free + " bytes are free on the volume");
      this.free = free;
    }

    long free() {
      return free;
    }
  }

  void demand() throws IOException {
    long free = repository.free();
    if (free < bytes) {
      throw new NoRoomException(free);
    }
  }
}
