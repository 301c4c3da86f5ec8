package dev.slipway.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A git remote that deploys: who may push, what is built from a push, and where it goes. */
@Group(Remote.GROUP)
@Version(Remote.VERSION)
@Plural("remotes")
@ShortNames("rem")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "URL", jsonPath = ".status.remoteUrl")
@AdditionalPrinterColumn(name = "LAST PUSH", jsonPath = ".status.lastPush.summary")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class Remote extends CustomResource<RemoteSpec, RemoteStatus> implements Namespaced {
  public static final String GROUP = "gitkube.sh";
  public static final String VERSION = "v1alpha1";
}
