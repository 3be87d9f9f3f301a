// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.shell.Shell;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Cuts the power of a mounted ext4 file system: the ioctl `EXT4_IOC_SHUTDOWN` without a flush of
/// its journal. Every later write fails, and what was not synced before is gone after the next
/// mount.
final class PowerSwitch {
  private static final int O_RDONLY = 0;
  private static final long EXT4_IOC_SHUTDOWN = 0x8004587DL;
  private static final int NO_LOG_FLUSH = 2;

  private PowerSwitch() {}

  static void off(Path mounted) throws Shell.Failed {
    int result;
    try {
      result = shutdown(mounted.toString());
    } catch (Throwable e) {
      throw new Shell.Failed("the power of " + mounted + " cannot be cut: " + e);
    }
    if (result != 0) {
      throw new Shell.Failed("the power of " + mounted + " cannot be cut: the kernel refuses");
    }
  }

  private static int shutdown(String path) throws Throwable {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    MethodHandle open =
        linker.downcallHandle(
            library.findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    MethodHandle ioctl =
        linker.downcallHandle(
            library.findOrThrow("ioctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    MethodHandle close =
        linker.downcallHandle(
            library.findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flag = arena.allocateFrom(ValueLayout.JAVA_INT, NO_LOG_FLUSH);
      int descriptor = (int) open.invokeExact(arena.allocateFrom(path), O_RDONLY);
      if (descriptor < 0) {
        return descriptor;
      }
      int result = (int) ioctl.invokeExact(descriptor, EXT4_IOC_SHUTDOWN, flag);
      int unused = (int) close.invokeExact(descriptor);
      return result;
    }
  }
}
