// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.architecture.planted;

import java.net.URI;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Formatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.TimerTask;
import java.util.TreeMap;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One forbidden use a line; never run.
@SuppressWarnings({
  "DefaultCharset",
  "DefaultLocale",
  "IdentityHashMapUsage",
  "JavaTimeDefaultTimeZone",
  "JavaUtilDate",
  "JdkObsolete",
  "StringCaseLocaleUsage",
  "StringSplitter",
  "WaitNotInLoop"
})
final class Faults {
  private static final List<Integer> NUMBERS = List.of(2, 1);

  private Faults() {}

  static List<Object> time() {
    List<Object> answers = new ArrayList<>();
    answers.add(System.nanoTime());
    answers.add(System.currentTimeMillis());
    answers.add(Instant.now());
    answers.add(Clock.systemUTC());
    answers.add(Clock.tickMillis(ZoneId.of("UTC")));
    answers.add(new Date());
    answers.add(TimerTask.class);
    return answers;
  }

  static List<Object> threads(Object monitor) throws InterruptedException {
    List<Object> answers = new ArrayList<>();
    answers.add(Thread.currentThread());
    answers.add(new InheritableThreadLocal<String>());
    answers.add(new CompletableFuture<String>());
    answers.add(new ReentrantLock());
    synchronized (monitor) {
      monitor.wait(1);
      monitor.notifyAll();
    }
    answers.add(NUMBERS.stream().parallel().count());
    Arrays.parallelPrefix(new int[2], Integer::sum);
    return answers;
  }

  static long parallel(ArrayList<Integer> numbers) {
    return numbers.parallelStream().count();
  }

  static List<Object> outside() {
    List<Object> answers = new ArrayList<>();
    answers.add(java.io.InputStream.nullInputStream());
    answers.add(URI.create("x:y"));
    answers.add(Path.of("x"));
    answers.add(FileChannel.class);
    answers.add(System.out);
    answers.add(System.err);
    answers.add(System.in);
    return answers;
  }

  static List<Object> random() {
    List<Object> answers = new ArrayList<>();
    answers.add(Math.random());
    answers.add(new Random(1));
    answers.add(new SplittableRandom(1));
    answers.add(RandomGenerator.of("L64X128MixRandom"));
    answers.add(new SecureRandom());
    answers.add(UUID.randomUUID());
    Collections.shuffle(answers);
    return answers;
  }

  static List<Object> order() {
    List<Object> answers = new ArrayList<>();
    answers.add(new HashMap<String, String>());
    answers.add(new HashSet<String>());
    answers.add(new Hashtable<String, String>());
    answers.add(new IdentityHashMap<String, String>());
    answers.add(new WeakHashMap<String, String>());
    answers.add(Set.of(1, 2));
    answers.add(Set.copyOf(NUMBERS));
    answers.add(Map.of(1, 2));
    answers.add(Map.ofEntries(Map.entry(1, 2)));
    answers.add(Map.copyOf(new TreeMap<String, String>()));
    return answers;
  }

  static List<Object> collectors() {
    List<Object> answers = new ArrayList<>();
    answers.add(NUMBERS.stream().collect(Collectors.toSet()));
    answers.add(NUMBERS.stream().collect(Collectors.toUnmodifiableSet()));
    answers.add(NUMBERS.stream().collect(Collectors.toConcurrentMap(n -> n, n -> n)));
    answers.add(NUMBERS.stream().collect(Collectors.groupingByConcurrent(n -> n)));
    answers.add(NUMBERS.stream().collect(Collectors.toMap(n -> n, n -> n)));
    answers.add(NUMBERS.stream().collect(Collectors.groupingBy(n -> n)));
    return answers;
  }

  static List<Object> place() {
    List<Object> answers = new ArrayList<>();
    answers.add(System.identityHashCode(answers));
    answers.add(new java.lang.ref.WeakReference<>("x"));
    answers.add(System.getProperty("x", "y"));
    answers.add(System.getenv());
    answers.add(System.lineSeparator());
    answers.add(Integer.getInteger("x", 1));
    answers.add(Long.getLong("x", 1));
    answers.add(Boolean.getBoolean("x"));
    answers.add(Runtime.getRuntime());
    answers.add(ProcessHandle.current());
    answers.add(ByteOrder.nativeOrder());
    answers.add(TimeZone.getDefault());
    answers.add(ZoneId.systemDefault());
    answers.add(Charset.defaultCharset());
    return answers;
  }

  static List<Double> floating(double x) {
    List<Double> answers = new ArrayList<>();
    answers.add(Math.log(x));
    answers.add(Math.exp(x));
    answers.add(Math.pow(x, x));
    answers.add(Math.sin(x));
    answers.add(Math.cos(x));
    answers.add(Math.tan(x));
    answers.add(Math.asin(x));
    answers.add(Math.acos(x));
    answers.add(Math.atan2(x, x));
    answers.add(Math.cbrt(x));
    answers.add(Math.hypot(x, x));
    return answers;
  }

  static List<Object> locale() {
    List<Object> answers = new ArrayList<>();
    answers.add(Locale.getDefault());
    answers.add("%s".formatted("x"));
    answers.add(NumberFormat.getInstance());
    answers.add(String.format("%s", "x"));
    answers.add(new Formatter());
    answers.add("x".toLowerCase());
    answers.add("x".toUpperCase());
    return answers;
  }

  /// What looks alike and is allowed.
  static List<Object> allowed(Function<Double, Double> exact) {
    List<Object> answers = new ArrayList<>();
    answers.add(new LinkedHashMap<String, String>());
    answers.add(
        Stream.of(1, 2).collect(Collectors.toMap(n -> n, n -> n, Integer::sum, TreeMap::new)));
    answers.add(
        Stream.of(1, 2)
            .collect(Collectors.groupingBy(n -> n, TreeMap::new, Collectors.counting())));
    answers.add(StrictMath.log(exact.apply(2.0)));
    answers.add(Math.max(1, 2));
    answers.add(String.format(Locale.ROOT, "%s synchronized", "x"));
    answers.add("x".toLowerCase(Locale.ROOT));
    return answers;
  }
}
