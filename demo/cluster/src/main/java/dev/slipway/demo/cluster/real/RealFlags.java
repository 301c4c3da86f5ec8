package dev.slipway.demo.cluster.real;

import java.nio.file.Path;
import java.util.List;

/**
 * What the real programs are started with: loopback only, and an API server whose certificates,
 * Service addresses and rights are those of the embedded one.
 *
 * @param directory holds the files that the flags name, and etcd's data
 * @param serviceRange the cluster's addresses for Services, such as {@code 198.19.7.0/24}
 * @param nodePorts its ports for them, such as {@code 30173-30345}
 */
record RealFlags(
    Path directory,
    String serviceRange,
    String nodePorts,
    int etcdPort,
    int etcdPeerPort,
    int apiPort) {

  List<String> etcd() {
    var clients = "http://127.0.0.1:" + etcdPort;
    var peers = "http://127.0.0.1:" + etcdPeerPort;
    return List.of(
        "--data-dir=" + directory.resolve("etcd-data"),
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=default=" + peers,
        // What it holds is thrown away with it.
        "--unsafe-no-fsync",
        "--log-level=warn");
  }

  List<String> apiServer() {
    return List.of(
        "--etcd-servers=http://127.0.0.1:" + etcdPort,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        // Endpoints may not be on loopback; the node itself knows where the API's Service leads.
        "--endpoint-reconciler-type=none",
        "--secure-port=" + apiPort,
        "--cert-dir=" + directory,
        "--tls-cert-file=" + file("api-server.crt"),
        "--tls-private-key-file=" + file("api-server.key"),
        "--client-ca-file=" + file("ca.crt"),
        "--kubelet-certificate-authority=" + file("ca.crt"),
        "--kubelet-client-certificate=" + file("kubelet-client.crt"),
        "--kubelet-client-key=" + file("kubelet-client.key"),
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--service-account-key-file=" + file("service-accounts.key"),
        "--service-account-signing-key-file=" + file("service-accounts.key"),
        "--service-cluster-ip-range=" + serviceRange,
        "--service-node-port-range=" + nodePorts,
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
        // The controllers have a watch for every kind, all over one connection.
        "--http2-max-streams-per-connection=1000",
        // A taint on new nodes, which the node lifecycle controller would take away.
        "--disable-admission-plugins=TaintNodesByCondition");
  }

  Path file(String name) {
    return directory.resolve(name);
  }
}
