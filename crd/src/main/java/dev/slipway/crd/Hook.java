package dev.slipway.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program that a push runs, as a Job, and whose exit code decides whether the push goes on. */
@ValidationRule(
    value = "(has(self.image) && self.image != '') != has(self.imageFrom)",
    message = "a hook needs one of image and imageFrom")
@ValidationRule(
    value = "self.when != 'BeforeBuild' || !has(self.imageFrom)",
    message = "a hook that runs before the build cannot run an image that is built: give it image")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Hook(
    @JsonPropertyDescription("What the push calls it: lower-case letters, digits and dashes.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") @Size(max = 40) @Nullable String name,
    @JsonPropertyDescription(
            "BeforeBuild and AfterBuild run in every push that deploys or builds; BeforeDeploy while the old images still run everywhere; AfterDeploy when all targets are healthy. Those of the same time run in the order of the list.")
        @Required
        @Nullable When when,
    @JsonPropertyDescription("The image that it runs in.") @Size(max = 1000) @Nullable String image,
    @JsonPropertyDescription(
            "Runs in the image that this push builds for a container of this Remote, instead of image; not BeforeBuild. Needs command or args.")
        @Nullable ImageFrom imageFrom,
    @JsonPropertyDescription(
            "The program and its first arguments, instead of the entrypoint of the image; no shell reads them. $(NAME) stands for a variable, as in the command of a container.")
        @Nullable List<String> command,
    @JsonPropertyDescription("Further arguments, instead of the CMD of the image.")
        @Nullable List<String> args,
    @JsonPropertyDescription(
            "Variables beside those that every hook gets; names that begin with SLIPWAY_ are taken.")
        @Nullable List<BuildArg> env,
    @JsonPropertyDescription(
            "The branches whose pushes run it, as in spec.branches; when nothing is given all that deploy, or, with imageFrom, those that build its image.")
        @Nullable List<String> branches,
    @JsonPropertyDescription(
            "Whether the files of the commit lie at /workspace, which is then the working directory.")
        @Nullable Boolean needsSource,
    @JsonPropertyDescription("Seconds until it has failed, from the creation of its Job on.")
        @Min(1) @Max(86400) @Default("600")
        @Nullable Integer timeoutSeconds,
    @JsonPropertyDescription("Resources of its container.") @Nullable Resources resources,
    @JsonPropertyDescription("The user that it runs as; that of the image when absent.") @Min(0) @Nullable Long runAsUser,
    @JsonPropertyDescription(
            "Whether it is held to Pod Security restricted: not as root, without any capability. Otherwise baseline.")
        @Nullable Boolean restricted) {

  /** When a hook runs. */
  public enum When {
    BeforeBuild("before the build"),
    AfterBuild("after the build"),
    BeforeDeploy("before the deployment"),
    AfterDeploy("after the deployment");

    private final String words;

    When(String words) {
      this.words = words;
    }

    /** For a sentence. */
    public String words() {
      return words;
    }
  }
}
