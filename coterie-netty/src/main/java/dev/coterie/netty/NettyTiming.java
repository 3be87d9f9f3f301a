// SPDX-License-Identifier: Apache-2.0
package dev.coterie.netty;

/// How long a [NettyTransport] waits for what. Milliseconds.
///
/// @param connectTimeoutMillis for a connection to be made. Less: a cut that heals is found sooner,
///   as a lost first packet is sent again only after a second; more: fewer attempts. 2 s by default
/// @param helloTimeoutMillis for both hellos, once connected. 5 s by default
/// @param pingIntervalMillis between two signs of life on each connection. 2 s by default
/// @param silenceTimeoutMillis without any byte, after which a connection is closed; at least two
///   ping intervals. More: pauses of a peer are ridden out; less: a cut is noticed sooner. 6 s by
///   default
/// @param backoffMinMillis before the first new attempt; doubled for each that fails. The wait is
///   drawn between half and all of it. 50 ms by default
/// @param backoffMaxMillis the longest wait before an attempt. 2 s by default
public record NettyTiming(
    int connectTimeoutMillis,
    int helloTimeoutMillis,
    int pingIntervalMillis,
    int silenceTimeoutMillis,
    int backoffMinMillis,
    int backoffMaxMillis) {
  public NettyTiming {
    if (connectTimeoutMillis < 1 || helloTimeoutMillis < 1 || pingIntervalMillis < 1) {
      throw new IllegalArgumentException(
          "connect timeout, hello timeout and ping interval must be positive, but were "
              + connectTimeoutMillis
              + ", "
              + helloTimeoutMillis
              + " and "
              + pingIntervalMillis
              + " ms");
    }
    if (silenceTimeoutMillis < 2L * pingIntervalMillis) {
      throw new IllegalArgumentException(
          "the silence timeout must be at least two ping intervals of "
              + pingIntervalMillis
              + " ms, but was "
              + silenceTimeoutMillis
              + " ms");
    }
    if (backoffMinMillis < 1 || backoffMaxMillis < backoffMinMillis) {
      throw new IllegalArgumentException(
          "the backoff goes from at least 1 ms to no less than that, but was "
              + backoffMinMillis
              + " to "
              + backoffMaxMillis
              + " ms");
    }
  }

  public static NettyTiming standard() {
    return new NettyTiming(2_000, 5_000, 2_000, 6_000, 50, 2_000);
  }
}
