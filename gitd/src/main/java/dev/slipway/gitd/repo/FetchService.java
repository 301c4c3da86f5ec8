package dev.slipway.gitd.repo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/** Serves clones and fetches. */
public final class FetchService {
  private final RemoteRepository repository;

  public FetchService(RemoteRepository repository) {
    this.repository = repository;
  }

  /**
   * Speaks git's upload-pack protocol with one client, to its end.
   *
   * @param protocol what the client set GIT_PROTOCOL to, for example {@code version=2}
   * @return the exit code that the client is told
   * @throws IOException if the client broke off
   */
  public int serve(InputStream in, OutputStream out, OutputStream err, @Nullable String protocol)
      throws IOException {
    try (Repository opened = repository.open()) {
      UploadPack upload = new UploadPack(opened);
      if (protocol != null) {
        upload.setExtraParameters(List.of(protocol.split(":", -1)));
      }
      upload.upload(in, out, err);
      return 0;
    } catch (PackProtocolException e) {
      return 1;
    }
  }
}
