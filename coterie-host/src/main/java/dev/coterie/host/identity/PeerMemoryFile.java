// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.transport.PeerMemory;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The file `peers` in a node's data directory: its [PeerMemory], one line for each peer, readable
/// by the owner alone.
///
/// ```
/// format=1
/// cluster=shop
/// node=n1
/// peer.n2=7 5c0f33a1b2e4d596 7 81234
/// store.n2=91c2f0b3a7d85e64
/// crc32c=0badcafe
/// ```
///
/// A peer's line holds its boot, nonce, the boot of the synced sequence, and that sequence; the id
/// of its store, where it told one, has a line of its own, which earlier versions pass over. The
/// file is replaced as a whole. It is a second line of defence: where it is missing, damaged or of
/// a newer format, the node starts and remembers nothing.
public final class PeerMemoryFile {
  static final long FORMAT = 1;
  private static final String PEER = "peer.";
  private static final String STORE = "store.";

  private final Path directory;
  private final String clusterId;
  private final NodeId node;

  public PeerMemoryFile(Path directory, String clusterId, NodeId node) {
    this.directory = directory;
    this.clusterId = clusterId;
    this.node = node;
  }

  /// @param remark why nothing could be recalled though a file is there; empty for none
  public record Loaded(PeerMemory memory, String remark) {}

  public Loaded load() {
    byte[] content;
    try {
      content = Files.readAllBytes(file());
    } catch (NoSuchFileException _) {
      return new Loaded(PeerMemory.EMPTY, "");
    } catch (IOException e) {
      return nothing("it cannot be read: " + e.getMessage());
    }
    try {
      return new Loaded(decode(new String(content, US_ASCII)), "");
    } catch (Lines.Malformed e) {
      return nothing(String.valueOf(e.getMessage()));
    }
  }

  private Loaded nothing(String why) {
    return new Loaded(
        PeerMemory.EMPTY,
        "what was known of the peers before this start is not used ("
            + file().getFileName()
            + ": "
            + why
            + ")");
  }

  /// Returns once the memory is on disk.
  public void save(PeerMemory memory) throws IOException {
    Path next = directory.resolve("peers.new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer content = ByteBuffer.wrap(encode(memory).getBytes(US_ASCII));
      while (content.hasRemaining()) {
        int unused = channel.write(content);
      }
      if (Files.getFileAttributeView(next, PosixFileAttributeView.class) != null) {
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
      }
      channel.force(true);
    }
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private Path file() {
    return directory.resolve("peers");
  }

  private String encode(PeerMemory memory) {
    StringBuilder body = new StringBuilder();
    body.append(Lines.line("format", FORMAT));
    body.append(Lines.line("cluster", clusterId));
    body.append(Lines.line("node", node));
    memory
        .peers()
        .forEach(
            (peer, known) ->
                body.append(
                    Lines.line(
                        PEER + peer,
                        known.boot()
                            + " "
                            + Lines.hex(known.nonce())
                            + " "
                            + known.syncedBoot()
                            + " "
                            + known.synced())));
    memory
        .peers()
        .forEach(
            (peer, known) -> {
              if (known.storeId() != 0) {
                body.append(Lines.line(STORE + peer, Lines.hex(known.storeId())));
              }
            });
    return body + Lines.line("crc32c", Lines.sum(body.toString()));
  }

  private PeerMemory decode(String text) throws Lines.Malformed {
    int last = text.lastIndexOf("\ncrc32c=");
    if (last < 0) {
      throw new Lines.Malformed("it has no checksum");
    }
    String body = text.substring(0, last + 1);
    if (!text.substring(last + 1).strip().equals("crc32c=" + Lines.sum(body))) {
      throw new Lines.Malformed("its checksum does not fit");
    }
    Lines lines = Lines.parse(body);
    if (lines.number("format") > FORMAT) {
      throw new Lines.Malformed("a newer version wrote it");
    }
    if (!lines.clusterId("cluster").equals(clusterId) || !lines.node("node").equals(node)) {
      throw new Lines.Malformed("it belongs to another node");
    }
    Map<NodeId, String> stores = lines.byNode(STORE);
    TreeMap<NodeId, PeerMemory.Known> peers = new TreeMap<>();
    for (Map.Entry<NodeId, String> line : lines.byNode(PEER).entrySet()) {
      String store = stores.getOrDefault(line.getKey(), "0");
      peers.put(line.getKey(), known(line.getValue(), store));
    }
    return new PeerMemory(peers);
  }

  private static PeerMemory.Known known(String text, String store) throws Lines.Malformed {
    List<String> parts = List.of(text.split(" ", -1));
    if (parts.size() != 4) {
      throw new Lines.Malformed("a peer's line does not have four parts");
    }
    try {
      return new PeerMemory.Known(
          Long.parseLong(parts.get(0)),
          Long.parseUnsignedLong(parts.get(1), 16),
          Long.parseUnsignedLong(store, 16),
          Long.parseLong(parts.get(2)),
          Long.parseLong(parts.get(3)));
    } catch (IllegalArgumentException _) {
      throw new Lines.Malformed("a peer's line holds something else than numbers");
    }
  }
}
