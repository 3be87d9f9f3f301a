// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import io.netty.util.AsciiString;

/// Names of the headers that are Riak's or ours.
final class Names {
  static final AsciiString CONTEXT = AsciiString.cached("x-riak-vclock");
  static final AsciiString TIMEOUT = AsciiString.cached("x-riak-timeout");
  static final AsciiString SESSION = AsciiString.cached("x-coterie-session");
  static final AsciiString TTL = AsciiString.cached("x-coterie-ttl");
  static final AsciiString IF_NOT_MODIFIED = AsciiString.cached("x-riak-if-not-modified");
  static final String META_PREFIX = "x-riak-meta-";
  static final String INDEX_PREFIX = "x-riak-index-";

  private Names() {}
}
