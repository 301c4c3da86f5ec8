package dev.slipway.hooks;

import java.util.UUID;

/**
 * Names one push wherever it leaves a trace. It is a trace id of W3C Trace Context.
 *
 * @param value 32 digits, hexadecimal
 * @see <a href="https://www.w3.org/TR/trace-context/#trace-id">Trace Context</a>
 */
public record PushId(String value) {
  private static final int SPAN = 16;
  private static final int BRIEF = 8;

  /** One that no other push has. */
  public static PushId random() {
    return new PushId(UUID.randomUUID().toString().replace("-", ""));
  }

  /** What a person is told: enough to find the rest by. */
  public String brief() {
    return value.substring(0, BRIEF);
  }

  /** The span of the push as a whole. */
  public String span() {
    return value.substring(value.length() - SPAN);
  }

  /** By which what the push starts goes on with its trace. */
  public String traceparent() {
    return "00-%s-%s-01".formatted(value, span());
  }
}
