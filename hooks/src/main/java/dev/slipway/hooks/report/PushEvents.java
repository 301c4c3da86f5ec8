package dev.slipway.hooks.report;

import dev.slipway.crd.Remote;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.hooks.PushId;
import dev.slipway.hooks.kube.PlainText;
import dev.slipway.hooks.kube.PushThreads;
import dev.slipway.hooks.report.EventRecorder.EventType;
import dev.slipway.hooks.report.EventRecorder.News;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells by events what one push does to its Remote and to its targets. The push does not wait for
 * them, and one that cannot be written is lost: the log says the same.
 */
public final class PushEvents {
  private static final Logger log = LoggerFactory.getLogger(PushEvents.class);

  private final EventRecorder recorder;
  private final GitdConfig config;
  private final PushId push;
  private final String title;

  /**
   * @param commit as people are told it
   * @param pusher the name of his key
   */
  public PushEvents(
      EventRecorder recorder, GitdConfig config, PushId push, String commit, String pusher) {
    this.recorder = recorder;
    this.config = config;
    this.push = push;
    this.title = "Push %s of %s by %s".formatted(push.brief(), commit, PlainText.oneLine(pusher));
  }

  /** It is going to build and deploy. */
  public void started(String branch) {
    tell(
        remote(config),
        EventType.Normal,
        "PushStarted",
        title + " to branch " + PlainText.of(branch) + ".");
  }

  /**
   * It has set images.
   *
   * @param images by container
   */
  public void set(HasMetadata target, Map<String, String> images) {
    tell(
        of(target), EventType.Normal, "ImageSet", title + " has set " + list(" to ", images) + ".");
  }

  /**
   * What was there before is there again.
   *
   * @param images by container
   */
  public void putBack(HasMetadata target, Map<String, String> images) {
    tell(
        of(target),
        EventType.Warning,
        "PutBack",
        title + " is not deployed: " + list(" runs ", images) + " again.");
  }

  /** What events about a Remote refer to. */
  static ObjectReference remote(GitdConfig config) {
    return new ObjectReferenceBuilder()
        .withApiVersion(Remote.GROUP + "/" + Remote.VERSION)
        .withKind("Remote")
        .withName(config.name())
        .withNamespace(config.namespace())
        .withUid(config.uid())
        .build();
  }

  private static ObjectReference of(HasMetadata object) {
    return new ObjectReferenceBuilder()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withName(object.getMetadata().getName())
        .withNamespace(object.getMetadata().getNamespace())
        .withUid(object.getMetadata().getUid())
        .build();
  }

  private static String list(String verb, Map<String, String> images) {
    return new TreeMap<>(images)
        .entrySet().stream()
            .map(it -> "container " + it.getKey() + verb + it.getValue())
            .collect(Collectors.joining(", "));
  }

  private void tell(ObjectReference about, EventType type, String reason, String message) {
    var news = new News(about, type, reason, message, push);
    var _ = PushThreads.start("event", () -> write(news));
  }

  private void write(News news) {
    try {
      recorder.mention(news);
    } catch (KubernetesClientException e) {
      log.warn("An event about {} could not be written", news.about().getName(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
