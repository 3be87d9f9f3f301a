// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// The methods that this listener tells apart.
enum Verb {
  GET,
  HEAD,
  PUT,
  POST,
  DELETE,
  OTHER;

  static Verb of(String name) {
    return switch (name) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "PUT" -> PUT;
      case "POST" -> POST;
      case "DELETE" -> DELETE;
      default -> OTHER;
    };
  }

  boolean reads() {
    return this == GET || this == HEAD;
  }

  boolean changes() {
    return this == PUT || this == POST || this == DELETE;
  }
}
