// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What processes of this computer have spent, from `/proc`.
///
/// @param cpuSeconds of all of them together, user and kernel
/// @param residentBytes of each, 0 for one that is gone
public record ServerUse(double cpuSeconds, List<Long> residentBytes) {
  /// Ticks of `/proc/PID/stat` per second: fixed for programs on Linux.
  private static final double TICKS = 100;

  public static ServerUse of(List<Long> pids) {
    double cpu = 0;
    List<Long> resident = new ArrayList<>();
    for (long pid : pids) {
      try {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
        // The name in parentheses may hold blanks; utime and stime are the 12th and 13th behind it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        cpu += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
        resident.add(resident(pid));
      } catch (IOException | NumberFormatException | IndexOutOfBoundsException _) {
        resident.add(0L);
      }
    }
    return new ServerUse(cpu, resident);
  }

  private static long resident(long pid) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.UTF_8)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return 0;
  }
}
