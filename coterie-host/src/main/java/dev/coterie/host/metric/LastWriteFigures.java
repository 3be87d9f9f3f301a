// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.metric;

import java.util.List;

/// Acknowledged values that last-write-wins has thrown away, although the writer that replaced them
/// had not been shown them.
///
/// @param concurrent such as were written at the same time as another
/// @param blind such as a client without a context has replaced
/// @param buckets the same by bucket; all together they are the two above
public record LastWriteFigures(long concurrent, long blind, List<OfBucket> buckets) {
  /// What stands for the buckets that are not named. A bucket of that name is one of them.
  public static final String OTHER = "other";

  public static final LastWriteFigures NONE = new LastWriteFigures(0, 0, List.of());

  public LastWriteFigures {
    buckets = List.copyOf(buckets);
  }

  /// @param bucket its name, with its type before it where it has one; or what stands for the rest
  public record OfBucket(String bucket, long concurrent, long blind) {}
}
