package dev.slipway.gitd.front;

import dev.slipway.gitd.keys.FrontPass;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a gitd that sleeps: nothing is done before the client has proven a key that may wake
 * it, and then gitd is woken and asked about that key like any other.
 */
final class Awakening implements Passage {
  private static final Logger log = LoggerFactory.getLogger(Awakening.class);

  private final Gitds gitds;
  private final Route.ToGitd route;
  private final String user;
  private final FrontPass who;
  private final Session session;
  private final Patience patience;
  private final CompletableFuture<Upstream> opened = new CompletableFuture<>();

  /**
   * Does nothing yet.
   *
   * @param user as the client has typed it
   * @param who the key that he has to prove, and where he is
   * @param session without which nobody waits any more
   */
  Awakening(
      Gitds gitds,
      Route.ToGitd route,
      String user,
      FrontPass who,
      Session session,
      Patience patience) {
    this.gitds = gitds;
    this.route = route;
    this.user = user;
    this.who = who;
    this.session = session;
    this.patience = patience;
  }

  /** With a sentence for the client. */
  private static final class NotWokenException extends IOException {
    NotWokenException(String sentence, @Nullable IOException cause) {
      super(sentence, cause);
    }
  }

  @Override
  public Route.ToGitd route() {
    return route;
  }

  @Override
  public boolean isFor(PublicKey key) {
    return !opened.isCompletedExceptionally() && KeyUtils.compareKeys(who.pusher(), key);
  }

  /** Does not wait for the client to ask for something, which takes another round trip. */
  @Override
  public void prove() {
    Thread.ofVirtual().name("awakening").start(this::run);
  }

  private void run() {
    long start = System.nanoTime();
    try {
      Upstream upstream = wake();
      gitds.metrics().woken(since(start));
      upstream.prove();
      opened.complete(upstream);
    } catch (IOException | RuntimeException e) {
      gitds.metrics().notWoken(since(start));
      log.atWarn().addKeyValue("remote", route.remote()).setCause(e).log("gitd not woken");
      opened.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Knocks until somebody opens: that needs no right to watch pods, and nothing hears of an open
   * port earlier.
   */
  private Upstream wake() throws IOException, InterruptedException {
    long start = System.nanoTime();
    @Nullable IOException last = null;
    while (session.isOpen() && since(start).compareTo(patience.absent()) < 0) {
      try {
        Optional<Upstream> upstream = attempt(patience.connectAfter(since(start)));
        if (upstream.isPresent()) {
          log.atInfo()
              .addKeyValue("remote", route.remote())
              .addKeyValue("ms", since(start).toMillis())
              .log("gitd woken");
          return upstream.get();
        }
      } catch (NotWokenException e) {
        throw e;
      } catch (IOException e) {
        // Nobody listens yet, or the API is away.
        last = e;
      }
      Thread.sleep(patience.knock());
    }
    throw new NotWokenException(
        "%s is not available. Its git server was asleep and did not wake up in time. Try again later, or ask who runs the cluster."
            .formatted(user),
        last);
  }

  /** Empty where the controller has been asked for a gitd, or is still to say where one is. */
  private Optional<Upstream> attempt(Duration connectLimit) throws IOException {
    return switch (gitds.routes().apply(user)) {
      case Route.Unknown _, Route.Unready _ -> Optional.empty();
      case Route.Asleep asleep -> {
        gitds.waker().wake(asleep.gitd().remote());
        yield Optional.empty();
      }
      case Route.ToGitd gitd -> {
        Optional<Upstream> upstream = gitds.upstreams().ask(gitd, who, connectLimit);
        if (upstream.isEmpty()) {
          throw new NotWokenException("this key is no longer accepted", null);
        }
        yield upstream;
      }
    };
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  @Override
  public Upstream open(Teller teller) throws IOException {
    long quiet = patience.moment().toMillis();
    while (true) {
      try {
        return opened.get(quiet, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        teller.tell("Waking the git server of %s, which was asleep.".formatted(route.remote()));
        quiet = patience.remind().toMillis();
      } catch (ExecutionException e) {
        throw new IOException("not woken", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  @Override
  public void onClose(Runnable action) {
    var _ =
        opened.whenComplete(
            (upstream, failure) -> {
              if (upstream == null) {
                action.run();
              } else {
                upstream.onClose(action);
              }
            });
  }

  @Override
  public String ending() {
    return opened.isCompletedExceptionally()
        ? Objects.requireNonNullElse(opened.exceptionNow().getMessage(), "gitd was not woken")
        : opened.join().ending();
  }

  /** At once, or as soon as it has been opened. */
  @Override
  public void close() {
    var _ = opened.thenAccept(Upstream::close);
  }
}
