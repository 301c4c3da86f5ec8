package dev.slipway.hooks;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A registry behind a certificate that no public CA has signed. */
public record TlsRegistry(HttpsServer server, String certificate) implements AutoCloseable {
  /** Of loopback, and not one of the addresses that builders speak plain HTTP with. */
  private static final String ADDRESS = "127.0.0.2";

  private static final char[] PASSWORD = "password".toCharArray();

  /** One that lets nobody in. */
  static TlsRegistry thatRefuses(Path files)
      throws IOException, GeneralSecurityException, InterruptedException {
    return answering(
        files,
        exchange -> {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
          exchange.sendResponseHeaders(401, -1);
        });
  }

  public static TlsRegistry answering(Path files, HttpHandler handler)
      throws IOException, GeneralSecurityException, InterruptedException {
    KeyStore keys = keys(files.resolve("registry.p12"));
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", handler);
    server.start();
    String encoded =
        Base64.getMimeEncoder().encodeToString(keys.getCertificate("registry").getEncoded());
    return new TlsRegistry(
        server, "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(encoded));
  }

  private static KeyStore keys(Path store)
      throws IOException, GeneralSecurityException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=registry",
                "-ext",
                "san=ip:" + ADDRESS,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool ended with " + keytool.exitValue());
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  public String host() {
    return ADDRESS + ":" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
