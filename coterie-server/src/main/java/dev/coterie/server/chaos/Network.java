// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.chaos;

import dev.coterie.server.shell.Shell;
import java.util.List;

/// How the nodes reach each other, and how that is broken. Nodes are counted from 0.
sealed interface Network permits Namespaces, Loopback {
  /// The address on which node `node` listens.
  String host(int node);

  /// What must stand before a command to run it where node `node` stands.
  List<String> prefix(int node);

  /// From here on `deaf` does not hear `other`. What is cut twice must be restored twice.
  void cut(int deaf, int other) throws Shell.Failed;

  void restore(int deaf, int other) throws Shell.Failed;

  /// From here on so many per cent of what the other nodes send to `node` are lost.
  void lose(int node, long percent) throws Shell.Failed;

  void loseNothing(int node, long percent) throws Shell.Failed;

  /// From here on what `node` sends passes slowly.
  void slow(int node) throws Shell.Failed;

  void slowNoMore(int node) throws Shell.Failed;

  /// Undoes all of it.
  void heal() throws Shell.Failed;

  /// One sentence for people.
  String describe();
}
