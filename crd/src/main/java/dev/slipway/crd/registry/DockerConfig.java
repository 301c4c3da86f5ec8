package dev.slipway.crd.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The logins of a registry Secret, in whichever of Docker's forms they were written: {@code
 * config.json} or the older {@code .dockercfg}, a host or a URL as key, one encoded field or two.
 */
public final class DockerConfig {
  /** The key under which every tool looks for Docker Hub, and some under no other. */
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern KEY =
      Pattern.compile("(?:[A-Za-z]+://)?([^/]+)(?:/v[12])?(?:/(.*?))?/*");

  /** What one key says; the path is empty unless the login is for a part of a registry only. */
  private record Entry(String host, String path, ObjectNode json, RegistryLogin login) {
    boolean isAbout(ImageLocation image) {
      return host.equals(image.host())
          && (path.isEmpty() || (image.repository() + "/").startsWith(path + "/"));
    }
  }

  private final List<Entry> entries;
  private final NavigableSet<String> helpers;

  private DockerConfig(List<Entry> entries, NavigableSet<String> helpers) {
    this.entries = entries;
    this.helpers = helpers;
  }

  /** Reads either form. */
  public static DockerConfig parse(String text) throws InvalidDockerConfigException {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // Its message would quote the text.
      throw new InvalidDockerConfigException("it is no JSON");
    }
    if (!(tree instanceof ObjectNode config)) {
      throw new InvalidDockerConfigException("it is no JSON object");
    }
    NavigableSet<String> helpers = new TreeSet<>();
    config.path("credHelpers").forEach(it -> helpers.add(it.asText()));
    config.path("credsStore").asText("").lines().forEach(helpers::add);
    boolean isNewer = config.has("auths") || !helpers.isEmpty();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each :
        (isNewer ? config.path("auths") : config).properties()) {
      Matcher key = KEY.matcher(each.getKey().strip());
      if (key.matches() && each.getValue() instanceof ObjectNode json) {
        String path = key.group(2) == null ? "" : key.group(2);
        entries.add(new Entry(ImageLocation.host(key.group(1)), path, json, login(json)));
      }
    }
    // For one image the most special login first; the rest only has to be the same every time.
    entries.sort(
        Comparator.comparingInt((Entry it) -> -it.path().length()).thenComparing(Entry::path));
    return new DockerConfig(List.copyOf(entries), helpers);
  }

  private static RegistryLogin login(ObjectNode json) throws InvalidDockerConfigException {
    String user = json.path("username").asText("");
    String password = json.path("password").asText("");
    String auth = json.path("auth").asText("").strip();
    if (!auth.isEmpty()) {
      String decoded = decoded(auth);
      int colon = decoded.indexOf(':');
      if (colon < 1) {
        throw new InvalidDockerConfigException("an auth in it is not user:password in base64");
      }
      user = decoded.substring(0, colon);
      password = decoded.substring(colon + 1).replaceFirst("\0+$", "");
    }
    return new RegistryLogin(
        user,
        password,
        json.path("identitytoken").asText(""),
        json.path("registrytoken").asText(""));
  }

  private static String decoded(String auth) throws InvalidDockerConfigException {
    try {
      return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidDockerConfigException("an auth in it is not in base64");
    }
  }

  /** The registries that it has a login for. */
  public NavigableSet<String> hosts() {
    return hosts(it -> it.login().isGiven());
  }

  /** The registries that it names without a login, as after {@code docker login} with a helper. */
  public NavigableSet<String> hostsWithoutLogin() {
    NavigableSet<String> hosts = hosts(it -> true);
    hosts.removeAll(hosts());
    return hosts;
  }

  /** The programs on somebody's machine that keep logins instead of it. */
  public NavigableSet<String> helpers() {
    return helpers;
  }

  /** What an image is pushed with: the login of the longest path that leads to it. */
  public Optional<RegistryLogin> login(ImageLocation image) {
    return entry(image).map(Entry::login);
  }

  /**
   * The same as a {@code config.json} that every builder reads: one login for each registry under
   * its usual key, and no helpers, which are not in a builder.
   *
   * @param image whose login comes first where a registry has several
   * @return holds secrets
   */
  public String forBuilder(ImageLocation image) {
    Map<String, ObjectNode> auths = new TreeMap<>();
    entries.reversed().stream()
        .filter(it -> it.login().isGiven())
        .forEach(it -> auths.put(key(it.host()), it.json()));
    entry(image).ifPresent(it -> auths.put(key(it.host()), it.json()));
    ObjectNode config = JSON.createObjectNode();
    config.putObject("auths").setAll(auths);
    return config.toString();
  }

  /** A login for another path of the same registry is better than none. */
  private Optional<Entry> entry(ImageLocation image) {
    List<Entry> given =
        entries.stream()
            .filter(it -> it.login().isGiven() && it.host().equals(image.host()))
            .toList();
    return given.stream()
        .filter(it -> it.isAbout(image))
        .findFirst()
        .or(() -> given.stream().findFirst());
  }

  private NavigableSet<String> hosts(Predicate<Entry> which) {
    return entries.stream()
        .filter(which)
        .map(Entry::host)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String key(String host) {
    return host.equals(ImageLocation.DOCKER_HUB) ? DOCKER_HUB_KEY : host;
  }
}
