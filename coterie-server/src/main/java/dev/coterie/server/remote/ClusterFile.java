// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.remote;

import dev.coterie.server.config.FileTrouble;
import dev.coterie.server.config.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `cluster.json`: where the nodes of a local cluster listen and lie. Written by `./coterie up` and
/// `./coterie chaos --hold`, read by every verb that talks to a cluster, and by scripts.
///
/// @param cluster the cluster's id
public record ClusterFile(String cluster, List<Entry> nodes) {
  public static final String NAME = "cluster.json";

  public ClusterFile {
    nodes = List.copyOf(nodes);
  }

  /// One node.
  ///
  /// @param pid its process, 0 while it is not running
  /// @param data its data folder, absolute
  /// @param namespace a path to the network namespace in which it stands, while it does; empty
  ///   where that is this computer's own
  public record Entry(
      String id,
      long pid,
      HostPort http,
      HostPort peer,
      HostPort admin,
      String data,
      String namespace) {
    public Entry(String id, long pid, HostPort http, HostPort peer, HostPort admin, String data) {
      this(id, pid, http, peer, admin, data, "");
    }
  }

  /// Reads `folder`'s file.
  ///
  /// @throws Unusable with a sentence that says what to do
  public static ClusterFile read(Path folder) throws Unusable {
    Path file = folder.resolve(NAME);
    Object json;
    try {
      json = Json.read(Files.readString(file));
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw new Unusable(file + " cannot be read: " + FileTrouble.of(e));
      }
      throw new Unusable(
          "no cluster in "
              + folder
              + " (no "
              + NAME
              + " there): start one with ./coterie up, or name one with --cluster"
              + " FOLDER|HOST:PORT");
    } catch (Json.Malformed e) {
      throw new Unusable(file + " is not JSON (" + e.getMessage() + "): start ./coterie up again");
    }
    List<Entry> nodes = new ArrayList<>();
    for (Object node : Json.list(json, "nodes")) {
      HostPort http = HostPort.parse(Json.text(node, "http"));
      HostPort peer = HostPort.parse(Json.text(node, "peer"));
      HostPort admin = HostPort.parse(Json.text(node, "admin"));
      if (http == null || peer == null || admin == null) {
        throw new Unusable(file + " lacks an address: start ./coterie up again");
      }
      nodes.add(
          new Entry(
              Json.text(node, "id"),
              Json.whole(node, "pid"),
              http,
              peer,
              admin,
              Json.text(node, "data"),
              Json.text(node, "namespace")));
    }
    if (nodes.isEmpty()) {
      throw new Unusable(file + " lists no nodes: start ./coterie up again");
    }
    return new ClusterFile(Json.text(json, "cluster"), nodes);
  }

  /// Replaces `folder`'s file in one step: readers see the old one or this one.
  public void write(Path folder) throws IOException {
    Path fresh = folder.resolve(NAME + ".new");
    Files.writeString(fresh, Json.write(json()), StandardCharsets.UTF_8);
    Files.move(
        fresh,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Map<String, @Nullable Object> json() {
    List<@Nullable Object> entries = new ArrayList<>();
    for (Entry node : nodes) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("id", node.id);
      entry.put("pid", node.pid);
      entry.put("http", node.http.toString());
      entry.put("peer", node.peer.toString());
      entry.put("admin", node.admin.toString());
      entry.put("data", node.data);
      if (!node.namespace.isEmpty()) {
        entry.put("namespace", node.namespace);
      }
      entries.add(entry);
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("cluster", cluster);
    json.put("nodes", entries);
    return json;
  }

  /// Why there is no cluster to talk to: a sentence that says what to do.
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unusable(String sentence) {
      super(sentence);
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }
}
