// SPDX-License-Identifier: Apache-2.0
package dev.coterie.bench;

import java.net.InetSocketAddress;
import java.util.List;

/// What is asked of a cluster.
///
/// @param nodes HTTP listeners; connections are spread over them in turn
/// @param bucketPath `/buckets/bench`
/// @param getQuery `?r=2` or empty; so `putQuery`
/// @param readShare 0 to 1
/// @param concurrency connections, each with one request under way at a time
/// @param rate requests per second of the open loop; 0 for the closed one
/// @param causal whether puts carry the last context that was seen for their key
public record LoadPlan(
    List<InetSocketAddress> nodes,
    String bucketPath,
    String getQuery,
    String putQuery,
    double readShare,
    KeyChooser.Distribution distribution,
    int keys,
    int valueBytes,
    int concurrency,
    double rate,
    boolean causal,
    long seed) {
  public LoadPlan {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || keys < 1 || valueBytes < 0 || concurrency < 1 || rate < 0) {
      throw new IllegalArgumentException("a load without nodes, keys or connections");
    }
    if (readShare < 0 || readShare > 1) {
      throw new IllegalArgumentException("the share of reads is from 0 to 1, not " + readShare);
    }
  }
}
