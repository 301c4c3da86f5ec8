package dev.slipway.demo.cluster.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.projectnessie.cel.Env;
import org.projectnessie.cel.EnvOption;
import org.projectnessie.cel.Program;
import org.projectnessie.cel.checker.Decls;
import org.projectnessie.cel.common.types.Err;
import org.projectnessie.cel.common.types.ref.Val;
import org.projectnessie.cel.extension.StringsLib;

/**
 * A compiled expression over {@code self} and {@code oldSelf}. The library is loaded with the first
 * one, and each is compiled once.
 */
record CelExpression(Program program) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, CelExpression> COMPILED = new ConcurrentHashMap<>();

  /** An expression that cannot be compiled or evaluated. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  static CelExpression of(String expression) throws Failed {
    CelExpression known = COMPILED.get(expression);
    if (known == null) {
      known = compile(expression);
      COMPILED.put(expression, known);
    }
    return known;
  }

  private static CelExpression compile(String expression) throws Failed {
    Env environment =
        Env.newEnv(
            EnvOption.declarations(
                Decls.newVar("self", Decls.Dyn), Decls.newVar("oldSelf", Decls.Dyn)),
            StringsLib.strings());
    Env.AstIssuesTuple compiled = environment.compile(expression);
    if (compiled.hasIssues()) {
      throw new Failed("compilation failed: " + compiled.getIssues());
    }
    return new CelExpression(environment.program(compiled.getAst()));
  }

  boolean isTrue(JsonNode self, @Nullable JsonNode oldSelf) throws Failed {
    return evaluate(self, oldSelf).booleanValue();
  }

  String text(JsonNode self, @Nullable JsonNode oldSelf) throws Failed {
    return String.valueOf(evaluate(self, oldSelf).value());
  }

  private Val evaluate(JsonNode self, @Nullable JsonNode oldSelf) throws Failed {
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", plain(self));
    if (oldSelf != null) {
      variables.put("oldSelf", plain(oldSelf));
    }
    Val value = program.eval(variables).getVal();
    if (Err.isError(value)) {
      throw new Failed(value.toString());
    }
    return value;
  }

  private static Object plain(JsonNode node) {
    return JSON.convertValue(node, Object.class);
  }
}
