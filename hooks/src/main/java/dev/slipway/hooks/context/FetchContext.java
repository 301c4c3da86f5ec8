package dev.slipway.hooks.context;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Init container of a build: brings its build context into the pod. */
@Command(name = "fetch-context", description = "Fetches, verifies and unpacks a build context.")
public final class FetchContext implements Callable<Integer> {
  @Override
  public Integer call() {
    return 1;
  }
}
