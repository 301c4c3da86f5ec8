package dev.slipway.hooks.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How refusals of the API server are told. */
class ClusterAnswerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      textBlock =
          """
          deployments.apps "web" is forbidden: User "system:serviceaccount:default:dev-gitd" cannot patch resource "deployments" in API group "apps" in the namespace "default" | gitd has no right to patch deployments.apps "web"; the controller gives it, see the conditions of the Remote
          jobs.batch is forbidden: User "system:serviceaccount:default:dev-gitd" cannot create resource "jobs" in API group "batch" in the namespace "default" | gitd has no right to create jobs.batch; the controller gives it, see the conditions of the Remote
          pods "web" is forbidden: exceeded quota: q | pods "web" is forbidden: exceeded quota: q
          """)
  void tellsRightsFromOtherRefusals(String message, String words) {
    KubernetesClientException refusal =
        new KubernetesClientException(
            new StatusBuilder().withCode(403).withMessage(message).build());

    assertThat(ClusterAnswer.words(refusal)).isEqualTo(words);
  }
}
