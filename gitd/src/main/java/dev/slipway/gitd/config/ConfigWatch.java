package dev.slipway.gitd.config;

import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.gitd.config.ConfigDocument.BrokenConfigException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the current configuration: watches its Secret, swaps a new document in as a whole, and
 * keeps the last good one while the Secret is broken or gone and while the API server is away.
 */
public final class ConfigWatch implements Supplier<GitdConfig>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);

  private final Consumer<GitdConfig> onChange;
  private final CountDownLatch first = new CountDownLatch(1);
  private final SharedIndexInformer<Secret> informer;
  private volatile @Nullable GitdConfig current;

  private ConfigWatch(
      KubernetesClient client, String namespace, String secret, Consumer<GitdConfig> onChange) {
    this.onChange = onChange;
    this.informer = client.secrets().inNamespace(namespace).withName(secret).runnableInformer(0);
  }

  /**
   * Starts to watch; returns at once, whether the API server answers or not.
   *
   * @param onChange told about every new snapshot, the first one too, after {@link #get} gives it
   */
  public static ConfigWatch start(
      KubernetesClient client, String namespace, String secret, Consumer<GitdConfig> onChange) {
    ConfigWatch watch = new ConfigWatch(client, namespace, secret, onChange);
    watch.informer.addEventHandler(watch.new Handler());
    watch.informer.exceptionHandler(
        (started, error) -> {
          log.atWarn()
              .addKeyValue("secret", secret)
              .addKeyValue("cause", error.toString())
              .log("config cannot be watched, trying again");
          return true;
        });
    var _ = watch.informer.start();
    return watch;
  }

  private final class Handler implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret secret) {
      accept(secret);
    }

    @Override
    public void onUpdate(Secret before, Secret secret) {
      accept(secret);
    }

    @Override
    public void onDelete(Secret secret, boolean finalStateUnknown) {
      log.warn("the config Secret is gone; the last good one stays in force");
    }
  }

  private void accept(Secret secret) {
    try {
      GitdConfig read = ConfigDocument.read(secret);
      if (read.equals(current)) {
        return;
      }
      current = read;
      log.atInfo()
          .addKeyValue("remote", read.namespace() + "/" + read.name())
          .addKeyValue("version", secret.getMetadata().getResourceVersion())
          .addKeyValue("keys", read.authorizedKeys().size())
          .addKeyValue("targets", read.targets().size())
          .log("config in force");
      onChange.accept(read);
      first.countDown();
    } catch (BrokenConfigException e) {
      log.atError()
          .addKeyValue("version", secret.getMetadata().getResourceVersion())
          .addKeyValue("cause", e.getMessage())
          .log("config is broken; the last good one stays in force");
    }
  }

  /**
   * Waits until there is a configuration.
   *
   * @return false if there was none within {@code limit}
   */
  public boolean awaitFirst(Duration limit) throws InterruptedException {
    return first.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * The current snapshot.
   *
   * @throws IllegalStateException if there has been none yet
   */
  @Override
  public GitdConfig get() {
    GitdConfig config = current;
    if (config == null) {
      throw new IllegalStateException("no configuration yet");
    }
    return config;
  }

  @Override
  public void close() {
    informer.stop();
  }
}
