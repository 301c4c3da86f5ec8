package dev.slipway.controller.model;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.Storage;
import dev.slipway.crd.gitd.GitdConfig;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What gitd reads and keeps: its config, its build tokens, its repository. */
final class GitdStorage {
  private static final Quantity SIZE = new Quantity("1Gi");

  private GitdStorage() {}

  static Secret config(
      Metadata metadata, Names names, GitdConfig config, KubernetesSerialization json) {
    byte[] document = json.asJson(config).getBytes(StandardCharsets.UTF_8);
    return new SecretBuilder()
        .withMetadata(metadata.of(names.configSecret()))
        .withType("Opaque")
        .withData(Map.of(GitdConfig.KEY, Base64.getEncoder().encodeToString(document)))
        .build();
  }

  /** Without data: that is gitd's. */
  static Secret tokens(Metadata metadata, Names names) {
    return new SecretBuilder()
        .withMetadata(metadata.of(names.tokensSecret()))
        .withType("Opaque")
        .build();
  }

  static PersistentVolumeClaim repository(Metadata metadata, Names names, Remote remote) {
    Optional<Storage> storage = Optional.ofNullable(remote.getSpec()).map(RemoteSpec::storage);
    @Nullable Quantity size = storage.map(Storage::size).orElse(null);
    @Nullable String storageClass =
        storage.map(Storage::storageClassName).filter(name -> !name.isBlank()).orElse(null);
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata.of(names.gitd()))
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(storageClass)
        .withNewResources()
        .addToRequests("storage", Objects.requireNonNullElse(size, SIZE))
        .endResources()
        .endSpec()
        .build();
  }
}
