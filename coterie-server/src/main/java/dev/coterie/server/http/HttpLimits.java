// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// How much clients may ask of one listener at a time.
///
/// @param valueBytesMax of one value; more is answered with 413
/// @param connectionsMax open connections; one more is closed at once
/// @param connectionsPerSourceMax those from one address
/// @param inFlightMax requests being worked on; one more is answered with 503 and was not applied
/// @param inFlightPerConnectionMax those of one connection; more wait, unread
/// @param requestBytesMax bytes of request bodies held in memory; above it 503
public record HttpLimits(
    int valueBytesMax,
    int connectionsMax,
    int connectionsPerSourceMax,
    int inFlightMax,
    int inFlightPerConnectionMax,
    long requestBytesMax) {
  /// Of all header lines together, in bytes.
  public static final int HEADER_BYTES_MAX = 16 * 1024;

  /// Of the request line: room for a key and a bucket of the largest size with every byte escaped.
  public static final int REQUEST_LINE_BYTES_MAX = 8 * 1024;

  /// The documented defaults, with a quarter of this process's heap for request bodies.
  public static HttpLimits standard() {
    return new HttpLimits(1 << 20, 4096, 1024, 1024, 128, Runtime.getRuntime().maxMemory() / 4);
  }
}
