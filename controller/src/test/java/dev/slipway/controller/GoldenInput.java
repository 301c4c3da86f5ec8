package dev.slipway.controller;

import dev.slipway.controller.check.CheckedRemote;
import dev.slipway.controller.model.BuilderDefaults;
import dev.slipway.controller.model.Defaults;
import dev.slipway.controller.model.DesiredState;
import dev.slipway.controller.model.Front;
import dev.slipway.controller.model.Images;
import dev.slipway.controller.resolve.FoundConfigMap;
import dev.slipway.controller.resolve.FoundSecret;
import dev.slipway.controller.resolve.FoundWorkload;
import dev.slipway.controller.resolve.References;
import dev.slipway.crd.Registry;
import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.Workload;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Remote and the objects around it, as documents of one YAML file. */
record GoldenInput(Remote remote, References references) {
  static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  static {
    SERIALIZATION.registerKubernetesResource(Remote.class);
  }

  private static final Images IMAGES = new Images("slipway/gitd:1", "kaniko:1");

  static GoldenInput read(String yaml) {
    List<HasMetadata> objects = SERIALIZATION.unmarshal(documents(yaml));
    Map<String, FoundSecret> secrets = new HashMap<>();
    Map<String, FoundConfigMap> configMaps = new HashMap<>();
    Map<Workload, FoundWorkload> workloads = new HashMap<>();
    Set<String> serviceAccounts = new HashSet<>();
    Map<String, Map<String, String>> secretTexts = new HashMap<>();
    Map<String, Map<String, String>> configMapTexts = new HashMap<>();
    Remote remote = new Remote();
    for (HasMetadata object : objects) {
      switch (object) {
        case Remote it -> remote = it;
        case Secret it -> {
          secrets.put(it.getMetadata().getName(), FoundSecret.of(stored(it)));
          secretTexts.put(it.getMetadata().getName(), texts(it.getStringData()));
        }
        case ConfigMap it -> {
          configMaps.put(it.getMetadata().getName(), FoundConfigMap.of(it));
          configMapTexts.put(it.getMetadata().getName(), texts(it.getData()));
        }
        case Deployment _, StatefulSet _, DaemonSet _, CronJob _ ->
            workloads.put(
                new Workload(
                    WorkloadKind.valueOf(object.getKind()), object.getMetadata().getName()),
                FoundWorkload.of(object));
        case ServiceAccount it -> serviceAccounts.add(it.getMetadata().getName());
        default -> throw new IllegalArgumentException(object.getKind());
      }
    }
    remote.getMetadata().setNamespace("default");
    remote.getMetadata().setUid("11111111-2222-3333-4444-555555555555");
    return new GoldenInput(
        remote,
        new References(
            secrets, configMaps, workloads, serviceAccounts, secretTexts, configMapTexts));
  }

  /** As the API server does with what is written in plain text. */
  private static Secret stored(Secret secret) {
    Map<String, String> data = new HashMap<>();
    if (secret.getData() != null) {
      data.putAll(secret.getData());
    }
    texts(secret.getStringData())
        .forEach(
            (key, text) ->
                data.put(
                    key,
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    return new SecretBuilder(secret).withData(data).build();
  }

  private static Map<String, String> texts(@Nullable Map<String, String> data) {
    return data == null ? Map.of() : data;
  }

  CheckedRemote check() {
    return CheckedRemote.check(
        remote.getMetadata(),
        Objects.requireNonNullElseGet(remote.getSpec(), RemoteSpec::empty),
        references,
        defaultRegistry());
  }

  /** Of a Remote that says so in an annotation. */
  private Optional<Registry> defaultRegistry() {
    return annotation("default-registry").map(Registry::at);
  }

  /** Where one stands before a Remote, which says its host in an annotation. */
  private Optional<Front> front() {
    return annotation("front").map(host -> new Front(Optional.of(host), 22, "HOST", "CA", 1800));
  }

  /** What an operator has settled, of which a Remote says that for builders in an annotation. */
  private Defaults defaults() {
    return new Defaults(
        IMAGES,
        annotation("builder-defaults").map(BuilderDefaults::parse).orElse(BuilderDefaults.none()),
        annotation("pull-secret").stream().toList(),
        3600,
        annotation("gitd-priority-class"));
  }

  private Optional<String> annotation(String name) {
    return Optional.ofNullable(remote.getMetadata().getAnnotations()).map(it -> it.get(name));
  }

  DesiredState desired() {
    return DesiredState.of(
        remote, check(), defaults(), front(), annotation("collector"), SERIALIZATION);
  }

  /** Always as a list, since fabric8 reads a single document as an object of its own. */
  private static String documents(String yaml) {
    return yaml
        + "\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: unrelated}\ntype: Opaque\n";
  }
}
