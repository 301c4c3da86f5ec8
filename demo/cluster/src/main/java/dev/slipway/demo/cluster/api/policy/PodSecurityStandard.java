package dev.slipway.demo.cluster.api.policy;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a pod has that a level of the Pod Security Standards forbids; pure.
 *
 * <p>Sentences and order are those of <a
 * href="https://github.com/kubernetes/pod-security-admission/tree/master/policy">Kubernetes</a>.
 * Left out: AppArmor, SELinux, sysctls, procMount, hosts of probes, Windows, and volumes of other
 * kinds than hostPath, which no node here mounts.
 */
final class PodSecurityStandard {
  /** How much is forbidden. */
  enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED
  }

  private static final Set<String> BASELINE_CAPABILITIES =
      Set.of(
          """
          AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID
          SETPCAP SETUID SYS_CHROOT
          """
              .strip()
              .split("\\s+", -1));

  private final PodSpec pod;
  private final Optional<PodSecurityContext> context;
  private final List<Container> containers;
  private final List<String> findings = new ArrayList<>();

  private PodSecurityStandard(PodSpec pod) {
    this.pod = pod;
    this.context = Optional.ofNullable(pod.getSecurityContext());
    this.containers =
        Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()).toList();
  }

  /** What is forbidden in the pod, as one text; empty when nothing is. */
  static Optional<String> violations(Level level, PodSpec pod) {
    var standard = new PodSecurityStandard(pod);
    switch (level) {
      case PRIVILEGED -> {}
      case BASELINE -> standard.checkBaseline();
      case RESTRICTED -> standard.checkRestricted();
    }
    return standard.findings.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", standard.findings));
  }

  private void checkBaseline() {
    checkCapabilitiesAreDefault();
    checkHostNamespaces();
    find("hostPath volumes", hostPaths(), "volume", "");
    checkHostPorts();
    checkNotPrivileged();
    checkSeccomp(false);
  }

  /** Without what restricted has a stricter rule for. */
  private void checkRestricted() {
    checkHostNamespaces();
    checkHostPorts();
    checkNotPrivileged();
    find(
        "allowPrivilegeEscalation != false",
        named(own -> !Boolean.FALSE.equals(own.getAllowPrivilegeEscalation())),
        "container",
        " must set securityContext.allowPrivilegeEscalation=false");
    checkCapabilitiesAreDropped();
    var volumes = hostPaths();
    find(
        "restricted volume types",
        volumes,
        "volume",
        (volumes.size() == 1 ? " uses" : " use") + " restricted volume type \"hostPath\"");
    checkRunAsNonRoot();
    checkRunAsUser();
    checkSeccomp(true);
  }

  private void checkHostNamespaces() {
    var shared = new ArrayList<String>();
    if (Boolean.TRUE.equals(pod.getHostNetwork())) {
      shared.add("hostNetwork=true");
    }
    if (Boolean.TRUE.equals(pod.getHostPID())) {
      shared.add("hostPID=true");
    }
    if (Boolean.TRUE.equals(pod.getHostIPC())) {
      shared.add("hostIPC=true");
    }
    if (!shared.isEmpty()) {
      findings.add("host namespaces (" + String.join(", ", shared) + ")");
    }
  }

  private void checkHostPorts() {
    var ports = new TreeSet<String>();
    var bad = new ArrayList<String>();
    for (var container : containers) {
      var own =
          container.getPorts().stream()
              .map(port -> Objects.requireNonNullElse(port.getHostPort(), 0))
              .filter(port -> port != 0)
              .map(String::valueOf)
              .toList();
      if (ports.addAll(own) || !own.isEmpty()) {
        bad.add(container.getName());
      }
    }
    find(
        "hostPort",
        bad,
        "container",
        (bad.size() == 1 ? " uses" : " use")
            + (ports.size() == 1 ? " hostPort " : " hostPorts ")
            + String.join(", ", ports));
  }

  private void checkNotPrivileged() {
    find(
        "privileged",
        named(own -> Boolean.TRUE.equals(own.getPrivileged())),
        "container",
        " must not set securityContext.privileged=true");
  }

  private void checkCapabilitiesAreDefault() {
    var added = new TreeSet<String>();
    var bad = named(own -> added.addAll(addedBeyond(BASELINE_CAPABILITIES, own)));
    find(
        "non-default capabilities",
        bad,
        "container",
        " must not include " + quoted(added) + " in securityContext.capabilities.add");
  }

  private void checkCapabilitiesAreDropped() {
    var details = new ArrayList<String>();
    var keeping =
        named(
            own -> capabilities(own, Capabilities::getDrop).noneMatch(name -> name.equals("ALL")));
    if (!keeping.isEmpty()) {
      details.add(
          listed("container", keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    var added = new TreeSet<String>();
    var adding = named(own -> added.addAll(addedBeyond(Set.of("NET_BIND_SERVICE"), own)));
    if (!adding.isEmpty()) {
      details.add(
          "%s must not include %s in securityContext.capabilities.add"
              .formatted(listed("container", adding), quoted(added)));
    }
    if (!details.isEmpty()) {
      findings.add("unrestricted capabilities (" + String.join("; ", details) + ")");
    }
  }

  private static List<String> addedBeyond(Set<String> allowed, SecurityContext own) {
    return capabilities(own, Capabilities::getAdd).filter(name -> !allowed.contains(name)).toList();
  }

  private static Stream<String> capabilities(
      SecurityContext own, Function<Capabilities, List<String>> which) {
    return Stream.ofNullable(own.getCapabilities()).flatMap(all -> which.apply(all).stream());
  }

  private void checkRunAsNonRoot() {
    var pods = context.map(PodSecurityContext::getRunAsNonRoot);
    var refusing = named(own -> Boolean.FALSE.equals(own.getRunAsNonRoot()));
    if (!refuse(
        "runAsNonRoot != true",
        pods.filter(wanted -> !wanted).isPresent(),
        refusing,
        "must not set securityContext.runAsNonRoot=false")) {
      var silent = named(own -> own.getRunAsNonRoot() == null);
      if (!silent.isEmpty() && pods.isEmpty()) {
        findings.add(
            "runAsNonRoot != true (pod or %s must set securityContext.runAsNonRoot=true)"
                .formatted(listed("container", silent)));
      }
    }
  }

  private void checkRunAsUser() {
    refuse(
        "runAsUser=0",
        context.map(PodSecurityContext::getRunAsUser).filter(uid -> uid == 0).isPresent(),
        named(own -> Objects.equals(own.getRunAsUser(), 0L)),
        "must not set runAsUser=0");
  }

  private void checkSeccomp(boolean required) {
    var pods = context.map(PodSecurityContext::getSeccompProfile);
    var unconfined =
        named(own -> own.getSeccompProfile() != null && isUnconfined(own.getSeccompProfile()));
    if (!refuse(
            "seccompProfile",
            pods.filter(PodSecurityStandard::isUnconfined).isPresent(),
            unconfined,
            "must not set securityContext.seccompProfile.type to \"Unconfined\"")
        && required) {
      var silent = named(own -> own.getSeccompProfile() == null);
      if (!silent.isEmpty() && pods.isEmpty()) {
        findings.add(
            "seccompProfile (pod or %s must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"
                .formatted(listed("container", silent)));
      }
    }
  }

  private static boolean isUnconfined(SeccompProfile profile) {
    return "Unconfined".equals(profile.getType());
  }

  /** Whether pod or containers say outright what is forbidden. */
  private boolean refuse(String reason, boolean byPod, List<String> byContainers, String what) {
    var setters = new ArrayList<String>();
    if (byPod) {
      setters.add("pod");
    }
    if (!byContainers.isEmpty()) {
      setters.add(listed("container", byContainers));
    }
    if (!setters.isEmpty()) {
      findings.add(reason + " (" + String.join(" and ", setters) + " " + what + ")");
    }
    return !setters.isEmpty();
  }

  private void find(String reason, List<String> names, String noun, String what) {
    if (!names.isEmpty()) {
      findings.add(reason + " (" + listed(noun, names) + what + ")");
    }
  }

  /** The containers whose own settings, perhaps none, are such. */
  private List<String> named(Predicate<SecurityContext> such) {
    return containers.stream()
        .filter(container -> such.test(own(container.getSecurityContext())))
        .map(Container::getName)
        .toList();
  }

  private static SecurityContext own(@Nullable SecurityContext context) {
    return context == null ? new SecurityContext() : context;
  }

  private List<String> hostPaths() {
    return pod.getVolumes().stream()
        .filter(volume -> volume.getHostPath() != null)
        .map(Volume::getName)
        .toList();
  }

  private static String listed(String noun, List<String> names) {
    return noun + (names.size() == 1 ? " " : "s ") + quoted(names);
  }

  private static String quoted(Collection<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }
}
