package dev.slipway.gitd.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.gitd.config.ConfigDocument.BrokenConfigException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long the first answer may take until there is a watch without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What fabric8 loads to watch with would hold up the first client, who has come by then. */
  private static final Duration LEAD = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final String namespace;
  private final String secret;
  private final Consumer<GitdConfig> onChange;
  private final CountDownLatch first = new CountDownLatch(1);
  private @Nullable SharedIndexInformer<Secret> informer;
  private boolean closed;
  private volatile @Nullable GitdConfig current;

  private ConfigWatch(
      KubernetesClient client, String namespace, String secret, Consumer<GitdConfig> onChange) {
    this.client = client;
    this.namespace = namespace;
    this.secret = secret;
    this.onChange = onChange;
  }

  /**
   * Starts to watch; returns at once, whether the API server answers or not.
   *
   * @param onChange told about every new snapshot, the first one too, after {@link #get} gives it
   */
  public static ConfigWatch start(
      KubernetesClient client, String namespace, String secret, Consumer<GitdConfig> onChange) {
    return start(client, namespace, secret, onChange, LEAD);
  }

  /**
   * The same.
   *
   * @param lead how long after the first reading there is no watch
   */
  static ConfigWatch start(
      KubernetesClient client,
      String namespace,
      String secret,
      Consumer<GitdConfig> onChange,
      Duration lead) {
    ConfigWatch watch = new ConfigWatch(client, namespace, secret, onChange);
    var _ =
        CompletableFuture.runAsync(watch::readOnce, Thread::startVirtualThread)
            .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .thenRunAsync(
                watch::follow,
                CompletableFuture.delayedExecutor(lead.toMillis(), TimeUnit.MILLISECONDS));
    return watch;
  }

  /**
   * Asks as the informer will, which finds by itself what has changed since, or has failed here.
   */
  private void readOnce() {
    String uri =
        "/api/v1/namespaces/%s/secrets?fieldSelector=metadata.name%%3D%s"
            .formatted(namespace, secret);
    try {
      for (JsonNode found : JSON.readTree(client.raw(uri)).path("items")) {
        acceptFirst(
            found.path("metadata").path("resourceVersion").asText(),
            () -> ConfigDocument.decode(found.path("data").path(GitdConfig.KEY).textValue()));
      }
    } catch (RuntimeException | JsonProcessingException e) {
      log.atDebug().addKeyValue("cause", e.toString()).log("config cannot be read yet");
    }
  }

  private synchronized void follow() {
    if (closed) {
      return;
    }
    informer = client.secrets().inNamespace(namespace).withName(secret).runnableInformer(0);
    informer.addEventHandler(new Handler());
    informer.exceptionHandler(
        (started, error) -> {
          log.atWarn()
              .addKeyValue("secret", secret)
              .addKeyValue("cause", error.toString())
              .log("config cannot be watched, trying again");
          return true;
        });
    var _ = informer.start();
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
    accept(secret.getMetadata().getResourceVersion(), () -> ConfigDocument.read(secret));
  }

  /** An answer that was long on its way may be older than what the informer has told. */
  private synchronized void acceptFirst(String version, Document document) {
    if (current == null) {
      accept(version, document);
    }
  }

  private synchronized void accept(String version, Document document) {
    try {
      GitdConfig read = document.read();
      if (read.equals(current)) {
        return;
      }
      current = read;
      log.atInfo()
          .addKeyValue("remote", read.namespace() + "/" + read.name())
          .addKeyValue("version", version)
          .addKeyValue("keys", read.authorizedKeys().size())
          .addKeyValue("targets", read.targets().size())
          .log("config in force");
      onChange.accept(read);
      first.countDown();
    } catch (BrokenConfigException e) {
      log.atError()
          .addKeyValue("version", version)
          .addKeyValue("cause", e.getMessage())
          .log("config is broken; the last good one stays in force");
    }
  }

  @FunctionalInterface
  private interface Document {
    GitdConfig read() throws BrokenConfigException;
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
  public synchronized void close() {
    closed = true;
    if (informer != null) {
      informer.stop();
    }
  }
}
