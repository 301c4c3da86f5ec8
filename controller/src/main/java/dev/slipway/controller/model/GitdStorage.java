package dev.slipway.controller.model;

import dev.slipway.crd.Remote;
import dev.slipway.crd.RemoteSpec;
import dev.slipway.crd.Storage;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.PushLimits;
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
    Storage storage = storage(remote);
    String storageClass = storage.storageClassName();
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata.of(names.gitd()))
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(storageClass == null || storageClass.isBlank() ? null : storageClass)
        .withNewResources()
        .addToRequests("storage", size(storage))
        .endResources()
        .endSpec()
        .build();
  }

  /** What is not written is a share of the volume, with room left to repack what lies there. */
  static PushLimits limits(Remote remote) {
    Storage storage = storage(remote);
    long size = bytes(size(storage));
    return new PushLimits(
        bytes(storage.maxPackSize(), size / 2),
        bytes(storage.maxFileSize(), size / 4),
        bytes(storage.reserve(), size / 20));
  }

  private static Storage storage(Remote remote) {
    return Optional.ofNullable(remote.getSpec()).map(RemoteSpec::storage).orElse(Storage.empty());
  }

  private static Quantity size(Storage storage) {
    return Objects.requireNonNullElse(storage.size(), SIZE);
  }

  private static long bytes(@Nullable Quantity written, long otherwise) {
    return written == null ? otherwise : bytes(written);
  }

  private static long bytes(Quantity written) {
    return Quantity.getAmountInBytes(written).longValue();
  }
}
