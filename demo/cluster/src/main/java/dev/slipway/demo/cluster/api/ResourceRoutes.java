package dev.slipway.demo.cluster.api;

import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.logs.LogEndpoint;
import dev.slipway.demo.cluster.api.logs.LogOptions;
import dev.slipway.demo.cluster.api.rbac.Action;
import dev.slipway.demo.cluster.api.rbac.Authorizer;
import dev.slipway.demo.cluster.api.resource.Call;
import dev.slipway.demo.cluster.api.resource.Resources;
import dev.slipway.demo.cluster.api.resource.Verb;
import dev.slipway.demo.cluster.api.review.Reviews;
import dev.slipway.demo.cluster.api.types.ResourceType.Trait;
import dev.slipway.demo.cluster.schema.Rejected;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** Leads a request on a resource, once allowed, to the part that knows its subresource. */
record ResourceRoutes(
    Authorizer authorizer,
    Faults faults,
    Resources resources,
    PodAndAccountActions actions,
    Reviews reviews,
    LogEndpoint logs,
    InstantSource clock) {
  private static final Pattern ONE_NAME = Pattern.compile("metadata\\.name==?([^,=!]+)");

  Reply answer(Call call) throws InterruptedException {
    var action = action(call);
    authorizer.require(call.user(), action);
    return faults.answer(call.user(), action, () -> carriedOut(call));
  }

  private Reply carriedOut(Call call) throws InterruptedException {
    if (call.type().has(Trait.VIRTUAL)) {
      requireVerb(call, Verb.CREATE);
      return reviews.answer(call);
    }
    return switch (call.path().subresource()) {
      case "log" -> {
        requireVerb(call, Verb.GET);
        var pod = resources.stored(call);
        yield logs.answer(LogOptions.parse(call.query(), pod.name(), clock), pod);
      }
      case "token", "eviction", "binding" -> {
        requireVerb(call, Verb.CREATE);
        yield actions.answer(call);
      }
      default -> resources.handle(call);
    };
  }

  private static void requireVerb(Call call, Verb only) {
    if (call.verb() != only) {
      throw Rejected.methodNotAllowed();
    }
  }

  private static Action.OnResource action(Call call) {
    var path = call.path();
    boolean isNamespace =
        path.plural().equals("namespaces") && path.group().isEmpty() && !path.name().isEmpty();
    return new Action.OnResource(
        call.verb().text(),
        call.type().resource(),
        isNamespace ? path.name() : path.namespace(),
        path.name().isEmpty() ? nameInFieldSelector(call) : path.name(),
        path.subresource());
  }

  /**
   * A list or watch of one object by name is authorised like a request for it, so that rules with
   * resourceNames allow it: https://kubernetes.io/docs/reference/access-authn-authz/rbac
   */
  private static String nameInFieldSelector(Call call) {
    var matcher = ONE_NAME.matcher(call.query().text("fieldSelector"));
    return matcher.matches() ? matcher.group(1) : "";
  }
}
