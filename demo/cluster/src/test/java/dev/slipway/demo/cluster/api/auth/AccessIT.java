package dev.slipway.demo.cluster.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.demo.cluster.ClusterExtension;
import dev.slipway.demo.cluster.EmbeddedCluster;
import dev.slipway.demo.cluster.Kubectl;
import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, as whom, and with which rights: asked by the real kubectl. */
class AccessIT {
  private static final String CONFIG_MAPS = "--raw=/api/v1/namespaces/default/configmaps";
  private static final String UNAUTHORIZED =
      "error: You must be logged in to the server (Unauthorized)\n";

  @RegisterExtension static final ClusterExtension cluster = ClusterExtension.apiOnly();

  @TempDir Path directory;

  @Test
  void knowsTheAdministratorByCertificate() {
    assertThat(cluster.kubectl("auth", "whoami").output())
        .containsPattern("Username +kubernetes-admin\n")
        .containsPattern("Groups +\\[system:masters system:authenticated]\n");
    assertThat(cluster.kubectl("auth", "can-i", "*", "*").output()).isEqualTo("yes\n");
    var config = Config.fromKubeconfig(cluster.kubeconfig().toFile());
    try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThat(client.namespaces().withName("default").get()).isNotNull();
    }
  }

  @Test
  void givesTheBearerOfACertificateTheRightsOfItsGroups() throws Exception {
    cluster.kubectl("create", "role", "reading", "--verb=get,list", "--resource=configmaps");
    cluster.kubectl("create", "rolebinding", "readers", "--role=reading", "--group=readers");
    var ana = kubectl(cluster.cluster().clientCertificate("ana", "people", "readers"));

    assertThat(ana.run("auth", "whoami").output())
        .containsPattern("Username +ana\n")
        .containsPattern("Groups +\\[people readers system:authenticated]\n");
    assertThat(ana.run("get", "configmaps").output()).contains("kube-root-ca.crt");
    assertThat(ana.run("auth", "can-i", "list", "configmaps").output()).isEqualTo("yes\n");
    var no = ana.run("auth", "can-i", "delete", "configmaps");
    assertThat(no.output()).isEqualTo("no\n");
    assertThat(no.exitCode()).isEqualTo(1);
    assertThat(ana.run("auth", "can-i", "--list").output())
        .containsPattern("Resources +Non-Resource URLs +Resource Names +Verbs\n")
        .containsPattern("\nconfigmaps +\\[] +\\[] +\\[get list]\n")
        .containsPattern("\nselfsubjectreviews.authentication.k8s.io +\\[] +\\[] +\\[create]\n")
        .containsPattern("\n +\\[/healthz] +\\[] +\\[get]\n");
    assertThat(ana.run("delete", "configmap", "kube-root-ca.crt").errors())
        .isEqualTo(
            "Error from server (Forbidden): configmaps \"kube-root-ca.crt\" is forbidden: User"
                + " \"ana\" cannot delete resource \"configmaps\" in API group \"\" in the"
                + " namespace \"default\"\n");
  }

  @Test
  void turnsCertificatesOfOthersAway() throws Exception {
    var stranger = CertificateAuthority.create().client("mallory", List.of(User.MASTERS));
    assertThat(kubectl(stranger).run("get", CONFIG_MAPS).errors()).isEqualTo(UNAUTHORIZED);
  }

  @Test
  void mountsNoTokenWhereTheAccountWantsNone() {
    cluster
        .client()
        .resource(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: shy, namespace: default}
            automountServiceAccountToken: false
            """)
        .create();
    cluster
        .client()
        .resource(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: tokenless, namespace: default}
            spec: {serviceAccountName: shy, containers: [{name: main, image: busybox}]}
            """)
        .create();

    var pod = cluster.client().pods().inNamespace("default").withName("tokenless").get();
    assertThat(pod.getSpec().getVolumes()).isEmpty();
  }

  @Test
  void takesATokenUntilItExpires() throws Exception {
    cluster.kubectl("create", "serviceaccount", "robot");
    assertThat(cluster.kubectl("create", "token", "robot", "--duration=5s").errors())
        .contains(
            "spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10"
                + " minutes");
    var token = cluster.kubectl("create", "token", "robot", "--duration=10m").output().strip();
    var robot = kubectl("--token=" + token);

    assertThat(robot.run("auth", "whoami").output())
        .containsPattern("Username +system:serviceaccount:default:robot\n")
        .containsPattern(
            "Groups +\\[system:serviceaccounts system:serviceaccounts:default"
                + " system:authenticated]\n")
        .containsPattern("credential-id +\\[JTI=[0-9a-f-]{36}]\n");
    try (var _ = cluster.faults().clockAhead(Duration.ofMinutes(11))) {
      assertThat(robot.run("get", CONFIG_MAPS).errors()).isEqualTo(UNAUTHORIZED);
    }
    cluster.kubectl("delete", "serviceaccount", "robot");
    assertThat(robot.run("get", CONFIG_MAPS).errors()).isEqualTo(UNAUTHORIZED);
  }

  @Test
  void tellsWhichRightsNothingHasNeeded() {
    account("worker", "--verb=get,list", "--resource=configmaps");

    try (var worker = cluster.clientAs("default", "worker")) {
      worker.configMaps().list();
    }

    var rights = cluster.cluster().usedRights();
    var get = "{APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"get\"]}";
    var list = get.replace("get", "list");
    assertThat(rights.unneeded("default", "worker")).containsExactly(get);
    cluster.kubectl("create", "role", "again", "--verb=list", "--resource=configmaps");
    cluster.kubectl(
        "create", "rolebinding", "again", "--role=again", "--serviceaccount=default:worker");
    assertThat(rights.unneeded("default", "worker")).containsExactlyInAnyOrder(get, list, list);
  }

  @Test
  void wantsTheRightToCreateOfWhoAppliesWhatIsNotThere() {
    account("applier", "--verb=get,patch", "--resource=configmaps");

    try (var applier = cluster.clientAs("default", "applier")) {
      var applied =
          applier
              .configMaps()
              .resource(
                  new ConfigMapBuilder()
                      .withNewMetadata()
                      .withName("applied")
                      .withNamespace("default")
                      .endMetadata()
                      .build());
      assertThatThrownBy(applied::serverSideApply)
          .hasMessageContaining("cannot create resource \"configmaps\"");
      cluster.kubectl("create", "configmap", "applied");
      assertThat(applied.forceConflicts().serverSideApply()).isNotNull();
    }
  }

  private static void account(String name, String... role) {
    cluster.kubectl("create", "serviceaccount", name);
    var create = new ArrayList<>(List.of("create", "role", name));
    create.addAll(List.of(role));
    cluster.kubectl(create.toArray(String[]::new));
    cluster.kubectl(
        "create", "rolebinding", name, "--role=" + name, "--serviceaccount=default:" + name);
  }

  @Test
  void doesNotKnowTheUsersOfAnotherClusterBesideIt() throws Exception {
    var place = Files.createDirectory(directory.resolve("other"));
    try (var other = EmbeddedCluster.start(place, List.of())) {
      assertThat(other.apiUrl()).isNotEqualTo(cluster.cluster().apiUrl());
      var token = other.tokenFor("default", "default");
      var admin = other.clientCertificate("kubernetes-admin", User.MASTERS);

      assertThat(kubectl("--token=" + token).run("get", CONFIG_MAPS).errors())
          .isEqualTo(UNAUTHORIZED);
      Files.delete(directory.resolve("kubeconfig"));
      assertThat(kubectl(admin).run("get", CONFIG_MAPS).errors()).isEqualTo(UNAUTHORIZED);
      cluster.kubectl("create", "configmap", "only-here");
      assertThat(other.kubectl().run("get", "configmap", "only-here").errors())
          .contains("NotFound");
      var misled = cluster.kubectl("get", CONFIG_MAPS, "--server=" + other.apiUrl());
      assertThat(misled.errors()).contains("certificate signed by unknown authority");
    }
    assertThat(cluster.kubectl("get", "configmap", "only-here").exitCode()).isZero();
  }

  private Kubectl kubectl(TlsIdentity identity) throws Exception {
    var certificate = Files.writeString(directory.resolve("tls.crt"), identity.certificate());
    var key = Files.writeString(directory.resolve("tls.key"), identity.key());
    return kubectl("--client-certificate=" + certificate, "--client-key=" + key);
  }

  /** A kubectl that has only this to show. */
  private Kubectl kubectl(String... credentials) throws Exception {
    var kubeconfig = Files.copy(cluster.kubeconfig(), directory.resolve("kubeconfig"));
    var kubectl = new Kubectl(kubeconfig, directory);
    kubectl.run("config", "delete-user", "admin");
    var command = new ArrayList<>(List.of("config", "set-credentials", "admin"));
    command.addAll(List.of(credentials));
    kubectl.run(command.toArray(String[]::new));
    return kubectl;
  }
}
