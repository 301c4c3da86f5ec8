package dev.slipway.demo.cluster.node.pod;

import dev.slipway.demo.cluster.node.container.Bind;
import dev.slipway.demo.cluster.node.container.ContainerSpec;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides what a container is started from, out of the pod and the image. */
final class SpecWriter {
  // containerd's default set.
  private static final Set<String> DEFAULT_CAPABILITIES =
      Set.of(
          """
          AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP
          SETGID SETPCAP SETUID SYS_CHROOT
          """
              .strip()
              .split("\\s+", -1));

  private SpecWriter() {}

  static ContainerSpec write(
      Pod pod,
      Container container,
      Rootfs image,
      Map<String, String> variables,
      String id,
      Path root,
      List<Bind> binds,
      String cgroup)
      throws ConfigError {
    var user = user(pod, container, image);
    var groups = new ArrayList<Long>();
    var podContext = Optional.ofNullable(pod.getSpec().getSecurityContext());
    podContext.map(PodSecurityContext::getFsGroup).ifPresent(groups::add);
    podContext.map(PodSecurityContext::getSupplementalGroups).ifPresent(groups::addAll);
    var all = new ArrayList<>(image.binds());
    all.addAll(binds);
    return new ContainerSpec(
        id,
        root,
        argv(container, image, variables),
        variables.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList(),
        workingDirectory(container, image),
        user.uid(),
        user.gid(),
        groups,
        capabilities(container, image),
        Boolean.FALSE.equals(own(container, SecurityContext::getAllowPrivilegeEscalation)),
        Boolean.TRUE.equals(own(container, SecurityContext::getReadOnlyRootFilesystem)),
        image.privileged(),
        image.network(),
        all,
        memory(container),
        cgroup);
  }

  private static List<String> argv(Container container, Rootfs image, Map<String, String> variables)
      throws ConfigError {
    var argv = new ArrayList<String>();
    boolean ownCommand = !container.getCommand().isEmpty();
    argv.addAll(ownCommand ? container.getCommand() : image.config().entrypoint());
    if (!container.getArgs().isEmpty()) {
      argv.addAll(container.getArgs());
    } else if (!ownCommand) {
      argv.addAll(image.config().command());
    }
    if (argv.isEmpty()) {
      throw new ConfigError("no command specified");
    }
    return argv.stream().map(part -> Variables.expand(part, variables)).toList();
  }

  private static String workingDirectory(Container container, Rootfs image) {
    var wanted = container.getWorkingDir();
    if (wanted != null && !wanted.isEmpty()) {
      return wanted;
    }
    var given = image.config().workingDirectory();
    return given.isEmpty() ? "/" : given;
  }

  private static ContainerUser user(Pod pod, Container container, Rootfs image) throws ConfigError {
    var podContext = Optional.ofNullable(pod.getSpec().getSecurityContext());
    var uid =
        either(
            own(container, SecurityContext::getRunAsUser),
            podContext.map(PodSecurityContext::getRunAsUser));
    var gid =
        either(
            own(container, SecurityContext::getRunAsGroup),
            podContext.map(PodSecurityContext::getRunAsGroup));
    var byImage = ContainerUser.parse(image.config().user(), image.layers());
    var user =
        new ContainerUser(
            uid.orElse(byImage.uid()), gid.orElse(uid.isPresent() ? 0 : byImage.gid()));
    var nonRoot =
        either(
            own(container, SecurityContext::getRunAsNonRoot),
            podContext.map(PodSecurityContext::getRunAsNonRoot));
    if (nonRoot.orElse(false) && user.uid() == 0) {
      throw new ConfigError(
          "container has runAsNonRoot and image will run as root (pod: \"%s_%s(%s)\", container: %s)"
              .formatted(
                  pod.getMetadata().getName(),
                  pod.getMetadata().getNamespace(),
                  pod.getMetadata().getUid(),
                  container.getName()));
    }
    return user;
  }

  private static <T> @Nullable T own(
      Container container, Function<SecurityContext, @Nullable T> field) {
    var context = container.getSecurityContext();
    return context == null ? null : field.apply(context);
  }

  private static <T> Optional<T> either(@Nullable T own, Optional<T> pods) {
    return own == null ? pods : Optional.of(own);
  }

  private static Set<String> capabilities(Container container, Rootfs image) {
    if (image.privileged()) {
      return HostCapabilities.all();
    }
    var names = new TreeSet<>(DEFAULT_CAPABILITIES);
    Capabilities wanted = own(container, SecurityContext::getCapabilities);
    if (wanted != null) {
      wanted.getDrop().forEach(name -> drop(names, name));
      names.addAll(wanted.getAdd());
    }
    var full = new TreeSet<String>();
    names.forEach(name -> full.add("CAP_" + name));
    return full;
  }

  private static void drop(Set<String> names, String name) {
    if (name.equals("ALL")) {
      names.clear();
    } else {
      names.remove(name);
    }
  }

  private static OptionalLong memory(Container container) {
    var resources = container.getResources();
    var limit =
        resources == null || resources.getLimits() == null
            ? null
            : resources.getLimits().get("memory");
    return limit == null
        ? OptionalLong.empty()
        : OptionalLong.of(limit.getNumericalAmount().longValue());
  }
}
