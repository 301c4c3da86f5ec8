package dev.slipway.crd.gitd;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How builds run.
 *
 * @param image the Kaniko image
 * @param contextImage the image whose {@code fetch-context} command brings a build context into the
 *     pod, and whose {@code push-image} command pushes in its stead: gitd's own
 * @param contextUrl base URL of gitd's context port as a build pod sees it, for example {@code
 *     http://dev-gitd.default.svc:8022}
 * @param tokenSecret name of the Secret, made by the controller and filled by gitd, that holds one
 *     token for each running build
 * @param resources of the Kaniko container
 * @param timeoutSeconds until a build is given up
 * @param pullSecrets names of Secrets with which nodes pull the images of Jobs
 * @param parallelism builds of one push at the same time, at least 1
 * @param cache null when no layers are kept
 * @param isolatePush whether another container than the builder's has the credentials and pushes
 * @param priorityClassName of the pods; null for that of the namespace
 */
public record BuildSettings(
    String image,
    String contextImage,
    String contextUrl,
    String tokenSecret,
    ResourceRequirements resources,
    int timeoutSeconds,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    List<String> pullSecrets,
    int parallelism,
    @Nullable LayerSettings cache,
    boolean isolatePush,
    @Nullable String priorityClassName) {}
