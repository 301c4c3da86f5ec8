package dev.slipway.hooks.plan;

import static dev.slipway.hooks.TestConfig.buildOnly;
import static dev.slipway.hooks.TestConfig.config;
import static dev.slipway.hooks.TestConfig.container;
import static dev.slipway.hooks.TestConfig.target;
import static dev.slipway.hooks.TestRepository.file;
import static dev.slipway.hooks.TestRepository.link;
import static dev.slipway.hooks.TestRepository.submodule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.slipway.crd.WorkloadKind;
import dev.slipway.crd.gitd.GitdConfig;
import dev.slipway.crd.gitd.Place;
import dev.slipway.crd.gitd.Target;
import dev.slipway.crd.gitd.Workload;
import dev.slipway.hooks.Push.RefChange;
import dev.slipway.hooks.TestConfig;
import dev.slipway.hooks.TestRepository;
import dev.slipway.hooks.TestRepository.TestFile;
import dev.slipway.hooks.manifests.KindView;
import dev.slipway.hooks.workload.Obstacle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushPlannerTest {
  private static final KindView NO_KINDS = (apiVersion, kind) -> Optional.empty();
  private static final TargetView CLUSTER =
      new TargetView() {
        @Override
        public Optional<Found> find(Workload workload) {
          return workload.name().equals("web")
              ? Optional.of(new Found(List.of("web", "sidecar"), obstacle(workload.kind())))
              : Optional.empty();
        }

        private Optional<Obstacle> obstacle(WorkloadKind kind) {
          return kind == WorkloadKind.StatefulSet
              ? Optional.of(new Obstacle("OnDelete", "has the updateStrategy OnDelete."))
              : Optional.empty();
        }

        @Override
        public Optional<String> remoteUrl() {
          return Optional.of("ssh://default-dev@host/~/git/default-dev");
        }
      };
  private static final Map<String, TestFile> GOOD =
      Map.of("web/Dockerfile", file("FROM scratch\n"), "web/index.html", file("hello\n"));

  private final TestRepository git = new TestRepository();

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void deploysTheDeployBranch() throws Exception {
    ObjectId commit = git.commit(GOOD);

    PushPlan plan = plan(config(target("web", "web")), to("refs/heads/master", commit));

    assertThat(plan)
        .asInstanceOf(type(PushPlan.Deploy.class))
        .satisfies(
            deploy -> {
              assertThat(deploy.commit()).isEqualTo(commit);
              assertThat(deploy.subject()).isEqualTo("Bigger buttons");
              assertThat(deploy.builds())
                  .extracting(ImageBuild::label, ImageBuild::image)
                  .containsExactly(
                      tuple(
                          "web",
                          "registry.example/team/default-dev-default.web-web:" + commit.name()));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "refs/heads/topic,'Branch topic is stored, not deployed: branch master is deployed by this remote.'",
    "refs/tags/v1,'Tag v1 is stored, not deployed: branch master is deployed by this remote.'"
  })
  void storesOtherRefsAndSaysSo(String ref, String note) throws Exception {
    PushPlan plan = plan(config(target("web", "web")), to(ref, git.commit(GOOD)));

    assertThat(plan).isEqualTo(new PushPlan.Store(List.of(note)));
  }

  @Test
  void deploysOneBranchAndStoresTheTagThatCameAlong() throws Exception {
    ObjectId commit = git.commit(GOOD);

    PushPlan plan =
        plan(
            config(target("web", "web")),
            to("refs/heads/master", commit),
            to("refs/tags/v1", commit));

    assertThat(plan)
        .asInstanceOf(type(PushPlan.Deploy.class))
        .satisfies(deploy -> assertThat(deploy.notes()).hasSize(1));
  }

  /** All refs of a push are looked at together: one by one, each against all others, takes long. */
  @Test
  void findsTheOneBranchThatDeploysAmongThousands() throws Exception {
    ObjectId known = git.commit(GOOD);
    ObjectId commit = git.commit(GOOD, known);
    List<RefChange> changes = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      git.moveRef("refs/heads/topic" + i, known);
      changes.add(new RefChange("refs/heads/topic" + i, known, commit));
    }
    changes.add(to("refs/heads/master", commit));

    assertThat(plan(config(target("web", "web")), changes.toArray(RefChange[]::new)))
        .asInstanceOf(type(PushPlan.Deploy.class))
        .satisfies(
            deploy -> {
              assertThat(deploy.change().ref()).isEqualTo("refs/heads/master");
              assertThat(deploy.notes()).hasSize(1000);
            });
    changes.add(to("refs/heads/main", commit));
    assertThat(
            findings(
                TestConfig.of(target("web", "web")).branches("master", "main").build(),
                changes.toArray(RefChange[]::new)))
        .containsExactly("SeveralDeployBranches");
  }

  @Test
  void refusesToDeleteTheDeployBranch() throws Exception {
    RefChange deletion = new RefChange("refs/heads/master", git.commit(GOOD), ObjectId.zeroId());

    assertThat(findings(config(target("web", "web")), deletion))
        .containsExactly("DeletesDeployBranch");
  }

  @ParameterizedTest
  @CsvSource({
    "master, Deployment",
    "release/7, 'Deployment,DaemonSet'",
    "release/7/fix, ''",
    "staging/a/b, DaemonSet",
    "topic, ''"
  })
  void aBranchDeploysTheTargetsThatItIsMeantFor(String branch, String deployed) throws Exception {
    Target everywhere =
        new Target(
            new Workload(WorkloadKind.DaemonSet, "web"),
            target("web", "web").containers(),
            List.of("release/*", "staging/**"));
    GitdConfig config =
        TestConfig.of(target("web", "web"), everywhere).branches("master", "release/?").build();

    PushPlan plan = plan(config, to("refs/heads/" + branch, git.commit(GOOD)));

    String targets =
        switch (plan) {
          case PushPlan.Deploy it ->
              it.builds().stream()
                  .map(build -> build.workload().kind().name())
                  .collect(Collectors.joining(","));
          case PushPlan.Store it -> {
            assertThat(it.notes())
                .singleElement()
                .asString()
                .contains("branches master, release/?, release/*, staging/** are deployed");
            yield "";
          }
          case PushPlan.Reject it -> it.findings().toString();
        };
    assertThat(targets).isEqualTo(deployed);
  }

  @Test
  void refusesTwoDeployBranchesAtOnce() throws Exception {
    GitdConfig both = TestConfig.of(target("web", "web")).branches("master", "staging").build();
    ObjectId commit = git.commit(GOOD);

    assertThat(findings(both, to("refs/heads/master", commit), to("refs/heads/staging", commit)))
        .containsExactly("SeveralDeployBranches");
  }

  @ParameterizedTest
  @CsvSource({"refs/heads/master", "refs/heads/topic"})
  void refusesAShallowPush(String ref) throws Exception {
    ObjectId absent = ObjectId.fromString("1234567890123456789012345678901234567890");

    assertThat(findings(config(target("web", "web")), to(ref, git.commit(GOOD, absent))))
        .containsExactly("ShallowPush");
  }

  @ParameterizedTest
  @CsvSource({"refs/heads/master", "refs/heads/topic"})
  void saysThatTheRepositoryIsDamagedAndTheCloneIsNot(String ref) throws Exception {
    ObjectId absent = ObjectId.fromString("1234567890123456789012345678901234567890");
    ObjectId damaged = git.commit(GOOD, absent);
    git.moveRef(ref, damaged);

    assertThat(
            sentences(
                config(target("web", "web")),
                new RefChange(ref, damaged, git.commit(GOOD, damaged))))
        .singleElement()
        .asString()
        .startsWith("the repository of this remote is damaged: object 1234567,")
        .doesNotContain("shallow");
  }

  @Test
  void deletesBranchesOfADamagedRepository() throws Exception {
    ObjectId absent = ObjectId.fromString("1234567890123456789012345678901234567890");
    git.moveRef("refs/heads/damaged", git.commit(GOOD, absent));
    ObjectId topic = git.commit(GOOD);
    git.moveRef("refs/heads/topic", topic);

    assertThat(
            plan(
                config(target("web", "web")),
                new RefChange("refs/heads/topic", topic, ObjectId.zeroId())))
        .isInstanceOf(PushPlan.Store.class);
  }

  @Test
  void deploysOnTopOfWhatIsThere() throws Exception {
    ObjectId known = git.commit(GOOD);
    git.moveRef("refs/heads/master", known);

    assertThat(
            plan(
                config(target("web", "web")),
                new RefChange("refs/heads/master", known, git.commit(GOOD, known))))
        .isInstanceOf(PushPlan.Deploy.class);
  }

  @Test
  void namesTheMissingDockerfileAndOneThatIsThere() throws Exception {
    ObjectId commit =
        git.commit(Map.of("web/Dockerfile.prod", file("FROM scratch\n"), "web/a", file("a")));

    assertThat(sentences(config(target("web", "web")), to("refs/heads/master", commit)))
        .containsExactly(
            "the Dockerfile of web/web, web/Dockerfile, is not in this commit; there is"
                + " web/Dockerfile.prod; add it or correct the Remote.");
  }

  @Test
  void namesTheContainersThatExist() throws Exception {
    ObjectId commit = git.commit(Map.of("wbe/Dockerfile", file("FROM scratch\n")));

    assertThat(sentences(config(target("web", "wbe")), to("refs/heads/master", commit)))
        .containsExactly("Deployment web has no container \"wbe\"; it has: web, sidecar.");
  }

  @Test
  void findsEverythingThatIsWrongAtOnce() throws Exception {
    GitdConfig config =
        TestConfig.of(target("web", "web"), target("api", "api"))
            .registry(null)
            .unsupported("Helm is not there yet")
            .build();
    ObjectId commit = git.commit(Map.of("README.md", file("nothing else\n")));

    assertThat(findings(config, to("refs/heads/master", commit)))
        .containsExactly(
            "Unsupported", "NoRegistry", "UnknownDeployment", "MissingPath", "MissingPath");
  }

  @Test
  void saysOnEachImageWhereItComesFrom() throws Exception {
    ObjectId commit = git.commit(GOOD);

    assertThat(plan(config(target("web", "web")), to("refs/heads/master", commit)))
        .asInstanceOf(type(PushPlan.Deploy.class))
        .extracting(deploy -> deploy.builds().getFirst().imageLabels())
        .isEqualTo(
            Map.of(
                "org.opencontainers.image.authors", "Ana <ana@example.org>",
                "org.opencontainers.image.revision", commit.name(),
                "org.opencontainers.image.source", "ssh://default-dev@host/~/git/default-dev"));
  }

  @Test
  void namesAnAuthorByTheAddressWhereTheNameIsNotAscii() throws Exception {
    git.authoredBy("Zo\u00eb");

    assertThat(plan(config(target("web", "web")), to("refs/heads/master", git.commit(GOOD))))
        .asInstanceOf(type(PushPlan.Deploy.class))
        .extracting(deploy -> deploy.builds().getFirst().imageLabels())
        .asInstanceOf(MAP)
        .containsEntry("org.opencontainers.image.authors", "ana@example.org");
  }

  @Test
  void refusesABuildThatLacksWhatItNeeds() throws Exception {
    Target.Container web = container("web", "web", "web/Dockerfile");
    Target target =
        new Target(
            Workload.deployment("web"),
            List.of(
                new Target.Container(
                    web.name(),
                    web.path(),
                    web.dockerfile(),
                    null,
                    List.of(),
                    List.of(),
                    "",
                    List.of("Secret \"npm\" does not exist."),
                    false,
                    false,
                    List.of())));

    assertThat(rejection(config(target), to("refs/heads/master", git.commit(GOOD))))
        .containsExactly(new Finding("BuildInputMissing", "Secret \"npm\" does not exist."));
  }

  @Test
  void onlyBuildsForWhatDoesNotExist() throws Exception {
    ObjectId commit = git.commit(GOOD);

    assertThat(plan(config(buildOnly("tools", "web")), to("refs/heads/master", commit)))
        .asInstanceOf(type(PushPlan.Deploy.class))
        .extracting(deploy -> deploy.builds().getFirst().image())
        .isEqualTo("registry.example/team/default-dev-default.tools-web:" + commit.name());
  }

  @Test
  void namesImagesOfOtherKindsSoThatTheyAreNobodyElses() throws Exception {
    ObjectId commit = git.commit(GOOD);
    GitdConfig config =
        config(target("web", "web"), of(WorkloadKind.DaemonSet), of(WorkloadKind.CronJob));

    assertThat(plan(config, to("refs/heads/master", commit)))
        .asInstanceOf(type(PushPlan.Deploy.class))
        .satisfies(
            deploy ->
                assertThat(deploy.builds())
                    .extracting(
                        ImageBuild::label, build -> build.image().replace(commit.name(), ""))
                    .containsExactly(
                        tuple("web/web", "registry.example/team/default-dev-default.web-web:"),
                        tuple(
                            "daemonset/web/web",
                            "registry.example/team/default-dev-default.daemonset_web-web:"),
                        tuple(
                            "cronjob/web/web",
                            "registry.example/team/default-dev-default.cronjob_web-web:")));
  }

  @Test
  void refusesAWorkloadThatWouldNotRunItsNewImage() throws Exception {
    assertThat(
            rejection(
                config(of(WorkloadKind.StatefulSet)), to("refs/heads/master", git.commit(GOOD))))
        .containsExactly(
            new Finding("OnDelete", "StatefulSet web has the updateStrategy OnDelete."));
  }

  @Test
  void checksWhereAnImageIsUsedAsWell() throws Exception {
    Target.Container web = container("web", "web", "web/Dockerfile");
    Workload gone = new Workload(WorkloadKind.CronJob, "gone");
    Target target =
        new Target(
            Workload.deployment("web"),
            List.of(
                new Target.Container(
                    web.name(),
                    web.path(),
                    web.dockerfile(),
                    null,
                    List.of(),
                    List.of(),
                    "",
                    List.of(),
                    /* noCache= */ false,
                    /* buildOnly= */ true,
                    List.of(
                        new Place(gone, "main"), new Place(Workload.deployment("web"), "other")))));

    assertThat(sentences(config(target), to("refs/heads/master", git.commit(GOOD))))
        .containsExactly(
            "CronJob gone does not exist in namespace default; create it, or correct the Remote.",
            "Deployment web has no container \"other\"; it has: web, sidecar.");
  }

  private static Target of(WorkloadKind kind) {
    return new Target(new Workload(kind, "web"), target("web", "web").containers());
  }

  @Test
  void refusesARemoteThatNamesNothingToBuild() throws Exception {
    assertThat(findings(config(), to("refs/heads/master", git.commit(GOOD))))
        .containsExactly("NothingToBuild");
  }

  @ParameterizedTest
  @CsvSource({
    "../web,web/Dockerfile",
    "/etc,web/Dockerfile",
    "web,../Dockerfile",
    "web,/etc/passwd"
  })
  void refusesPathsThatLeadOutOfTheRepository(String path, String dockerfile) throws Exception {
    Target target =
        new Target(Workload.deployment("web"), List.of(container("web", path, dockerfile)));

    assertThat(findings(config(target), to("refs/heads/master", git.commit(GOOD))))
        .containsExactly("InvalidPath");
  }

  @ParameterizedTest
  @CsvSource({"/etc/passwd", "../../../etc/passwd", "../web/Dockerfile"})
  void refusesADockerfileThatIsALinkLeadingOutOrInACircle(String target) throws Exception {
    ObjectId commit =
        git.commit(Map.of("web/Dockerfile", link(target), "web/index.html", file("hello")));
    GitdConfig config =
        config(
            new Target(
                Workload.deployment("web"), List.of(container("web", "web", "web/Dockerfile"))));

    assertThat(findings(config, to("refs/heads/master", commit))).contains("StrayLink");
  }

  @Test
  void refusesSubmodulesAndLfsObjectsThatTheBuildWouldMiss() throws Exception {
    Map<String, TestFile> files =
        Map.of(
            ".gitattributes", file("*.bin filter=lfs diff=lfs merge=lfs -text\n"),
            "web/Dockerfile", file("FROM scratch\n"),
            "web/lib", submodule(),
            "web/big.bin", file("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
            "web/small.bin", file("not a pointer"),
            "docs/theme", submodule());

    assertThat(sentences(config(target("web", "web")), to("refs/heads/master", git.commit(files))))
        .satisfiesExactly(
            it -> assertThat(it).contains("submodules", ": web/lib. ", "git subtree"),
            it -> assertThat(it).contains("Git LFS", ": web/big.bin. ", "git lfs migrate export"));
  }

  @Test
  void buildsWithoutTheSubmoduleThatIsIgnored() throws Exception {
    Map<String, TestFile> files =
        Map.of(
            "web/Dockerfile", file("FROM scratch\n"),
            "web/.dockerignore", file("# docs\n/docs/\n"),
            "web/docs/theme", submodule());

    assertThat(plan(config(target("web", "web")), to("refs/heads/master", git.commit(files))))
        .isInstanceOf(PushPlan.Deploy.class);
  }

  @Test
  void saysThatADockerignoreIsTooLargeToTellWhetherTheSubmoduleIsIgnored() throws Exception {
    Map<String, TestFile> files =
        Map.of(
            "web/Dockerfile", file("FROM scratch\n"),
            "web/.dockerignore", file("/docs/\n".repeat(200_000)),
            "web/docs/theme", submodule());

    assertThat(sentences(config(target("web", "web")), to("refs/heads/master", git.commit(files))))
        .singleElement()
        .asString()
        .endsWith(
            "lacks web/docs/theme, which git keeps elsewhere, and whether web/.dockerignore leaves that out is not read: it is larger than 1 MiB; make it smaller.");
  }

  @Test
  void followsLinksThatStayInside() throws Exception {
    ObjectId commit =
        git.commit(
            Map.of(
                "site", link("web"),
                "web/Dockerfile", link("docker/Dockerfile.web"),
                "web/docker/Dockerfile.web", file("FROM scratch\n"),
                "web/docker/Dockerfile.web.dockerignore", file("*.md\n")));
    Target target =
        new Target(
            Workload.deployment("web"), List.of(container("web", "site", "site/Dockerfile")));

    assertThat(plan(config(target), to("refs/heads/master", commit)))
        .asInstanceOf(type(PushPlan.Deploy.class))
        .extracting(deploy -> deploy.builds().getFirst().source())
        .satisfies(
            source -> {
              assertThat(source.dockerfileName()).isEqualTo("Dockerfile.web");
              assertThat(source.dockerignore()).isNotNull();
            });
  }

  private PushPlan plan(GitdConfig config, RefChange... changes) throws Exception {
    return PushPlanner.plan(List.of(changes), config, git.repository(), CLUSTER, NO_KINDS);
  }

  private List<String> findings(GitdConfig config, RefChange... changes) throws Exception {
    return rejection(config, changes).stream().map(Finding::reason).toList();
  }

  private List<String> sentences(GitdConfig config, RefChange... changes) throws Exception {
    return rejection(config, changes).stream().map(Finding::sentence).toList();
  }

  private List<Finding> rejection(GitdConfig config, RefChange... changes) throws Exception {
    PushPlan plan = plan(config, changes);
    assertThat(plan).isInstanceOf(PushPlan.Reject.class);
    return ((PushPlan.Reject) plan).findings();
  }

  private static RefChange to(String ref, ObjectId commit) {
    return new RefChange(ref, ObjectId.zeroId(), commit);
  }
}
