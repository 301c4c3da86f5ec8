package dev.slipway.crd.log;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Has a process write {@link JsonLines} to its standard output, unless it is given a file of its
 * own by {@code -Dlogback.configurationFile}.
 *
 * <p>In Java, because reading the same out of XML is a part of each start that can be measured.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    var lines = new JsonLines();
    lines.setContext(context);
    lines.start();
    var out = new ConsoleAppender<ILoggingEvent>();
    out.setContext(context);
    out.setEncoder(lines);
    out.start();
    context.getLogger("io.fabric8").setLevel(Level.WARN);
    // Strangers at the door make MINA warn; gitd itself leaves a line about each of them.
    context.getLogger("org.apache.sshd").setLevel(Level.ERROR);
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(out);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
