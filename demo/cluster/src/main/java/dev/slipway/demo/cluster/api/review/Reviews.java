package dev.slipway.demo.cluster.api.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.api.auth.Authenticator;
import dev.slipway.demo.cluster.api.auth.User;
import dev.slipway.demo.cluster.api.http.Reply;
import dev.slipway.demo.cluster.api.object.Json;
import dev.slipway.demo.cluster.api.rbac.Action;
import dev.slipway.demo.cluster.api.rbac.Authorizer;
import dev.slipway.demo.cluster.api.resource.Call;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.ResourceName;
import java.util.Map;

/** Answers the kinds that are questions: who am I, may I, what may I, whose token is this. */
public record Reviews(Authorizer authorizer, Authenticator authenticator) {
  public Reply answer(Call call) {
    var review = call.body(call.type().kind()).object().deepCopy();
    review.withObjectProperty("metadata");
    var spec = review.path("spec");
    review.set(
        "status",
        switch (call.type().kind()) {
          case "SelfSubjectAccessReview" -> decision(call.user(), spec);
          case "SubjectAccessReview", "LocalSubjectAccessReview" -> decision(subject(spec), spec);
          case "SelfSubjectRulesReview" ->
              authorizer.summary(call.user(), spec.path("namespace").asText());
          case "SelfSubjectReview" -> userInfo(call.user());
          case "TokenReview" -> owner(spec.path("token").asText());
          default -> throw Rejected.methodNotAllowed();
        });
    return Reply.formatted(201, review, call.accept());
  }

  private ObjectNode decision(User user, JsonNode spec) {
    return Json.object().put("allowed", authorizer.allows(user, action(spec)));
  }

  private static Action action(JsonNode spec) {
    if (spec.has("nonResourceAttributes")) {
      var path = spec.path("nonResourceAttributes");
      return new Action.OnPath(path.path("verb").asText(), path.path("path").asText());
    }
    var on = spec.path("resourceAttributes");
    return new Action.OnResource(
        on.path("verb").asText(),
        new ResourceName(on.path("group").asText(""), on.path("resource").asText()),
        on.path("namespace").asText(""),
        on.path("name").asText(""),
        on.path("subresource").asText(""));
  }

  private static User subject(JsonNode spec) {
    return new User(
        spec.path("user").asText(),
        spec.path("uid").asText(""),
        Json.texts(spec.path("groups")),
        Map.of());
  }

  private static ObjectNode userInfo(User user) {
    var status = Json.object();
    status.set("userInfo", described(user));
    return status;
  }

  private ObjectNode owner(String token) {
    var status = Json.object();
    var user = authenticator.byToken(token);
    status.put("authenticated", user.isPresent());
    user.ifPresent(found -> status.set("user", described(found)));
    return status;
  }

  private static ObjectNode described(User user) {
    var described = Json.object().put("username", user.name());
    if (!user.uid().isEmpty()) {
      described.put("uid", user.uid());
    }
    var groups = described.putArray("groups");
    user.groups().forEach(groups::add);
    if (!user.extra().isEmpty()) {
      var extra = described.putObject("extra");
      user.extra()
          .forEach(
              (name, values) -> {
                var array = extra.putArray(name);
                values.forEach(array::add);
              });
    }
    return described;
  }
}
