// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

/// Finds the resource of a request.
interface Routes {
  /// Sets [Exchange#resource], or answers that there is none.
  void route(Exchange exchange);
}
