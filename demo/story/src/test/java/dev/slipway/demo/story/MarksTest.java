package dev.slipway.demo.story;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTest {
  @ParameterizedTest
  @ValueSource(strings = {"%s", "user:%s", "u:%s@host", "ab%s", "a%s, b", "{\"auth\": \"%s\"}"})
  void findsASecretInBase64WhateverStandsAround(String around) {
    var marks = new Marks();
    String text = around.formatted(marks.make("password"));

    assertThat(marks.in(text)).containsExactly("password");
    assertThat(marks.in(Base64.getEncoder().encodeToString(text.getBytes(UTF_8))))
        .containsExactly("password");
    assertThat(marks.in("mark")).isEmpty();
  }
}
