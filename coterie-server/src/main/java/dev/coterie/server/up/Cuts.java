// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.up;

import java.util.List;

/// Cuts of links between the nodes of a running local cluster, which are named by their numbers
/// from 0. One holder at a time; all of them are taken back when it closes them, and when its
/// process ends, however it ends (INV-rules-go).
public interface Cuts extends AutoCloseable {
  /// From here on nothing passes from `from` to `to`. What is cut twice must be restored twice.
  ///
  /// @throws UpFailure where that cannot be done; nothing is cut then
  void cut(List<Integer> from, List<Integer> to) throws UpFailure;

  void restore(List<Integer> from, List<Integer> to) throws UpFailure;

  @Override
  void close();
}
