package dev.slipway.hooks.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.crd.AppliedObject;
import java.util.Locale;

/**
 * One object as it is to be applied.
 *
 * @param where the file, and the number of the document where it is one of several
 * @param object never changed
 */
public record Manifest(String where, ObjectNode object) {

  public String apiVersion() {
    return object.path("apiVersion").asText();
  }

  public String kind() {
    return object.path("kind").asText();
  }

  public String name() {
    return object.at("/metadata/name").asText();
  }

  /** The API group, empty for the core. */
  String group() {
    return group(apiVersion());
  }

  static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** For example {@code Deployment web}. */
  public String title() {
    return kind() + " " + name();
  }

  /** For example {@code deployment/web}, as kubectl takes it. */
  String reference() {
    return kind().toLowerCase(Locale.ROOT) + "/" + name();
  }

  AppliedObject entry() {
    return new AppliedObject(apiVersion(), kind(), name());
  }

  /** Whether an entry of an inventory speaks of this object, in whatever version. */
  boolean is(AppliedObject entry) {
    return kind().equals(entry.kind())
        && name().equals(entry.name())
        && entry.apiVersion() != null
        && group().equals(group(entry.apiVersion()));
  }
}
