package dev.slipway.demo.cluster.api.fault;

import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.rbac.Action;
import dev.slipway.demo.cluster.schema.Rejected;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a test makes go wrong with the API. Every fault lasts until it is closed:
 *
 * <pre>{@code
 * try (var fault = cluster.faults().on("patch", "deployments").named("web").times(2).conflict()) {
 *   …
 *   assertThat(fault.hits()).isEqualTo(2);
 * }
 * }</pre>
 *
 * <p>They strike requests that are allowed, and those of the cluster's own controllers and node
 * too, unless {@code by} names a user. When several faults cover a request, the oldest strikes.
 */
public class Faults {
  private final List<Fault> active = new CopyOnWriteArrayList<>();
  private final Set<FaultyBody> open = ConcurrentHashMap.newKeySet();
  private volatile Duration ahead = Duration.ZERO;
  private final Runnable stopApi;
  private final Runnable startApi;
  private volatile Optional<ContainerFaults> containers = Optional.empty();

  /** Carries a request out. */
  @FunctionalInterface
  public interface Answer {
    Reply get() throws InterruptedException;
  }

  /**
   * Without any fault yet.
   *
   * @param stopApi breaks all connections and refuses new ones
   * @param startApi listens again where it did before
   */
  public Faults(Runnable stopApi, Runnable startApi) {
    this.stopApi = stopApi;
    this.startApi = startApi;
  }

  /**
   * Requests with this verb on this resource.
   *
   * @param verb as in a Role, such as {@code patch} or {@code watch}; {@code *} for all
   * @param resource plural as in a Role, such as {@code pods/log}; {@code *} for all
   */
  public Requests on(String verb, String resource) {
    return requests(verb, resource);
  }

  /** Not {@link #on}, which a real API refuses. */
  private Requests requests(String verb, String resource) {
    return new Requests(this, verb, resource, "", "", "", Integer.MAX_VALUE);
  }

  /**
   * Breaks all connections and refuses new ones until the fault is closed; objects, tokens and the
   * history that watches resume from stay.
   */
  public Fault apiDown() {
    stopApi.run();
    return new Fault(requests("", ""), new Effect.Hang(), startApi);
  }

  /** Restarts the API on the same port, with all it knows. */
  public void restartApi() {
    apiDown().close();
  }

  /** The API's clock goes ahead until the fault is closed: tokens expire. */
  public Fault clockAhead(Duration time) {
    ahead = time;
    return new Fault(requests("", ""), new Effect.Hang(), () -> ahead = Duration.ZERO);
  }

  /** The time that the API goes by. */
  public InstantSource clock() {
    return () -> Instant.now().plus(ahead);
  }

  /** What goes wrong with containers on the node. */
  public ContainerFaults containers() {
    return containers.orElseThrow(() -> new IllegalStateException("no node runs pods here"));
  }

  /** From now on {@link #containers()} strikes those of this node. */
  public void reach(ContainerFaults node) {
    containers = Optional.of(node);
  }

  Fault begin(Requests requests, Effect effect) {
    var fault = new Fault[1];
    fault[0] = new Fault(requests, effect, () -> active.remove(fault[0]));
    active.add(fault[0]);
    return fault[0];
  }

  int drop(Requests requests) {
    return (int)
        open.stream()
            .filter(body -> requests.cover(body.subject()))
            .filter(FaultyBody::drop)
            .count();
  }

  /** Answers a request that is allowed, or not, as the faults want it. */
  public Reply answer(User user, Action.OnResource action, Answer next)
      throws InterruptedException {
    shake(user);
    var subject = new Requests.Subject(user.name(), action);
    var identity = new Object();
    for (var fault : active) {
      if (fault.effect() instanceof Effect.OnRequest effect
          && !(subject.isStream() && effect instanceof Effect.OnPieces)
          && fault.strikes(subject, identity)) {
        return struck(subject, fault, effect, next);
      }
    }
    var reply = observed(subject, next.get());
    shake(user);
    return reply;
  }

  /** Not tests, which look for what others have not done yet. */
  private static void shake(User user) throws InterruptedException {
    if (user.groups().contains(User.SERVICE_ACCOUNTS)) {
      Thread.sleep(Shake.upTo(40));
    }
  }

  private Reply struck(Requests.Subject subject, Fault fault, Effect.OnRequest effect, Answer next)
      throws InterruptedException {
    return switch (effect) {
      case Effect.Refuse(var why) -> refused(subject, why.apply(subject.action()));
      case Effect.Hang() -> {
        fault.awaitRemoval();
        yield broken();
      }
      case Effect.LoseAnswer() -> {
        next.get();
        yield broken();
      }
      case Effect.Delay(var time) -> {
        fault.awaitRemoval(time);
        yield next.get();
      }
    };
  }

  /** A watch that is too old is told so by an event. */
  private static Reply refused(Requests.Subject subject, Rejected error) {
    if (error.code() != 410 || !subject.action().verb().equals("watch")) {
      throw error;
    }
    var event = Json.object().put("type", "ERROR");
    event.set("object", error.status());
    return new Reply.Stream(200, "application/json", body -> body.write(Json.bytes(event)));
  }

  private static Reply broken() {
    return new Reply.Stream(
        200,
        "application/json",
        _ -> {
          throw new IOException("broken by a fault");
        });
  }

  private Reply observed(Requests.Subject subject, Reply reply) {
    if (!(reply instanceof Reply.Stream(var status, var contentType, var writer))) {
      return reply;
    }
    return new Reply.Stream(
        status,
        contentType,
        to -> {
          var body = new FaultyBody(subject, to, () -> active);
          open.add(body);
          try {
            body.fill(writer);
          } finally {
            open.remove(body);
          }
        });
  }
}
