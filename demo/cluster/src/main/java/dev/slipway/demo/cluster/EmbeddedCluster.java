package dev.slipway.demo.cluster;

import dev.slipway.demo.cluster.api.ApiServer;
import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.api.rbac.UsedRights;
import dev.slipway.demo.cluster.api.resource.ServiceAddresses;
import dev.slipway.demo.cluster.control.ClusterControllers;
import dev.slipway.demo.cluster.control.collect.GarbageCollector;
import dev.slipway.demo.cluster.control.loop.ClusterView;
import dev.slipway.demo.cluster.node.kubelet.KubeletServer;
import dev.slipway.demo.cluster.node.kubelet.PodLogs;
import dev.slipway.demo.cluster.process.Command;
import dev.slipway.demo.cluster.real.RealApi;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.TlsVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole cluster on loopback: the API server and the parts that make its objects come alive. */
public final class EmbeddedCluster implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Logger log = LoggerFactory.getLogger(EmbeddedCluster.class);

  private static final String TEMPORARY = "slipway-cluster-";

  static {
    // TLS wants keys in key stores, which encrypt them. These never leave the memory, and the usual
    // ten thousand rounds for each key would hold up the start.
    System.setProperty("keystore.pkcs12.keyPbeIterationCount", "1");
  }

  /** How long a part waits for the API at most: a machine may be busy with other things. */
  private static final int PATIENCE_MILLIS = 60_000;

  private final Path directory;
  private final AutoCloseable afterwards;
  private final ClusterAddresses addresses;
  private final CertificateAuthority authority;
  private final ClusterApi api;
  private final TlsIdentity admin;
  private final KubernetesClient client;
  private final KubernetesClient controllersClient;
  private final KubernetesClient kubeletsClient;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Thread closeAtExit = new Thread(this::close, "stop the embedded cluster");
  private boolean closed;

  private EmbeddedCluster(
      Path directory,
      AutoCloseable afterwards,
      Function<ClusterAddresses, ServiceAddresses> services) {
    this.directory = directory;
    this.afterwards = afterwards;
    // The controllers need it next, and it takes as long as the API server's start.
    Thread.ofVirtual().name("models").start(() -> ClusterView.learn(Models.FEW));
    this.addresses = ClusterAddresses.claim();
    this.authority = CertificateAuthority.create();
    this.api = startApi(services.apply(addresses));
    Runtime.getRuntime().addShutdownHook(closeAtExit);
    this.admin = clientCertificate("kubernetes-admin", "system:masters");
    this.client = client("slipway-demo", this::asAdmin).build();
    this.controllersClient = ownClient("kube-controller-manager");
    this.kubeletsClient = ownClient("kubelet");
  }

  /** As {@link #start(Path, List)} in a new directory, which goes with the cluster. */
  public static EmbeddedCluster startTemporary(List<ClusterPart> parts) {
    var directory = newDirectory();
    return start(directory, parts, () -> remove(directory));
  }

  /**
   * As {@link #startTemporary}, with the API server alone: objects are kept and come to nothing.
   */
  public static EmbeddedCluster startTemporaryApi() {
    var directory = newDirectory();
    var cluster =
        new EmbeddedCluster(
            directory, () -> remove(directory), _ -> ServiceAddresses.leadingNowhere());
    try {
      cluster.writeKubeconfig();
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw new UncheckedIOException("The embedded API did not start", e);
    }
  }

  private ClusterApi startApi(ServiceAddresses services) {
    return RealApi.isWanted()
        ? RealApi.start(directory, authority, addresses)
        : ApiServer.start(authority, services);
  }

  /**
   * Starts the API server, the controllers, and then each part in order.
   *
   * @param directory an existing directory of this cluster's own, for its kubeconfig and whatever
   *     its parts keep; the caller removes it
   */
  public static EmbeddedCluster start(Path directory, List<ClusterPart> parts) {
    return start(directory, parts, () -> {});
  }

  private static EmbeddedCluster start(
      Path directory, List<ClusterPart> parts, AutoCloseable afterwards) {
    var cluster = new EmbeddedCluster(directory, afterwards, ServiceAddresses::in);
    try {
      cluster.writeKubeconfig();
      cluster.startControllersAnd(parts);
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw new IllegalStateException("The embedded cluster did not start", e);
    }
  }

  /** A part starts beside the controllers, and pods can be made when this returns. */
  private void startControllersAnd(List<ClusterPart> parts) throws Exception {
    var controllers = new FutureTask<>(() -> ClusterControllers.start(controllersClient));
    Thread.ofVirtual().name("controllers").start(controllers);
    try {
      for (var part : parts) {
        running.push(part.start(this));
      }
    } finally {
      running.addLast(controllers.get());
    }
    if (RealApi.isWanted()) {
      running.push(new GarbageCollector(controllersClient));
    }
    awaitDefaultAccount();
  }

  /** Pods can be made from now on; until then the API refuses them. */
  private void awaitDefaultAccount() {
    controllersClient
        .serviceAccounts()
        .inNamespace("default")
        .withName("default")
        .waitUntilCondition(Objects::nonNull, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** An administrator's client; belongs to the cluster. */
  public KubernetesClient client() {
    return client;
  }

  /** An administrator's client for what plays a kubelet; belongs to the cluster. */
  KubernetesClient kubeletsClient() {
    return kubeletsClient;
  }

  /** A client with the rights of an existing ServiceAccount; the caller closes it. */
  public KubernetesClient clientAs(String namespace, String serviceAccount) {
    var token = tokenFor(namespace, serviceAccount);
    return client(serviceAccount, config -> config.withOauthToken(token)).build();
  }

  /** What makes a client this user, in these groups; valid for as long as the cluster runs. */
  public TlsIdentity clientCertificate(String user, String... groups) {
    return authority.client(user, List.of(groups));
  }

  /** A new token of an existing ServiceAccount, valid for one hour. */
  public String tokenFor(String namespace, String serviceAccount) {
    var request =
        new TokenRequestBuilder().withNewSpec().withExpirationSeconds(3600L).endSpec().build();
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(serviceAccount)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  /** A kubeconfig file of an administrator, readable by its owner only. */
  public Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  /** The addresses that pods and Services of this cluster have. */
  public ClusterAddresses addresses() {
    return addresses;
  }

  /** This cluster's own directory. */
  public Path directory() {
    return directory;
  }

  /** Address of the API, such as {@code https://127.0.0.1:40123}. */
  public String apiUrl() {
    return api.url();
  }

  /** The certificate that clients of the API trust, as PEM text. */
  public String caCertificate() {
    return authority.pem();
  }

  /** The real kubectl as administrator. */
  public Kubectl kubectl() {
    return new Kubectl(kubeconfig(), directory);
  }

  /** What a test makes go wrong with the API and the containers. */
  public Faults faults() {
    return api.faults();
  }

  /** What ServiceAccounts have needed of their rights since the start. */
  public UsedRights usedRights() {
    return api.usedRights();
  }

  /** Who a kubelet is to the API server that reaches it at this address. */
  public TlsIdentity kubeletIdentity(String address) {
    return authority.server("kubelet", address);
  }

  /** Lets an existing Node that a test plays serve the logs of its pods from this source. */
  public void serveLogs(String node, PodLogs source) throws IOException {
    var kubelet = KubeletServer.start(LOOPBACK, kubeletIdentity(LOOPBACK), client, source);
    running.push(kubelet);
    var status =
        """
        {"status": {"addresses": [{"type": "InternalIP", "address": "%s"}],
          "daemonEndpoints": {"kubeletEndpoint": {"Port": %d}}}}
        """
            .formatted(LOOPBACK, kubelet.port());
    client
        .nodes()
        .withName(node)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), status);
  }

  /** Stops the parts, then the API; the second time nothing happens. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    removeHook();
    while (!running.isEmpty()) {
      stop(running.pop());
    }
    stop(kubeletsClient);
    stop(controllersClient);
    stop(client);
    stop(api);
    stop(addresses);
    stop(afterwards);
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(closeAtExit);
    } catch (IllegalStateException e) {
      // The JVM is on its way out: the hook finds nothing left to do, or is what runs us.
    }
  }

  private static void stop(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.warn("A part of the embedded cluster did not stop cleanly", e);
    }
  }

  private io.fabric8.kubernetes.client.ConfigBuilder asAdmin(
      io.fabric8.kubernetes.client.ConfigBuilder config) {
    return config
        .withClientCertData(base64(admin.certificate()))
        .withClientKeyData(base64(admin.key()))
        .withClientKeyAlgo("EC");
  }

  private KubernetesClient ownClient(String userAgent) {
    // Each watch has a connection. Those after the first resume its session, all at once only in
    // this version; else each costs both sides a handshake with two signatures.
    return client(userAgent, config -> asAdmin(config).withTlsVersions(TlsVersion.TLS_1_2))
        .withKubernetesSerialization(Models.FEW)
        .build();
  }

  /** The API records the User-Agent as who has written, unless a request names its manager. */
  private KubernetesClientBuilder client(
      String userAgent, UnaryOperator<io.fabric8.kubernetes.client.ConfigBuilder> as) {
    var config =
        new io.fabric8.kubernetes.client.ConfigBuilder(Config.empty())
            .withMasterUrl(api.url())
            .withUserAgent(userAgent)
            // Without asking for a WebSocket first, which costs each watch another connection. A
            // real API server has them, and sends over HTTP what fabric8 cannot read: Json.ascii.
            .withOnlyHttpWatches(!RealApi.isWanted())
            .withRequestTimeout(PATIENCE_MILLIS)
            .withConnectionTimeout(PATIENCE_MILLIS)
            .withCaCertData(base64(authority.pem()))
            .withNamespace("default");
    return new KubernetesClientBuilder()
        .withConfig(as.apply(config).build())
        .withKubernetesSerialization(Models.ALL);
  }

  private void writeKubeconfig() throws IOException {
    // As text: fabric8 would load a YAML writer for this alone.
    var config =
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: slipway
          cluster: {server: %s, certificate-authority-data: %s}
        users:
        - name: admin
          user: {client-certificate-data: %s, client-key-data: %s}
        contexts:
        - name: slipway
          context: {cluster: slipway, user: admin, namespace: default}
        current-context: slipway
        """
            .formatted(
                api.url(),
                base64(authority.pem()),
                base64(admin.certificate()),
                base64(admin.key()));
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.deleteIfExists(kubeconfig());
    Files.createFile(kubeconfig(), ownerOnly);
    Files.writeString(kubeconfig(), config);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A fresh directory; those of processes that were killed go. */
  private static Path newDirectory() {
    var parent = Path.of(System.getProperty("java.io.tmpdir"));
    try (var old = Files.newDirectoryStream(parent, TEMPORARY + "*")) {
      for (var directory : old) {
        var name = directory.getFileName().toString();
        if (name.matches(TEMPORARY + "\\d{1,9}-\\d+")) {
          var pid = Long.parseLong(name.split("-", -1)[2]);
          if (ProcessHandle.of(pid).isEmpty()) {
            remove(directory);
          }
        }
      }
      return Files.createTempDirectory(TEMPORARY + ProcessHandle.current().pid() + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a directory for the embedded cluster", e);
    }
  }

  private static void remove(Path directory) throws IOException {
    try {
      Command.of("rm", "-rf", "--one-file-system", directory.toString()).runOrFail();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
