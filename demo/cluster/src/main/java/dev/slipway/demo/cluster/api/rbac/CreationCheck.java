package dev.slipway.demo.cluster.api.rbac;

import dev.slipway.demo.cluster.api.resource.Admission;

/** Who makes an object by applying it must be allowed to create it, besides to patch it. */
public record CreationCheck(Authorizer authorizer) implements Admission {
  @Override
  public void admit(Attempt attempt) {
    if (attempt.before().isEmpty() && attempt.subresource().isEmpty()) {
      var object = attempt.object();
      authorizer.require(
          attempt.user(),
          new Action.OnResource(
              "create", attempt.type().resource(), object.namespace(), object.name(), ""));
    }
  }
}
