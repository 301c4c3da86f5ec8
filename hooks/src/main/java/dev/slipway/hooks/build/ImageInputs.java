package dev.slipway.hooks.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.crd.gitd.BuildSettings;
import dev.slipway.crd.gitd.Target;
import dev.slipway.hooks.context.Checksums;
import dev.slipway.hooks.context.ContextSource;
import dev.slipway.hooks.plan.ImageBuild;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Everything that makes an image what it is. Left out are the commit, whose time and author files
 * and labels have, and what a build is given to run with.
 *
 * @param form another number whenever builders are asked for something else than before
 * @param repository where the image is pushed to, since nothing is known to be elsewhere
 * @param builder its image
 * @param nodes where it runs, which decides for what the image is
 * @param tolerations where else it may run
 */
record ImageInputs(
    int form,
    String repository,
    String tree,
    String dockerfileName,
    String dockerfile,
    @Nullable String dockerignore,
    @Nullable String stage,
    List<Target.BuildArg> args,
    List<Target.BuildSecret> secrets,
    String inputsVersion,
    String builder,
    Map<String, String> nodes,
    List<Toleration> tolerations) {
  private static final int FORM = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static ImageInputs of(BuildSettings builder, ImageBuild build) {
    ContextSource.OfBuild source = build.source();
    @Nullable ObjectId ignore = source.dockerignore();
    Target.Container target = build.target();
    return new ImageInputs(
        FORM,
        build.image().substring(0, build.image().lastIndexOf(':')),
        source.tree().name(),
        source.dockerfileName(),
        source.dockerfile().name(),
        ignore == null ? null : ignore.name(),
        target.stage(),
        target.buildArgs(),
        target.buildSecrets(),
        target.inputsVersion(),
        builder.image(),
        new TreeMap<>(builder.nodeSelector()),
        builder.tolerations());
  }

  /** The same for the same inputs, and for no others; good as a file name. */
  String fingerprint() {
    try {
      return HexFormat.of().formatHex(Checksums.sha256().digest(JSON.writeValueAsBytes(this)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
