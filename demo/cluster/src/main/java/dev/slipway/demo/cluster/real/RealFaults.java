package dev.slipway.demo.cluster.real;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.slipway.demo.cluster.api.fault.Fault;
import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.demo.cluster.api.fault.Requests;
import java.time.Duration;

/** Those of containers and of the whole API server: a test that asks for others is skipped. */
final class RealFaults extends Faults {
  RealFaults(Runnable stopApi, Runnable startApi) {
    super(stopApi, startApi);
  }

  @Override
  public Requests on(String verb, String resource) {
    return abort("Only the embedded API fails single requests on demand");
  }

  @Override
  public Fault clockAhead(Duration time) {
    return abort("Only the embedded API's clock can be put ahead");
  }
}
