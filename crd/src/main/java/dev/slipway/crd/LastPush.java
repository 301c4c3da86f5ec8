package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** How the last push ended. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LastPush(
    @JsonPropertyDescription("Short commit and outcome, for example 7608ddb deployed.")
        String summary,
    @JsonPropertyDescription("Commit that was pushed, 40 hex digits.") String commit,
    @JsonPropertyDescription("Ref that was pushed to, for example refs/heads/master.") String ref,
    @JsonPropertyDescription("Deployed, Stored, Rejected or Cancelled.") Outcome outcome,
    @JsonPropertyDescription("The sentence that the pusher saw.") String message,
    @JsonPropertyDescription("Its id in logs and traces, 32 digits.") @Nullable String push,
    @JsonPropertyDescription("Who pushed: the name and the fingerprint of the key.") String pusher,
    @JsonPropertyDescription("When the push ended, RFC 3339.") String finishedAt) {

  /** The ways in which a push ends. */
  public enum Outcome {
    Deployed,
    Stored,
    Rejected,
    Cancelled
  }
}
