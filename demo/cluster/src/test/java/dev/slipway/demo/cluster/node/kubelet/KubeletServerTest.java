package dev.slipway.demo.cluster.node.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets to read logs; nobody here gets as far as to a pod. */
class KubeletServerTest {
  private static final String HOST = "127.0.0.1";
  private static final CertificateAuthority AUTHORITY = CertificateAuthority.create();
  private static final KubernetesClient NOT_ASKED =
      new KubernetesClientBuilder().withConfig(Config.empty()).build();

  private static KubeletServer kubelet;

  @BeforeAll
  static void start() throws IOException {
    kubelet =
        KubeletServer.start(
            HOST, AUTHORITY.server("kubelet", HOST), NOT_ASKED, (request, to) -> {});
  }

  @AfterAll
  static void stop() {
    kubelet.close();
    NOT_ASKED.close();
  }

  @Test
  void knowsTheApiServerByItsCertificate() throws Exception {
    assertThat(status(client(AUTHORITY, TlsIdentity.KUBELET_CLIENT))).isEqualTo(404);
  }

  @Test
  void forbidsOtherClientsOfTheCluster() throws Exception {
    assertThat(status(client(AUTHORITY, "kubernetes-admin", "system:masters"))).isEqualTo(403);
    assertThat(status(client(AUTHORITY, "CN=" + TlsIdentity.KUBELET_CLIENT))).isEqualTo(403);
  }

  @Test
  void breaksOffWithWhomAnotherAuthorityNames() {
    var stranger = client(CertificateAuthority.create(), TlsIdentity.KUBELET_CLIENT);
    assertThatThrownBy(() -> status(stranger)).isInstanceOf(IOException.class);
  }

  /** Who trusts the kubelet, and shows what the given authority says of it. */
  private static TlsIdentity client(CertificateAuthority by, String name, String... groups) {
    var certificate = by.client(name, List.of(groups));
    return new TlsIdentity(AUTHORITY.pem(), certificate.certificate(), certificate.key());
  }

  private static int status(TlsIdentity client) throws IOException, InterruptedException {
    try (var http = HttpClient.newBuilder().sslContext(client.context()).build()) {
      var uri = URI.create("https://" + HOST + ":" + kubelet.port() + "/");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    }
  }
}
