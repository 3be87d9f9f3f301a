// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// How long clients may take.
///
/// @param headerMillis from the first byte of a request to the end of its head
/// @param requestMillis from there to the end of its body; also how long a response may wait for a
///   client that does not read
/// @param idleMillis without any request
/// @param bytesPerSecondMin of a body, on average, after its first second
/// @param timeoutMillis how long a client waits for its answer that does not say so
public record HttpTimes(
    long headerMillis,
    long requestMillis,
    long idleMillis,
    long bytesPerSecondMin,
    long timeoutMillis) {
  /// The longest `timeout` that a request may ask for.
  public static final long TIMEOUT_MILLIS_MAX = 600_000;

  /// How long a connection that is being closed is still listened to, so that the client gets to
  /// read why.
  public static final long LINGER_MILLIS = 2_000;

  public static HttpTimes standard() {
    return new HttpTimes(5_000, 30_000, 60_000, 1024, 10_000);
  }

  /// How often the limits are looked at: often enough to be no more than a quarter late.
  long tickMillis() {
    long least = Math.min(Math.min(headerMillis, requestMillis), idleMillis);
    return Math.clamp(least / 4, 10, 500);
  }
}
