package dev.slipway.demo.cluster.api.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.demo.cluster.api.object.ApiObject;
import dev.slipway.demo.cluster.schema.ResourceName;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final ResourceName MAPS = new ResourceName("", "configmaps");

  private final Store store = new Store();

  @Test
  void givesEveryChangeTheNextRevision() {
    var first = put("a");
    var second = put("b");
    var gone = store.remove(key("a")).orElseThrow();
    assertThat(first.resourceVersion()).isEqualTo("2");
    assertThat(second.resourceVersion()).isEqualTo("3");
    assertThat(gone.resourceVersion()).isEqualTo("4");
  }

  @Test
  void showsObjectsAsTheyWereAtAnEarlierRevision() throws Exception {
    put("a");
    var then = store.revision();
    put("b");
    store.remove(key("a"));
    assertThat(store.listAt(MAPS, "t", then).objects())
        .extracting(ApiObject::name)
        .containsExactly("a");
    assertThat(store.list(MAPS, "t").objects()).extracting(ApiObject::name).containsExactly("b");
  }

  @Test
  void resumesAFeedAfterARevision() throws Exception {
    put("a");
    var then = store.revision();
    put("b");
    try (var feed = store.changes(MAPS, then)) {
      store.remove(key("b"));
      assertThat(feed.next().type()).isEqualTo(Change.Type.ADDED);
      assertThat(feed.next().type()).isEqualTo(Change.Type.DELETED);
    }
  }

  @Test
  void refusesARevisionThatTheLogHasForgotten() {
    for (int i = 0; i < 10_010; i++) {
      put("a");
    }
    assertThatThrownBy(() -> store.changes(MAPS, 2)).isInstanceOf(RevisionTooOld.class);
  }

  private ApiObject put(String name) {
    return store.put(key(name), ApiObject.named("v1", "ConfigMap", "t", name));
  }

  private static Key key(String name) {
    return new Key(MAPS, "t", name);
  }
}
