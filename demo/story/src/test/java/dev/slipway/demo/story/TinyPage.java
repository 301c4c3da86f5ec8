package dev.slipway.demo.story;

import java.io.IOException;

/** A tiny image that serves one page, in a playground of its own, with a registry that is asked. */
record TinyPage(Playground playground, Checkout checkout) {
  private static final String PAGE = "page/index.html";

  /** Lays it out, to be pushed first. */
  static TinyPage layOut(String namespace, SharedSlipway shared) throws IOException {
    Playground playground = Playground.layOut(namespace, shared);
    playground.letGitdAskTheRegistry();
    Checkout checkout =
        playground
            .checkout()
            .write(
                "Dockerfile",
                """
                FROM busybox:stable
                RUN echo tools > /tools
                COPY page/ /srv/
                CMD ["httpd", "-f", "-p", "8080", "-h", "/srv"]
                """);
    TinyPage page = new TinyPage(playground, checkout);
    page.change("first");
    return page;
  }

  /** Pushes it, and deploys it by hand. */
  PushRace race() {
    return new PushRace(playground.stage(), checkout.folder(), "", PAGE, playground.namespace());
  }

  /** Commits another text. */
  void change(String text) {
    checkout.write(PAGE, text).commit(text);
  }
}
