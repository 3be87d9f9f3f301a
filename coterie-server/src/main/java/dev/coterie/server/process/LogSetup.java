// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Locale;

/// How this program logs: one line per event to standard error, with the time in UTC, the level,
/// the class, what a machine may want to read as `key="value"`, and a sentence. Lines end where the
/// event ends: line breaks inside are replaced, so that nothing from outside can forge a line.
///
/// The environment variable `COTERIE_LOG` sets the level: `error`, `warn`, `info` (the default),
/// `debug`. Values are never logged, keys at `debug` only.
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %kvp %replace(%msg){'[\\r\\n]+','"
          + " | '}%n%ex{short}";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("stderr");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    String wanted = System.getenv().getOrDefault("COTERIE_LOG", "info").toUpperCase(Locale.ROOT);
    context.getLogger("ROOT").setLevel(Level.WARN);
    context.getLogger("dev.coterie").setLevel(Level.toLevel(wanted, Level.INFO));
    context.getLogger("ROOT").addAppender(console);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
