package dev.slipway.demo.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Leaves a row of the table of faults for each test that has passed. */
final class FaultRows implements AfterTestExecutionCallback {
  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    if (context.getExecutionException().isPresent()) {
      return;
    }
    var test = context.getRequiredTestMethod();
    var fault = AnnotationSupport.findAnnotation(test, Fault.class).orElseThrow();
    var shownBy = context.getRequiredTestClass().getSimpleName() + "." + test.getName();
    var what = fault.what().replace("{}", context.getDisplayName());
    var row =
        "| %s | %s | %s | `%s` |%n"
            .formatted(fault.during().words(), what, fault.leaves(), shownBy);
    long order =
        Arrays.stream(Fault.During.values()).filter(it -> it.compareTo(fault.during()) < 0).count();
    var name = "%d-%s-%08x.md".formatted(order, shownBy, what.hashCode());
    var rows = Files.createDirectories(SourceTree.root().resolve("target/faults"));
    Files.writeString(rows.resolve(name), row);
  }
}
