package dev.slipway.demo.cluster.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.kubernetes.client.proto.IntStr.IntOrString;
import io.kubernetes.client.proto.Meta.DeleteOptions;
import io.kubernetes.client.proto.Meta.ObjectMeta;
import io.kubernetes.client.proto.Meta.Time;
import io.kubernetes.client.proto.Resource.Quantity;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1.Container;
import io.kubernetes.client.proto.V1.HTTPGetAction;
import io.kubernetes.client.proto.V1.Pod;
import io.kubernetes.client.proto.V1.PodSpec;
import io.kubernetes.client.proto.V1.Probe;
import io.kubernetes.client.proto.V1.ProbeHandler;
import io.kubernetes.client.proto.V1.ResourceRequirements;
import io.kubernetes.client.proto.V1.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What kubectl 1.32 sends for {@code create deployment typed --image=busybox:1.36}. */
  private static final String DEPLOYMENT =
      "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Er0BCiMKBXR5cGVkEgAaACIAKgAyADgAQgBaDAoD"
          + "YXBwEgV0eXBlZBKHAQgAEg4KDAoDYXBwEgV0eXBlZBprCh4KABIAGgAiACoAMgA4AEIAWgwKA2Fw"
          + "cBIFdHlwZWQSSRIrCgdidXN5Ym94EgxidXN5Ym94OjEuMzYqAEIAagByAIABAIgBAJABAKIBABoA"
          + "MgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==";

  @Test
  void readsWhatKubectlSendsForATypedCreate() throws IOException {
    assertThat(Protobuf.decode(Base64.getDecoder().decode(DEPLOYMENT)))
        .isEqualTo(
            JSON.readTree(
                """
                {"kind": "Deployment", "apiVersion": "apps/v1",
                 "metadata": {"name": "typed", "labels": {"app": "typed"}},
                 "spec": {
                   "replicas": 0,
                   "selector": {"matchLabels": {"app": "typed"}},
                   "template": {
                     "metadata": {"labels": {"app": "typed"}},
                     "spec": {"containers": [{"name": "busybox", "image": "busybox:1.36"}]}}},
                 "status": {"replicas": 0}}
                """));
  }

  @Test
  void givesSpecialValuesTheFormThatTheyHaveInJson() throws IOException {
    Pod pod =
        Pod.newBuilder()
            .setMetadata(
                ObjectMeta.newBuilder()
                    .setName("p")
                    .setCreationTimestamp(Time.newBuilder().setSeconds(1_767_225_600)))
            .setSpec(
                PodSpec.newBuilder()
                    .addContainers(
                        Container.newBuilder()
                            .setName("a")
                            .setResources(
                                ResourceRequirements.newBuilder()
                                    .putLimits("cpu", Quantity.newBuilder().setString("1").build()))
                            .setReadinessProbe(
                                Probe.newBuilder()
                                    .setHandler(
                                        ProbeHandler.newBuilder()
                                            .setHttpGet(
                                                HTTPGetAction.newBuilder()
                                                    .setPort(
                                                        IntOrString.newBuilder()
                                                            .setType(1)
                                                            .setStrVal("web")))))))
            .build();

    assertThat(Protobuf.decode(envelope("Pod", pod.toByteString())))
        .isEqualTo(
            JSON.readTree(
                """
                {"kind": "Pod", "apiVersion": "v1",
                 "metadata": {"name": "p", "creationTimestamp": "2026-01-01T00:00:00Z"},
                 "spec": {"containers": [{"name": "a",
                   "resources": {"limits": {"cpu": "1"}},
                   "readinessProbe": {"httpGet": {"port": "web"}}}]}}
                """));
  }

  @Test
  void encodesBytesInBase64() {
    Secret secret =
        Secret.newBuilder()
            .putData("user", ByteString.copyFrom("dummy", StandardCharsets.UTF_8))
            .build();

    assertThat(Protobuf.decode(envelope("Secret", secret.toByteString())).at("/data/user").asText())
        .isEqualTo("ZHVtbXk=");
  }

  /** As Helm sends them with the version of the Secret or the Deployment that it deletes. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "apps/v1", "policy/v1beta1"})
  void readsTheOptionsOfADeletionInEveryVersion(String version) {
    DeleteOptions options = DeleteOptions.newBuilder().setPropagationPolicy("Background").build();

    assertThat(Protobuf.decode(envelope(version, "DeleteOptions", options.toByteString())))
        .isEqualTo(
            JSON.createObjectNode()
                .put("kind", "DeleteOptions")
                .put("apiVersion", version)
                .put("propagationPolicy", "Background"));
  }

  @Test
  void refusesWhatIsNoEnvelope() {
    assertThatThrownBy(() -> Protobuf.decode(new byte[] {1, 2, 3}))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("does not appear to be a protobuf message");
  }

  private static byte[] envelope(String kind, ByteString raw) {
    return envelope("v1", kind, raw);
  }

  private static byte[] envelope(String version, String kind, ByteString raw) {
    Unknown unknown =
        Unknown.newBuilder()
            .setTypeMeta(TypeMeta.newBuilder().setApiVersion(version).setKind(kind))
            .setRaw(raw)
            .build();
    return ByteString.copyFrom(new byte[] {'k', '8', 's', 0})
        .concat(unknown.toByteString())
        .toByteArray();
  }
}
