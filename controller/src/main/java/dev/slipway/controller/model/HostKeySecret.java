package dev.slipway.controller.model;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;

/** The Secret that holds the key by which clients recognise a Remote. */
public final class HostKeySecret {
  /** Key in the Secret's data: a private key in OpenSSH's format. */
  public static final String PRIVATE_KEY = "ssh_host_ed25519_key";

  /** Key in the Secret's data: the public key as one line. */
  public static final String PUBLIC_KEY = PRIVATE_KEY + ".pub";

  private HostKeySecret() {}

  /** Whether there is such a key in it. */
  public static boolean isOne(Secret secret) {
    return secret.getData() != null && secret.getData().containsKey(PUBLIC_KEY);
  }

  /** Without data: that is written once and by nobody ever again. */
  static Secret of(Metadata metadata, Names names) {
    return new SecretBuilder()
        .withMetadata(metadata.of(names.hostKeySecret()))
        .withType("Opaque")
        .withImmutable(true)
        .build();
  }
}
