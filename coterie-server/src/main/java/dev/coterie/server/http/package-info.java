// SPDX-License-Identifier: Apache-2.0
/// HTTP for clients and for operators, by Riak's conventions where clients expect them
/// (`docs/http-api.md`).
///
/// The life of a request: [dev.coterie.server.http.HttpConnection] takes it off the wire as an
/// [dev.coterie.server.http.Exchange], [dev.coterie.server.http.ClientRoutes] finds its
/// [dev.coterie.server.http.Resource], which checks the head before any of the body is kept, turns
/// it into a request for the node, and writes the node's outcome as a response. Responses leave a
/// connection in the order of its requests, and all that became ready in one turn of the event loop
/// leave in one flush.
///
/// Rules: keys and buckets are bytes, never paths; nothing of a request reaches a response header
/// unescaped; every limit ([dev.coterie.server.http.HttpLimits],
/// [dev.coterie.server.http.HttpTimes]) is checked before memory is taken; a response never quotes
/// an exception; a `GET` never changes state. Values, tokens and keys are not logged.
@NullMarked
package dev.coterie.server.http;

import org.jspecify.annotations.NullMarked;
