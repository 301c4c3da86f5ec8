package dev.slipway.demo.cluster.api.fault;

import dev.slipway.demo.cluster.api.rbac.Action;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.Duration;
import java.util.function.Function;

/**
 * The requests that a fault shall strike, and the ways to let it begin. Every condition is empty or
 * {@code *} when it is none.
 *
 * @param resource plural, with the subresource after a slash: {@code pods/log}
 * @param user full name, such as {@code system:serviceaccount:default:reader}
 * @param times how many requests are struck before the fault ends by itself
 */
public record Requests(
    Faults faults,
    String verb,
    String resource,
    String namespace,
    String name,
    String user,
    int times) {

  /** Only those on objects of this name, also lists and watches of just this object. */
  public Requests named(String only) {
    return new Requests(faults, verb, resource, namespace, only, user, times);
  }

  /** Only those in this namespace. */
  public Requests in(String only) {
    return new Requests(faults, verb, resource, only, name, user, times);
  }

  /** Only those of this user. */
  public Requests by(String only) {
    return new Requests(faults, verb, resource, namespace, name, only, times);
  }

  /** Only those of this ServiceAccount. */
  public Requests by(String ofNamespace, String serviceAccount) {
    return by("system:serviceaccount:" + ofNamespace + ":" + serviceAccount);
  }

  /** Only the first ones. */
  public Requests times(int atMost) {
    return new Requests(faults, verb, resource, namespace, name, user, atMost);
  }

  /** 409: the object has been modified. */
  public Fault conflict() {
    return refuse(
        action ->
            Rejected.conflict(
                action.resource(),
                action.name(),
                "the object has been modified; please apply your changes to the latest version and"
                    + " try again"));
  }

  /** 429 with {@code Retry-After}, as while the server's caches are not ready. */
  public Fault tooManyRequests(int retryAfterSeconds) {
    return refuse(_ -> Rejected.tooManyRequests("storage is (re)initializing", retryAfterSeconds));
  }

  /** 500, as when etcd does not answer in time. */
  public Fault serverError() {
    return refuse(_ -> Rejected.of(500, "", "etcdserver: request timed out"));
  }

  /** 410: the resourceVersion is too old, so the client must list again. */
  public Fault expired() {
    return refuse(_ -> Rejected.gone("too old resource version: 1 (2)"));
  }

  /** No answer until the fault is removed; then the connection breaks, nothing was carried out. */
  public Fault hang() {
    return faults.begin(this, new Effect.Hang());
  }

  /** Carried out, but the connection breaks before the answer. */
  public Fault loseAnswer() {
    return faults.begin(this, new Effect.LoseAnswer());
  }

  /**
   * Carried out so much later. Each piece of a watch or log comes so much later, also of those that
   * are open already. Removing the fault ends the waiting.
   */
  public Fault delay(Duration time) {
    return faults.begin(this, new Effect.Delay(time));
  }

  /** A watch or log ends, as if complete, so many bytes after this call or its beginning. */
  public Fault endAfter(long bytes) {
    return faults.begin(this, new Effect.End(bytes, false));
  }

  /** The connection of a watch or log breaks so many bytes after this call or its beginning. */
  public Fault breakAfter(long bytes) {
    return faults.begin(this, new Effect.End(bytes, true));
  }

  /**
   * Breaks the connections of the watches and logs that are open now, and of no later ones.
   *
   * @return how many there were
   */
  public int drop() {
    return faults.drop(this);
  }

  private Fault refuse(Function<Action.OnResource, Rejected> why) {
    return faults.begin(this, new Effect.Refuse(why));
  }

  boolean cover(Subject subject) {
    var action = subject.action();
    var plural = action.resource().plural();
    return fits(verb, action.verb())
        && fits(
            resource, action.subresource().isEmpty() ? plural : plural + "/" + action.subresource())
        && fits(namespace, action.namespace())
        && fits(name, action.name())
        && fits(user, subject.user());
  }

  private static boolean fits(String wanted, String is) {
    return wanted.isEmpty() || wanted.equals("*") || wanted.equals(is);
  }

  /** Who asks for what. */
  record Subject(String user, Action.OnResource action) {
    boolean isStream() {
      return action.verb().equals("watch") || action.subresource().equals("log");
    }
  }
}
