package dev.slipway.demo.cluster.control;

import dev.slipway.demo.cluster.control.job.JobController;
import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.control.loop.EventLog;
import dev.slipway.demo.cluster.control.namespace.NamespaceController;
import dev.slipway.demo.cluster.control.quota.QuotaController;
import dev.slipway.demo.cluster.control.rollout.DeploymentController;
import dev.slipway.demo.cluster.control.rollout.ReplicaSetController;
import dev.slipway.demo.cluster.control.rollout.StepwiseController;
import dev.slipway.demo.cluster.control.schedule.Scheduler;
import dev.slipway.demo.cluster.control.service.EndpointsController;
import dev.slipway.demo.cluster.control.volume.ClaimController;
import dev.slipway.demo.cluster.control.volume.StandardClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one door to the control plane's controllers: Deployments, ReplicaSets, StatefulSets,
 * DaemonSets, Jobs, Services, claims, namespaces, quotas, and the scheduler.
 */
public final class ClusterControllers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterControllers.class);

  /** What runs; the watches are closed first, so that nothing new comes in. */
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private ClusterControllers() {}

  /**
   * Starts all controllers and returns when they have seen the cluster's present state.
   *
   * @param client an administrator's; stays the caller's and must live longer than the controllers
   */
  public static ClusterControllers start(KubernetesClient client) throws Exception {
    var controllers = new ClusterControllers();
    try {
      controllers.run(client, InstantSource.system());
      return controllers;
    } catch (Exception e) {
      controllers.close();
      throw e;
    }
  }

  private void run(KubernetesClient client, InstantSource clock) throws Exception {
    var events = new EventLog(client);
    running.push(events);
    var view = new ClusterView(client);
    running.push(new NamespaceController(client, view));
    running.push(new DeploymentController(client, view, events, clock));
    running.push(new ReplicaSetController(client, view, events, clock));
    running.push(StepwiseController.ofStatefulSets(client, view, events, clock));
    running.push(StepwiseController.ofDaemonSets(client, view, events, clock));
    running.push(new JobController(client, view, events, clock));
    running.push(new Scheduler(client, view, events, clock));
    running.push(new EndpointsController(client, view));
    running.push(new ClaimController(client, view, events));
    running.push(new QuotaController(client, view));
    running.push(view);
    StandardClass.ensure(client);
    view.start();
  }

  @Override
  public void close() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        log.warn("A controller did not stop cleanly", e);
      }
    }
  }
}
