package dev.slipway.controller;

import dev.slipway.controller.model.DesiredState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every object that is made for a Remote. */
class DesiredStateTest {
  private static final GoldenFiles FILES = GoldenFiles.in("desired");

  static List<String> cases() throws IOException {
    return FILES.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void buildsEveryObject(String name) throws IOException {
    DesiredState desired = GoldenInput.read(FILES.input(name)).desired();
    Stream<HasMetadata> objects =
        Stream.concat(
            Stream.of(desired.hostKey(), desired.repository()), desired.others().stream());
    FILES.verify(
        name, objects.map(GoldenInput.SERIALIZATION::asYaml).collect(Collectors.joining()));
  }
}
