# Every command that the README and CI name. JDK 25 is found wherever it is installed.
JAVA_HOME := $(shell sh .mvn/find-jdk 25)
export JAVA_HOME
MVN := mvn -B
SOURCES := $(shell find crd hooks gitd controller demo -name target -prune -o -type f -print) pom.xml

# Whose API the embedded cluster has: API=real takes kube-apiserver and etcd from the directory
# KUBEBUILDER_ASSETS, else from ~/.kubeapitest, else downloads them there.
API := embedded
export SLIPWAY_API := $(API)

# The demo lives for minutes: no second compiler, and classes as a run before the first one has left
# them. A cache that is missing or does not fit, as for another JDK, is passed over in silence.
DEMO_CACHE := demo/story/target/demo.aot
DEMO = "$(JAVA_HOME)/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
  --sun-misc-unsafe-memory-access=allow -Xlog:disable -Xlog:all=error:stderr -Xlog:aot*=off:stderr $(1) \
  -cp "$$(printf '%s:' demo/story/target/lib/*.jar)" dev.slipway.demo.story.DemoMain

.PHONY: demo test shake faults test-long fuzz lint crd manifests bench e2e images classes
demo: $(DEMO_CACHE)
	@demo/tools demo
	@$(call DEMO,-XX:AOTCache=$(DEMO_CACHE)) $(if $(ONCE),--once) || { code=$$?; [ $$code = 130 ] || exit $$code; }

test: .jdk
	@demo/tools test
	@rm -rf target/faults
	$(MVN) -ntp verify
	@[ "$(API)" != embedded ] || demo/faults --check

# Writes the table of docs/reliability.md from what the last make test has seen.
faults:
	@demo/faults

# Runs the tests with real parts on embedded clusters where what is watched, asked for and started comes
# late, each time by another time: who takes an order for granted that nobody promises is found out.
SEED := 1
SHAKEN := dev/slipway/hooks/**/*IT,dev/slipway/gitd/**/*IT,dev/slipway/controller/**/*IT,dev/slipway/demo/story/*IT
shake: .jdk
	@demo/tools test
	SLIPWAY_SHAKE=$(SEED) $(MVN) -ntp verify -Dtest=none -Dit.test='$(SHAKEN)' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

# What takes minutes: packs of 200 MB and 100,000 files through a gitd with the heap of its pod, with
# times and memory; kill -9 of gitd at every step of a push; a search for marked secrets in all that
# pushes of every kind leave behind.
test-long: .jdk
	@demo/tools test-long
	$(MVN) -q -pl gitd -am test -Dtest=LargePushes -Dsurefire.failIfNoSpecifiedTests=false
	$(MVN) -ntp -pl demo/story -am verify -Dtests.excluded=none -Dtest=none -Dit.test=KilledPushIT,SecretsIT \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

# Fuzzes with Jazzer what meets strangers' bytes, TIME for each of the fuzz tests whose names have
# TARGET in them; make test does a short run of each without it. docs/decisions/fuzzing.md
TIME := 60s
TARGET :=
fuzz: .jdk
	@.mvn/fuzz $(TIME) $(TARGET)

# Installs Slipway on the cluster of the current KUBECONFIG, plays the story and the main failures there,
# and takes away what it has made. docs/e2e.md
IMAGES := $(REGISTRY)
BUILDER :=
BENCH :=
REACH := PORT_FORWARD
e2e: demo/story/target/lib/.complete
	@test -n "$(REGISTRY)" || { echo "make e2e needs a registry that it can push to and the cluster can pull from: make e2e REGISTRY=<host>[:<port>]/<name>"; exit 1; }
	@for tool in kubectl git ssh curl; do command -v $$tool > /dev/null || { echo "$$tool is missing; install it."; exit 1; }; done
	@"$(JAVA_HOME)/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
	  -cp "$$(printf '%s:' demo/story/target/lib/*.jar)" dev.slipway.demo.story.E2eMain \
	  --registry='$(REGISTRY)' $(if $(PULL_REGISTRY),--pull-registry='$(PULL_REGISTRY)') \
	  $(if $(INSECURE),--insecure) $(if $(LOGIN),--docker-config='$(LOGIN)') --reach=$(REACH) \
	  --controller-image='$(IMAGES)/controller:$(TAG)' --gitd-image='$(IMAGES)/gitd:$(TAG)' $(if $(BUILDER),--builder-image='$(BUILDER)') \
	  $(if $(BENCH),--bench='$(BENCH)')

# Prints how fast the embedded cluster is: ready three times, as for make demo, then empty and full;
# what pushes and connections cost with gitd and with OpenSSH and C git; contexts against git archive;
# how long a push takes whose image is unchanged, one that is built, and the same by hand; how late its
# lines come; what gitd takes; what REMOTES cost the controller that are created at once. Then all rows
# in one table.
REMOTES := 500,2000
bench: $(DEMO_CACHE) images
	@demo/tools bench
	@rm -f target/bench.md
	@for run in 1 2 3; do $(call DEMO,-XX:AOTCache=$(DEMO_CACHE)) --until-ready | tail -1 || exit 1; done
	$(MVN) -q -pl demo/cluster -am test -Dtest=ClusterBench -Dsurefire.failIfNoSpecifiedTests=false
	$(MVN) -q -ntp -pl controller -am test -Dtest=ScaleBench -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dslipway.bench.remotes=$(REMOTES) -Djvm.brief=-XX:+UseParallelGC
	$(MVN) -q -ntp -pl gitd -am test -Dtest=TransportBench,ContextBench -Dsurefire.failIfNoSpecifiedTests=false
	$(MVN) -q -ntp -pl demo/story -am verify -Dtest=none \
	  -Dit.test=ReuseBench,PushBench,LogLineBench,FootprintBench -Dslipway.images='$(CURDIR)/images/target' \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
	@demo/table

lint: .jdk
	$(MVN) -ntp -q spotless:apply

# All jars in one folder: what the demo runs from.
demo/story/target/lib/.complete: $(SOURCES) | .jdk
	$(MVN) -DskipTests package -pl demo/story -am
	cp demo/story/target/slipway-demo-story-*.jar demo/story/target/lib/
	demo/unsign demo/story/target/lib/bc*.jar
	touch $@

# The demo without its story, once, for the classes that it needs.
$(DEMO_CACHE): demo/story/target/lib/.complete
	@demo/tools demo
	@echo "Starting once to record what a start needs …"
	@SLIPWAY_API=embedded timeout -k 9 300 $(call DEMO,-XX:AOTCacheOutput=$@) --until-ready > $@.log 2>&1 || :
	@test -s $@ || : > $@

# Builds the images of controller and gitd without a Docker daemon: archives in images/target, pushed to
# REGISTRY=host[:port]/name if there is one. docs/decisions/images.md
REGISTRY :=
BASE :=
INSECURE :=
TAG := $(shell sed -n '/<artifactId>slipway</{n;s|.*<version>\(.*\)</version>|\1|p;}' pom.xml)
images: .jdk
	$(MVN) -q -ntp -DskipTests package -pl images -am
	@"$(JAVA_HOME)/bin/java" --sun-misc-unsafe-memory-access=allow \
	  -cp 'images/target/classes:images/target/tool/*:images/target/app/*' \
	  dev.slipway.images.ImagesMain --target=images/target --tag='$(TAG)' --base='$(BASE)' \
	  --registry='$(REGISTRY)' $(if $(INSECURE),--insecure)

# Writes the list anew out of which the class archive of gitd's image is made.
classes: images
	@demo/tools classes
	$(MVN) -q -ntp -pl demo/story -am verify -Dtest=none -Dit.test=LoadedClasses \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
	  -Dslipway.images='$(CURDIR)/images/target' \
	  -Dslipway.gitd.options=-XX:DumpLoadedClassList=/var/lib/slipway/loaded.%t

# Writes crd/remote.yaml and docs/reference.md anew from the records, and the chart's copy of the former.
crd: .jdk
	$(MVN) -q -pl crd -am test -Dtest=RemoteYamlTest,RemoteReferenceTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dslipway.crd.write=true
	cp crd/remote.yaml charts/slipway/crds/remote.yaml

# Writes deploy/*.yaml anew from the chart.
manifests: .jdk
	$(MVN) -q -pl hooks -am test -Dtest=SlipwayChartTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dslipway.manifests.write=true

.PHONY: .jdk
.jdk:
	@test -n "$(JAVA_HOME)" || { echo "Slipway needs JDK 25 and found none: install one (Debian: temurin-25-jdk, or openjdk-25-jdk) or set JAVA_HOME."; exit 1; }
