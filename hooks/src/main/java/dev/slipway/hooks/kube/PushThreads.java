package dev.slipway.hooks.kube;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Starts virtual threads whose log lines belong to the push of whoever starts them. */
public final class PushThreads {
  private PushThreads() {}

  /** Those of an executor; what counts is who gives it work. */
  public static ThreadFactory factory() {
    return task -> Thread.ofVirtual().unstarted(inheriting(task));
  }

  /** Starts one. */
  public static Thread start(String name, Runnable task) {
    return Thread.ofVirtual().name(name).start(inheriting(task));
  }

  private static Runnable inheriting(Runnable task) {
    @Nullable Map<String, String> fields = MDC.getCopyOfContextMap();
    return () -> {
      if (fields != null) {
        MDC.setContextMap(fields);
      }
      task.run();
    };
  }
}
