package dev.slipway.demo.cluster.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.schema.Kind;
import dev.slipway.demo.cluster.schema.Rejected;
import org.junit.jupiter.api.Test;

class StrategicMergePatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void mergesListsByTheirKey() {
    assertThat(
            patch(
                "Pod",
                "{'spec': {'containers': [{'name': 'a', 'image': 'old'}, {'name': 'b'}]}}",
                "{'spec': {'containers': [{'name': 'a', 'image': 'new'}]}}"))
        .isEqualTo(
            object("{'spec': {'containers': [{'name': 'a', 'image': 'new'}, {'name': 'b'}]}}"));
  }

  @Test
  void bringsElementsIntoTheOrderThatIsAskedFor() {
    assertThat(
            patch(
                "Pod",
                "{'spec': {'containers': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}]}}",
                "{'spec': {'$setElementOrder/containers': [{'name': 'c'}, {'name': 'a'}]}}"))
        .isEqualTo(
            object("{'spec': {'containers': [{'name': 'b'}, {'name': 'c'}, {'name': 'a'}]}}"));
  }

  @Test
  void deletesFromPrimitiveLists() {
    assertThat(
            patch(
                "Pod",
                "{'metadata': {'finalizers': ['a', 'b']}}",
                "{'metadata': {'$deleteFromPrimitiveList/finalizers': ['a']}}"))
        .isEqualTo(object("{'metadata': {'finalizers': ['b']}}"));
  }

  @Test
  void addsToPrimitiveListsOnce() {
    assertThat(
            patch(
                "Pod",
                "{'metadata': {'finalizers': ['a']}}",
                "{'metadata': {'finalizers': ['a', 'b']}}"))
        .isEqualTo(object("{'metadata': {'finalizers': ['a', 'b']}}"));
  }

  @Test
  void keepsOnlyTheKeysThatAreRetained() {
    assertThat(
            patch(
                "Pod",
                "{'spec': {'volumes': [{'name': 'v', 'emptyDir': {}}]}}",
                "{'spec': {'volumes': [{'$retainKeys': ['name', 'secret'], 'name': 'v',"
                    + " 'secret': {'secretName': 's'}}]}}"))
        .isEqualTo(object("{'spec': {'volumes': [{'name': 'v', 'secret': {'secretName': 's'}}]}}"));
  }

  @Test
  void removesWhatIsNull() {
    assertThat(
            patch(
                "Pod",
                "{'metadata': {'labels': {'a': '1', 'b': '2'}}}",
                "{'metadata': {'labels': {'a': null, 'none': null}}}"))
        .isEqualTo(object("{'metadata': {'labels': {'b': '2'}}}"));
  }

  @Test
  void refusesAnElementWithoutItsKey() {
    assertThatThrownBy(
            () -> patch("Pod", "{'spec': {}}", "{'spec': {'containers': [{'image': 'x'}]}}"))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("does not contain declared merge key: name");
  }

  private static ObjectNode patch(String kind, String original, String patch) {
    Kind rules = Kind.builtIn("", "v1", kind).orElseThrow();
    return StrategicMergePatch.apply(rules.schema(), object(original), object(patch));
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
