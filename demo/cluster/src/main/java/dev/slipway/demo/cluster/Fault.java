package dev.slipway.demo.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says what fault a test injects and what is left of it. Each run of the test that passes leaves a
 * row for the table in {@code docs/reliability.md}, which {@code make faults} writes.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FaultRows.class)
public @interface Fault {
  /** During what it happens. */
  During during();

  /** What goes wrong; {@code {}} stands for the display name of this run of the test. */
  String what();

  /** What the push says, and what is left in repository and cluster. */
  String leaves();

  /** The steps of a push, in their order, and what goes on without one. */
  enum During {
    CONNECTING("connecting"),
    SENDING("sending"),
    QUEUEING("waiting for its turn"),
    PLANNING("planning"),
    REHEARSING("checking manifests"),
    BUILDING("building"),
    DEPLOYING("deploying"),
    RESTORING("putting back"),
    ACCEPTING("accepting the ref"),
    NO_PUSH("no push");

    private final String words;

    During(String words) {
      this.words = words;
    }

    /** For the table. */
    public String words() {
      return words;
    }
  }
}
