// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The rules that keep a run a function of its seed: which parts of the JDK the core, the codec and
/// the simulated world may not touch. Two runs of one seed, in two JVMs, must take the same steps;
/// each ban names what would part them.
///
/// @param bans what is forbidden
/// @param exemptions where a ban does not hold
public record Determinism(List<Ban> bans, List<Exemption> exemptions) {

  /// A whole package in which one ban does not hold.
  ///
  /// @param what the ban's own text
  /// @param inPackage the package, those below it included
  public record Exemption(String what, String inPackage) {}

  private static final String TIME = "time enters only as the argument of step; ask for a timer";
  private static final String THREADS =
      "a shard is turned by one thread that its host owns; nothing here waits, locks or shares";
  private static final String OUTSIDE =
      "files and sockets belong behind Store and Transport; here they are effects";
  private static final String RANDOM = "randomness comes only from the Prng that was handed in";
  private static final String ORDER =
      "its iteration order differs between JVMs; use LinkedHashMap, TreeMap, EnumMap or a list";
  private static final String FLOATING =
      "its last bit differs between JVMs; use integers or StrictMath";
  private static final String PLACE =
      "the answer depends on the machine or on how it was started; take it from the configuration";
  private static final String LOCALE = "the text depends on the machine's locale; pass Locale.ROOT";
  private static final String COLLECTOR =
      "it collects into a hash table; use the overload with a map factory, or toCollection";
  private static final String IDENTITY = "identity hashes and garbage collection differ by run";

  private static final String LOCALE_TYPE = Locale.class.getName();

  /// The list of STYLE 1.3, with its near relations.
  public static Determinism rules() {
    List<Ban> bans = new ArrayList<>();
    ban(bans, TIME, "java.lang.System#nanoTime", "java.lang.System#currentTimeMillis");
    ban(bans, TIME, "java.time.*#now", "java.time.Clock#system*", "java.time.Clock#tick*");
    ban(bans, TIME, "java.util.Date#<init>", "java.util.Timer*");
    ban(
        bans,
        THREADS,
        "java.lang.Thread*",
        "java.lang.InheritableThreadLocal",
        "java.util.concurrent.**");
    ban(bans, THREADS, Use.SYNCHRONIZED, "java.lang.Object#wait", "java.lang.Object#notify*");
    ban(
        bans,
        THREADS,
        "java.util.*#parallelStream",
        "java.util.stream.*#parallel",
        "java.util.Arrays#parallel*");
    ban(bans, OUTSIDE, "java.io.**", "java.net.**", "java.nio.file.**", "java.nio.channels.**");
    ban(bans, OUTSIDE, "java.lang.System#out", "java.lang.System#err", "java.lang.System#in");
    ban(bans, RANDOM, "java.lang.Math#random", "java.util.Random", "java.util.SplittableRandom");
    ban(
        bans,
        RANDOM,
        "java.util.random.**",
        "java.security.SecureRandom",
        "java.util.UUID#randomUUID");
    ban(bans, RANDOM, "java.util.Collections#shuffle");
    ban(bans, ORDER, "java.util.HashMap", "java.util.HashSet", "java.util.Hashtable");
    ban(bans, ORDER, "java.util.IdentityHashMap", "java.util.WeakHashMap");
    ban(bans, ORDER, "java.util.Set#of", "java.util.Set#copyOf");
    ban(bans, ORDER, "java.util.Map#of", "java.util.Map#ofEntries", "java.util.Map#copyOf");
    ban(
        bans,
        COLLECTOR,
        "java.util.stream.Collectors#toSet",
        "java.util.stream.Collectors#toUnmodifiable*");
    ban(
        bans,
        COLLECTOR,
        "java.util.stream.Collectors#toConcurrentMap",
        "java.util.stream.Collectors#groupingByConcurrent");
    bans.add(
        new Ban(
            "java.util.stream.Collectors#toMap", parameters -> parameters.size() < 4, COLLECTOR));
    bans.add(
        new Ban(
            "java.util.stream.Collectors#groupingBy",
            parameters -> parameters.size() < 3,
            COLLECTOR));
    ban(bans, IDENTITY, "java.lang.System#identityHashCode", "java.lang.ref.**");
    ban(
        bans,
        PLACE,
        "java.lang.System#getProp*",
        "java.lang.System#getenv",
        "java.lang.System#lineSeparator");
    ban(
        bans,
        PLACE,
        "java.lang.Integer#getInteger",
        "java.lang.Long#getLong",
        "java.lang.Boolean#getBoolean");
    ban(bans, PLACE, "java.lang.Runtime", "java.lang.Process*", "java.nio.ByteOrder#nativeOrder");
    ban(
        bans,
        PLACE,
        "java.util.TimeZone#getDefault",
        "java.time.ZoneId#systemDefault",
        "java.nio.charset.Charset#defaultCharset");
    ban(bans, FLOATING, "java.lang.Math#log*", "java.lang.Math#exp*", "java.lang.Math#pow");
    ban(bans, FLOATING, "java.lang.Math#sin*", "java.lang.Math#cos*", "java.lang.Math#tan*");
    ban(
        bans,
        FLOATING,
        "java.lang.Math#asin",
        "java.lang.Math#acos",
        "java.lang.Math#atan*",
        "java.lang.Math#cbrt",
        "java.lang.Math#hypot");
    ban(bans, LOCALE, "java.util.Locale#getDefault", "java.lang.String#formatted", "java.text.**");
    for (String method : List.of("java.lang.String#format", "java.util.Formatter#<init>")) {
      bans.add(new Ban(method, parameters -> !parameters.contains(LOCALE_TYPE), LOCALE));
    }
    for (String method : List.of("java.lang.String#toLowerCase", "java.lang.String#toUpperCase")) {
      bans.add(new Ban(method, List::isEmpty, LOCALE));
    }
    return new Determinism(List.copyOf(bans), List.of());
  }

  private static void ban(List<Ban> bans, String reason, String... patterns) {
    for (String pattern : patterns) {
      bans.add(Ban.of(pattern, reason));
    }
  }

  /// These rules, but `what` may be used in `inPackage` and below.
  public Determinism allowing(String what, String inPackage) {
    if (bans.stream().noneMatch(ban -> ban.what().equals(what))) {
      throw new IllegalArgumentException("there is no ban on '" + what + "' to be exempt from");
    }
    List<Exemption> more = new ArrayList<>(exemptions);
    more.add(new Exemption(what, inPackage));
    return new Determinism(bans, List.copyOf(more));
  }

  /// Judges the classes that a module's build left.
  ///
  /// @param classes the folder of class files
  /// @param sources the root of the sources they came from, where permits are looked up
  public Judgement judge(Path classes, Path sources) {
    JavaClasses imported = new ClassFileImporter().importPath(classes);
    Sources comments = Sources.read(sources);
    // One finding for a line and a ban, though the class file shows a type, its constructor and
    // more.
    Map<String, String> findings = new TreeMap<>();
    Stream.concat(imported.stream().flatMap(Use::of), comments.synchronizedUses().stream())
        .forEach(
            use -> {
              for (Ban ban : bans) {
                if (ban.forbids(use) && !exempt(ban, use) && !comments.permit(use)) {
                  findings.putIfAbsent(
                      use.in() + ":" + use.line() + " " + ban.what(),
                      use + " [" + ban.what() + "]: " + ban.reason());
                }
              }
            });
    List<String> violations = new ArrayList<>(findings.values());
    for (String place : comments.idlePermits()) {
      violations.add(place + " permits nothing; take the comment away");
    }
    return new Judgement(List.copyOf(violations), comments.permitsUsed());
  }

  private boolean exempt(Ban ban, Use use) {
    return exemptions.stream()
        .anyMatch(
            exemption ->
                exemption.what().equals(ban.what())
                    && use.in().startsWith(exemption.inPackage() + "."));
  }

  /// What [#judge] found.
  ///
  /// @param violations a line for each forbidden use and each idle permit
  /// @param permits how many permits are in use
  public record Judgement(List<String> violations, int permits) {}
}
