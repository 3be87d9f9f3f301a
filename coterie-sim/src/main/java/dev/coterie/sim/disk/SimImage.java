// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import dev.coterie.core.base.Bytes;
import dev.coterie.host.store.Table;
import dev.coterie.sim.disk.Tables.Before;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What a disk held at one moment: a backup, a snapshot of a virtual machine, the directory of
/// another node.
public final class SimImage {
  private final Map<Table, TreeMap<Bytes, byte[]>> maps;
  private final long sequence;

  private SimImage(Map<Table, TreeMap<Bytes, byte[]>> maps, long sequence) {
    this.maps = maps;
    this.sequence = sequence;
  }

  static SimImage of(Tables tables, Before before, long sequence) {
    Map<Table, TreeMap<Bytes, byte[]>> maps = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      TreeMap<Bytes, byte[]> map = new TreeMap<>(tables.of(table));
      before
          .of(table)
          .forEach(
              (key, old) -> {
                if (old == Tables.ABSENT) {
                  map.remove(key);
                } else {
                  map.put(key, old);
                }
              });
      maps.put(table, map);
    }
    return new SimImage(maps, sequence);
  }

  void into(Tables tables) {
    maps.forEach((table, map) -> tables.of(table).putAll(map));
  }

  long sequence() {
    return sequence;
  }
}
