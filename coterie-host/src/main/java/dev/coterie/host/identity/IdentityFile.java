// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import dev.coterie.host.identity.DoubledIdentity.SlotFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The identity of a real node: the files `identity-a` and `identity-b` in its data directory,
/// readable by their owner alone. A file is born under another name and moved into place, so that a
/// power cut during the first start leaves no half of one; later saves write over one sector.
public final class IdentityFile implements IdentityPort {
  private final DoubledIdentity copies;

  public IdentityFile(Path directory) {
    this.copies = new DoubledIdentity(new FileSlots(directory));
  }

  @Override
  public Loaded load() {
    return copies.load();
  }

  @Override
  public void save(Identity identity) throws IdentityException {
    copies.save(identity);
  }

  private record FileSlots(Path directory) implements DoubledIdentity.Slots {
    private Path file(int slot) {
      return directory.resolve(slot == 0 ? "identity-a" : "identity-b");
    }

    @Override
    public byte @Nullable [] read(int slot) throws SlotFailure {
      try {
        byte[] content = Files.readAllBytes(file(slot));
        permit(file(slot), "rw-------");
        return content;
      } catch (NoSuchFileException e) {
        return null;
      } catch (IOException e) {
        throw new SlotFailure(e);
      }
    }

    @Override
    public void write(int slot, byte[] content) throws SlotFailure {
      try {
        replace(file(slot), content);
      } catch (IOException e) {
        throw new SlotFailure(e);
      }
    }

    private void replace(Path file, byte[] content) throws IOException {
      if (Files.exists(file)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          boolean sameLength = channel.size() == content.length;
          writeAt0(channel, content);
          channel.truncate(content.length);
          channel.force(!sameLength);
        }
        return;
      }
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        permit(directory, "rwx------");
        syncDirectory(directory.toAbsolutePath().getParent());
      }
      Path newborn = directory.resolve(file.getFileName() + ".new");
      Files.deleteIfExists(newborn);
      try (FileChannel channel =
          FileChannel.open(newborn, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        permit(newborn, "rw-------");
        writeAt0(channel, content);
        channel.force(true);
      }
      Files.move(newborn, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(directory);
    }

    private static void writeAt0(FileChannel channel, byte[] content) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer, buffer.position());
      }
    }

    @Override
    public String name(int slot) {
      return file(slot).toString();
    }

    private static void permit(Path path, String permissions) throws IOException {
      @Nullable PosixFileAttributeView view =
          Files.getFileAttributeView(path, PosixFileAttributeView.class);
      if (view != null) {
        view.setPermissions(PosixFilePermissions.fromString(permissions));
      }
    }

    private static void syncDirectory(@Nullable Path directory) throws IOException {
      if (directory != null) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }
    }
  }
}
