package dev.slipway.controller.check;

import dev.slipway.crd.BuildArg.ValueFrom;
import dev.slipway.crd.Credentials;
import dev.slipway.crd.KeyRef;
import dev.slipway.crd.Registry;
import dev.slipway.crd.RemoteSpec;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the Secrets and ConfigMaps that the registry of a Remote names. */
public final class RegistryReferences {
  private RegistryReferences() {}

  /** The names of all Secrets. */
  public static Set<String> secretNames(RemoteSpec spec) {
    return Stream.of(
            credentials(spec),
            pullSecret(spec),
            ca(spec).map(ValueFrom::secretKeyRef).map(KeyRef::name).map(Texts::orEmpty))
        .flatMap(Optional::stream)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  /** The name of the ConfigMap, if there is one. */
  public static Set<String> configMapNames(RemoteSpec spec) {
    return ca(spec).map(ValueFrom::configMapKeyRef).map(KeyRef::name).map(Texts::orEmpty).stream()
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  /** The name of the Secret that builds log in with. */
  static Optional<String> credentials(RemoteSpec spec) {
    return Optional.ofNullable(spec.registry())
        .map(Registry::credentials)
        .flatMap(RegistryReferences::name);
  }

  /** The name of the Secret that nodes log in with. */
  static Optional<String> pullSecret(RemoteSpec spec) {
    return Optional.ofNullable(spec.registry())
        .map(it -> Texts.orEmpty(it.pullSecretRef()))
        .filter(name -> !name.isEmpty());
  }

  /** Where the certificate of the registry's CA is. */
  static Optional<ValueFrom> ca(RemoteSpec spec) {
    return Optional.ofNullable(spec.registry()).map(Registry::caFrom);
  }

  private static Optional<String> name(Credentials credentials) {
    String ref = Texts.orEmpty(credentials.secretRef());
    if (!ref.isEmpty()) {
      return Optional.of(ref);
    }
    return Optional.ofNullable(credentials.secretKeyRef())
        .map(keyRef -> Texts.orEmpty(keyRef.name()))
        .filter(name -> !name.isEmpty());
  }
}
