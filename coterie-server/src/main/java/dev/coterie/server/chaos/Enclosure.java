// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.shell.Shell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The network and mount namespace in which a whole run happens: a second process of this program,
/// started through `unshare`. Everything that the run sets up (bridge, interfaces, packet filters,
/// mounts, loop devices) lies inside and goes with its last process, so nothing has to be taken
/// down, nothing of the computer's own is touched, and two runs cannot meet. Works as root, and for
/// others where the kernel lets users have namespaces of their own.
public final class Enclosure {
  /// Set for the process inside.
  private static final String INSIDE = "COTERIE_CHAOS_ENCLOSED";

  /// What the process inside must be able to do.
  private static final String PROBE =
      "mount -t tmpfs tmpfs /run && ip link set lo up && ip link add name probe type bridge"
          + " && ip netns add probe && ip link add va type veth peer name vb netns probe";

  private static final int INTERRUPTED = 130;

  private Enclosure() {}

  /// @param prefix what must stand before a command to run it in an enclosure of its own; empty
  ///   where that is not to be had
  /// @param reason why not
  public record Offer(List<String> prefix, String reason) {}

  public static boolean isInside() {
    return System.getenv(INSIDE) != null;
  }

  /// Tries whether an enclosure is to be had.
  public static Offer offer() {
    for (String tool : List.of("unshare", "nsenter", "ip", "mount")) {
      if (!Shell.has(tool)) {
        String source = tool.equals("ip") ? "iproute2" : "util-linux";
        return new Offer(List.of(), "there is no " + tool + " (package " + source + ")");
      }
    }
    List<String> root = List.of("unshare", "--mount", "--net", "--propagation", "private");
    List<String> user = new ArrayList<>(root);
    user.addAll(1, List.of("--user", "--map-root-user"));
    String reason = "";
    for (List<String> prefix : List.of(root, user)) {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(List.of("sh", "-c", PROBE));
      Shell.Result result = Shell.run(command);
      if (result.ok()) {
        return new Offer(prefix, "");
      }
      reason = reason.isEmpty() ? result.output().replaceAll("\\s+", " ") : reason;
    }
    return new Offer(List.of(), reason);
  }

  /// Runs `command` inside, with this process's terminal, until it ends. A signal that ends this
  /// process ends it too, and is not obeyed before it has.
  ///
  /// @return its exit code
  public static int run(Offer offer, List<String> command) throws IOException {
    List<String> line = new ArrayList<>(offer.prefix());
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    Map<String, String> environment = builder.environment();
    environment.put(INSIDE, "yes");
    Process process = builder.start();
    Thread hook =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(
                () -> {
                  process.destroy();
                  awaitEnd(process);
                });
    Runtime.getRuntime().addShutdownHook(hook);
    int code = awaitEnd(process);
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // This process is ending already.
    }
    return code;
  }

  /// Inside: whoever started this process may be killed without having a word. Then this process
  /// ends as by Ctrl-C, and everything of the run with it.
  public static void endWithParent() {
    if (isInside()) {
      ProcessHandle.current()
          .parent()
          .ifPresent(
              parent -> {
                var unused = parent.onExit().thenRun(() -> System.exit(INTERRUPTED));
              });
    }
  }

  private static int awaitEnd(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException _) {
        process.destroy();
      }
    }
  }
}
