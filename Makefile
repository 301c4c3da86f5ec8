# Every command that the README and CI name. JDK 25 is found wherever it is installed.
JAVA_HOME := $(shell sh .mvn/find-jdk 25)
export JAVA_HOME
MVN := mvn -B -ntp

.PHONY: test lint crd
test: .jdk
	$(MVN) verify

lint: .jdk
	$(MVN) spotless:apply

# Writes crd/remote.yaml anew from the records.
crd: .jdk
	$(MVN) -q -pl crd test -Dtest=RemoteYamlTest -Dslipway.crd.write=true

.PHONY: .jdk
.jdk:
	@test -n "$(JAVA_HOME)" || { echo "Slipway needs JDK 25 and found none: install one (Debian: temurin-25-jdk, or openjdk-25-jdk) or set JAVA_HOME."; exit 1; }
