// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.http;

import dev.coterie.core.base.Bytes;
import dev.coterie.core.message.ObjectKey;

/// The resources that clients are offered.
final class ClientRoutes implements Routes {
  private static final Resource PING = new Fixed(Reply.of(Status.OK, "text/html", ascii("OK")));

  private final Backend backend;
  private final Resource stats;
  private final Resource root;

  ClientRoutes(Backend backend, Resource stats, Resource root) {
    this.backend = backend;
    this.stats = stats;
    this.root = root;
  }

  private static byte[] ascii(String text) {
    return ResponseBuffer.ascii(text);
  }

  @Override
  public void route(Exchange exchange) {
    String uri = exchange.uri();
    int question = uri.indexOf('?');
    int pathEnd = question < 0 ? uri.length() : question;
    int query = question < 0 ? uri.length() : question + 1;
    switch (Target.parse(uri, pathEnd)) {
      case Target.Key(ObjectKey key) -> object(exchange, key, query);
      case Target.Keys keys -> keys(exchange, keys, query);
      case Target.Properties(var bucket) ->
          allow(exchange, new PropertiesResource(backend, bucket), "GET, HEAD, PUT, DELETE");
      case Target.Buckets _ -> exchange.answer(notOffered("listing buckets is"));
      case Target.Ping _ -> allow(exchange, PING, "GET, HEAD");
      case Target.Stats _ -> allow(exchange, stats, "GET, HEAD");
      case Target.Root _ -> allow(exchange, root, "GET, HEAD");
      case Target.NotOffered(String what) -> exchange.answer(notOffered(what));
      case Target.Nothing(Status status, String sentence) ->
          exchange.answer(Reply.text(status, sentence));
    }
  }

  /// @param methods as the `Allow` header lists them
  private static void allow(Exchange exchange, Resource resource, String methods) {
    if (exchange.verb() != Verb.OTHER && methods.contains(exchange.verb().name())) {
      exchange.resource(resource);
    } else {
      exchange.answer(notAllowed(methods));
    }
  }

  static Reply notAllowed(String methods) {
    return Reply.text(Status.METHOD_NOT_ALLOWED, "allowed here: " + methods)
        .with("Allow: " + methods);
  }

  private static Reply notOffered(String what) {
    return Reply.text(Status.NOT_IMPLEMENTED, what + " not offered");
  }

  private void object(Exchange exchange, ObjectKey key, int query) {
    Parameters parameters = parameters(exchange, query);
    String fault = parameters.fault();
    if (fault != null) {
      exchange.answer(Reply.text(Status.BAD_REQUEST, fault));
      return;
    }
    switch (exchange.verb()) {
      case GET, HEAD -> exchange.resource(new ObjectRead(backend, key, parameters));
      case PUT, POST ->
          exchange.resource(new ObjectStore(backend, key, parameters, ObjectReply.Kind.STORE));
      case DELETE -> exchange.resource(new ObjectDelete(backend, key, parameters));
      case OTHER -> exchange.answer(notAllowed("GET, HEAD, PUT, POST, DELETE"));
    }
  }

  private void keys(Exchange exchange, Target.Keys keys, int query) {
    if (exchange.verb().reads()) {
      exchange.answer(notOffered("listing keys is"));
      return;
    }
    if (exchange.verb() != Verb.POST) {
      exchange.answer(notAllowed("POST"));
      return;
    }
    Parameters parameters = parameters(exchange, query);
    String fault = parameters.fault();
    if (fault != null) {
      exchange.answer(Reply.text(Status.BAD_REQUEST, fault));
      return;
    }
    ObjectKey key = new ObjectKey(keys.bucket(), Bytes.utf8(backend.unguessable()));
    exchange.resource(new ObjectStore(backend, key, parameters, ObjectReply.Kind.CREATE));
  }

  private Parameters parameters(Exchange exchange, int query) {
    Parameters parameters = Parameters.parse(exchange.uri(), query, backend.timeoutMillis());
    String timeout = exchange.header(Names.TIMEOUT);
    if (timeout != null && parameters.fault() == null) {
      parameters.timeout(timeout);
    }
    String ttl = exchange.header(Names.TTL);
    if (ttl != null && parameters.fault() == null) {
      parameters.ttl(ttl);
    }
    if (parameters.fault() == null) {
      parameters.session(exchange.header(Names.SESSION), backend.tokens().sessions());
    }
    return parameters;
  }
}
