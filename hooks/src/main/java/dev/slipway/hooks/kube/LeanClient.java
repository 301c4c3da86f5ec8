package dev.slipway.hooks.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/**
 * Builds clients that know no kind by its name. Fabric8's own loads the models of every kind of
 * Kubernetes when the first watch tells something, and gitd keeps them as long as it lives; these
 * take the kind that was asked for. They trust the cluster's authority and no other.
 */
public final class LeanClient {
  /** Any would do: there is nothing in it to protect. */
  private static final String PASSPHRASE = "nothing";

  private static final Path NO_AUTHORITIES = noAuthorities();

  private LeanClient() {}

  /** What is watched or read is of the type that the caller names. */
  public static KubernetesClientBuilder builder() {
    var kinds = new KubernetesSerialization(new ObjectMapper(), /* searchClassloaders= */ false);
    // Else a watch whose history is gone (410) would go on asking for that history.
    kinds.registerKubernetesResource(Status.class);
    Config found =
        new ConfigBuilder()
            .withTrustStoreFile(NO_AUTHORITIES.toString())
            .withTrustStorePassphrase(PASSPHRASE)
            .build();
    return new KubernetesClientBuilder().withConfig(found).withKubernetesSerialization(kinds);
  }

  /**
   * To which fabric8 adds the cluster's authority. It would add it to those that vouch for the web,
   * whose word is none about a cluster, and read all of their certificates at each start for that.
   */
  private static Path noAuthorities() {
    try {
      // Of the kind that is not encrypted.
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, null);
      Path file = Files.createTempFile("no-authorities-", ".jks");
      file.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSPHRASE.toCharArray());
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
