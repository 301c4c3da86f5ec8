package dev.slipway.demo.cluster.real;

import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The certificates and keys that a real API server reads, readable by their owner only. */
record RealFiles(Path directory, CertificateAuthority authority) {
  /**
   * Writes all that {@link RealFlags} names.
   *
   * @param serviceAddress the API's own address as a Service
   */
  void write(String serviceAddress) throws IOException {
    write("ca.crt", authority.pem());
    var server =
        authority.server(
            "kube-apiserver",
            "127.0.0.1",
            serviceAddress,
            "localhost",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local");
    write("api-server.crt", server.certificate());
    write("api-server.key", server.key());
    var kubelet = authority.client(TlsIdentity.KUBELET_CLIENT, List.of());
    write("kubelet-client.crt", kubelet.certificate());
    write("kubelet-client.key", kubelet.key());
    write("service-accounts.key", authority.server("service-accounts").key());
  }

  private void write(String name, String content) throws IOException {
    var file = directory.resolve(name);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.deleteIfExists(file);
    Files.createFile(file, ownerOnly);
    Files.writeString(file, content);
  }
}
