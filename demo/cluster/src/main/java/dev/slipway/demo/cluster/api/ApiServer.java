package dev.slipway.demo.cluster.api;

import dev.slipway.demo.cluster.ClusterApi;
import dev.slipway.demo.cluster.api.auth.Authenticator;
import dev.slipway.demo.cluster.api.auth.TokenRequests;
import dev.slipway.demo.cluster.api.auth.Tokens;
import dev.slipway.demo.cluster.api.collect.Collector;
import dev.slipway.demo.cluster.api.fault.Faults;
import dev.slipway.demo.cluster.api.http.HttpFrontend;
import dev.slipway.demo.cluster.api.logs.Kubelets;
import dev.slipway.demo.cluster.api.logs.LogEndpoint;
import dev.slipway.demo.cluster.api.pki.CertificateAuthority;
import dev.slipway.demo.cluster.api.policy.LimitRangeAdmission;
import dev.slipway.demo.cluster.api.policy.PodSecurityAdmission;
import dev.slipway.demo.cluster.api.policy.QuotaAdmission;
import dev.slipway.demo.cluster.api.rbac.Authorizer;
import dev.slipway.demo.cluster.api.rbac.CreationCheck;
import dev.slipway.demo.cluster.api.rbac.EscalationCheck;
import dev.slipway.demo.cluster.api.rbac.UsedRights;
import dev.slipway.demo.cluster.api.resource.Definitions;
import dev.slipway.demo.cluster.api.resource.Deletion;
import dev.slipway.demo.cluster.api.resource.Resources;
import dev.slipway.demo.cluster.api.resource.ServiceAccountAdmission;
import dev.slipway.demo.cluster.api.resource.ServiceAddresses;
import dev.slipway.demo.cluster.api.resource.ServiceAllocation;
import dev.slipway.demo.cluster.api.resource.StorageAdmission;
import dev.slipway.demo.cluster.api.review.Reviews;
import dev.slipway.demo.cluster.api.storage.Store;
import dev.slipway.demo.cluster.api.types.ResourceTypes;
import dev.slipway.demo.cluster.tls.TlsIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The embedded Kubernetes API server: HTTPS on a port of the loopback address. */
public final class ApiServer implements ClusterApi {
  private final HttpFrontend frontend;
  private final Faults faults;
  private final UsedRights usedRights;
  private final Collector collector;
  private final Kubelets kubelets;

  private ApiServer(CertificateAuthority authority, ServiceAddresses addresses) throws IOException {
    faults = new Faults(this::stopAnswering, this::answerAgain);
    var clock = faults.clock();
    var store = new Store();
    kubelets = new Kubelets(store, authority.client(TlsIdentity.KUBELET_CLIENT, List.of()));
    var types = new ResourceTypes();
    var deletion = new Deletion(store, clock);
    var tokens = new Tokens(clock);
    var authenticator = new Authenticator(authority, tokens, store, clock);
    var authorizer = new Authorizer(store);
    usedRights = authorizer.used();
    var resources =
        new Resources(
            store,
            List.of(
                new ServiceAllocation(store, addresses),
                new ServiceAccountAdmission(store),
                new StorageAdmission(store),
                new LimitRangeAdmission(store),
                new PodSecurityAdmission(store),
                new QuotaAdmission(store),
                new CreationCheck(authorizer),
                new EscalationCheck(authorizer)),
            deletion,
            clock);
    var actions =
        new PodAndAccountActions(store, resources, new TokenRequests(tokens, clock), clock);
    var routes =
        new ResourceRoutes(
            authorizer,
            faults,
            resources,
            actions,
            new Reviews(authorizer, authenticator),
            new LogEndpoint(kubelets),
            clock);
    var router = new Router(authenticator, authorizer, types, routes);
    new Definitions(types, store, clock).follow();
    collector = Collector.start(store, types, deletion);
    new FirstObjects(store, types, clock).create();
    store.forgetHistory();
    frontend =
        HttpFrontend.start(
            authority
                .server(
                    "kube-apiserver",
                    "127.0.0.1",
                    "localhost",
                    "kubernetes",
                    "kubernetes.default",
                    "kubernetes.default.svc",
                    "kubernetes.default.svc.cluster.local")
                .contextForAnybody(),
            router);
  }

  /**
   * Starts on a free port of the loopback address.
   *
   * @param authority whose certificates it shows and trusts
   * @param addresses gives Services their addresses
   */
  public static ApiServer start(CertificateAuthority authority, ServiceAddresses addresses) {
    try {
      return new ApiServer(authority, addresses);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the API server on loopback", e);
    }
  }

  @Override
  public String url() {
    return "https://127.0.0.1:" + frontend.port();
  }

  /** What a test makes go wrong. */
  @Override
  public Faults faults() {
    return faults;
  }

  @Override
  public UsedRights usedRights() {
    return usedRights;
  }

  private void stopAnswering() {
    try {
      frontend.refuse();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep port " + frontend.port(), e);
    }
  }

  private void answerAgain() {
    try {
      frontend.reopen();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on port " + frontend.port() + " again", e);
    }
  }

  @Override
  public void close() {
    frontend.close();
    collector.close();
    kubelets.close();
  }
}
