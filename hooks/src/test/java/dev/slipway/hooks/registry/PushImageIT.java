package dev.slipway.hooks.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.demo.cluster.image.Registry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a builder has left in a file gets into a real registry. */
class PushImageIT {
  private static final String LOGIN =
      Base64.getEncoder().encodeToString("ana:s3cret".getBytes(UTF_8));
  private static final HttpClient http = HttpClient.newHttpClient();

  @TempDir static Path registryFiles;
  @TempDir Path files;
  private static Registry registry;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "the registry's sandbox needs root");
    registry = Registry.start(registryFiles, Optional.of(new Registry.Login("ana", "s3cret")));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void theImageIsThereByTheDigestThatIsSaid() throws Exception {
    String image = registry.host() + "/team/web:1";

    assertThat(push(image, archive(), LOGIN)).isZero();

    HttpResponse<String> manifest = get("/v2/team/web/manifests/" + said());
    JsonNode json = new ObjectMapper().readTree(manifest.body());
    assertThat(json.findValuesAsText("mediaType"))
        .containsExactly(
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.diff.tar");
    assertThat(get("/v2/team/web/blobs/" + json.at("/layers/1/digest").asText()).body())
        .isEqualTo("layer two");
    assertThat(get("/v2/team/web/manifests/1").headers().firstValue("Docker-Content-Digest"))
        .contains(said());

    String first = said();
    assertThat(push(image, archive(), LOGIN)).isZero();
    assertThat(said()).isEqualTo(first);
  }

  @Test
  void aWrongPasswordIsSaidSo() throws Exception {
    String wrong = Base64.getEncoder().encodeToString("ana:wrong".getBytes(UTF_8));

    assertThat(push(registry.host() + "/team/web:2", archive(), wrong)).isEqualTo(1);

    assertThat(said())
        .startsWith("the registry refuses the push: ")
        .contains("UNAUTHORIZED")
        .endsWith("check spec.registry.credentials of the Remote.")
        .doesNotContain("wrong", wrong);
  }

  @Test
  void whatIsNoArchiveIsSaidSo() throws Exception {
    assertThat(push(registry.host() + "/team/web:3", "nonsense".getBytes(UTF_8), LOGIN))
        .isEqualTo(1);

    assertThat(said()).startsWith("what the builder has left is no image that can be pushed: ");
  }

  private int push(String image, byte[] archive, String login) throws IOException {
    Path file = Files.write(files.resolve("image.tar"), archive);
    Path credentials =
        Files.writeString(
            files.resolve("config.json"),
            "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(registry.host(), login));
    return new CommandLine(new PushImage())
        .execute(
            "--archive=" + file,
            "--image=" + image,
            "--credentials=" + credentials,
            "--termination-log=" + files.resolve("said"));
  }

  private String said() throws IOException {
    return Files.readString(files.resolve("said"));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + registry.host() + path))
            .header("Authorization", "Basic " + LOGIN)
            .header("Accept", ImageArchive.MANIFEST_TYPE)
            .build(),
        BodyHandlers.ofString());
  }

  /** As Kaniko writes it, with one layer as others write it. */
  private static byte[] archive() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      add(tar, "sha256:config", "{\"architecture\": \"amd64\"}".getBytes(UTF_8));
      var layer = new ByteArrayOutputStream();
      try (OutputStream gzip = new GZIPOutputStream(layer)) {
        gzip.write("layer one".getBytes(UTF_8));
      }
      add(tar, "1.tar.gz", layer.toByteArray());
      add(tar, "2.tar", "layer two".getBytes(UTF_8));
      add(
          tar,
          "manifest.json",
          """
          [{"Config": "sha256:config", "RepoTags": ["x:y"], "Layers": ["1.tar.gz", "2.tar"]}]
          """
              .getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
