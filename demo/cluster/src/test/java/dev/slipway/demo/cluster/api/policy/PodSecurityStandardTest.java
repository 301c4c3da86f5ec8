package dev.slipway.demo.cluster.api.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.demo.cluster.api.policy.PodSecurityStandard.Level;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class PodSecurityStandardTest {
  @Test
  void letsAPlainPodThroughBaselineAndSaysAllThatRestrictedWants() {
    var plain = pod("containers: [{name: main}, {name: other}], initContainers: [{name: first}]");

    assertThat(PodSecurityStandard.violations(Level.BASELINE, plain)).isEmpty();
    assertThat(PodSecurityStandard.violations(Level.RESTRICTED, plain))
        .hasValue(
            "allowPrivilegeEscalation != false (containers \"first\", \"main\", \"other\" must set"
                + " securityContext.allowPrivilegeEscalation=false), unrestricted capabilities"
                + " (containers \"first\", \"main\", \"other\" must set"
                + " securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or"
                + " containers \"first\", \"main\", \"other\" must set"
                + " securityContext.runAsNonRoot=true), seccompProfile (pod or containers"
                + " \"first\", \"main\", \"other\" must set securityContext.seccompProfile.type to"
                + " \"RuntimeDefault\" or \"Localhost\")");
  }

  @Test
  void letsACarefulPodThroughRestricted() {
    var careful =
        pod(
            """
            securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
            containers: [{name: main, securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]
            """);

    assertThat(PodSecurityStandard.violations(Level.RESTRICTED, careful)).isEmpty();
  }

  @Test
  void refusesTheHostUnderBaseline() {
    var greedy =
        pod(
            """
            hostNetwork: true, hostPID: true, securityContext: {seccompProfile: {type: Unconfined}},
            volumes: [{name: root, hostPath: {path: /}}],
            containers: [{name: main, ports: [{containerPort: 80, hostPort: 80}],
              securityContext: {privileged: true, capabilities: {add: [NET_ADMIN, CHOWN]}}}]
            """);

    assertThat(PodSecurityStandard.violations(Level.BASELINE, greedy))
        .hasValue(
            "non-default capabilities (container \"main\" must not include \"NET_ADMIN\" in"
                + " securityContext.capabilities.add), host namespaces (hostNetwork=true,"
                + " hostPID=true), hostPath volumes (volume \"root\"), hostPort (container"
                + " \"main\" uses hostPort 80), privileged (container \"main\" must not set"
                + " securityContext.privileged=true), seccompProfile (pod must not set"
                + " securityContext.seccompProfile.type to \"Unconfined\")");
    assertThat(PodSecurityStandard.violations(Level.PRIVILEGED, greedy)).isEmpty();
  }

  @Test
  void refusesRootUnderRestricted() {
    var root =
        pod(
            """
            securityContext: {runAsUser: 0, runAsNonRoot: false, seccompProfile: {type: Localhost}},
            volumes: [{name: root, hostPath: {path: /}}],
            containers: [{name: main, securityContext: {runAsUser: 0,
              allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [CHOWN]}}}]
            """);

    assertThat(PodSecurityStandard.violations(Level.RESTRICTED, root))
        .hasValue(
            "unrestricted capabilities (container \"main\" must not include \"CHOWN\" in"
                + " securityContext.capabilities.add), restricted volume types (volume \"root\""
                + " uses restricted volume type \"hostPath\"), runAsNonRoot != true (pod must not"
                + " set securityContext.runAsNonRoot=false), runAsUser=0 (pod and container"
                + " \"main\" must not set runAsUser=0)");
  }

  private static PodSpec pod(String flow) {
    return Serialization.unmarshal("---\n{" + flow + "}", PodSpec.class);
  }
}
