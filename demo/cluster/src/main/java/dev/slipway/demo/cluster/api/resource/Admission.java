package dev.slipway.demo.cluster.api.resource;

import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.api.types.ResourceType;
import java.util.Optional;
import java.util.function.Consumer;

/** A rule that looks at, and may complete, an object before it is stored. */
@FunctionalInterface
public interface Admission {
  /**
   * One write.
   *
   * @param before empty when the object is new
   * @param object the object to store; may be changed in place
   * @param warn takes texts that the client is shown although the write goes through
   */
  record Attempt(
      User user,
      ResourceType type,
      String subresource,
      Optional<ApiObject> before,
      ApiObject object,
      Consumer<String> warn) {}

  /** A {@code Rejected} thrown here refuses the write. */
  void admit(Attempt attempt);
}
