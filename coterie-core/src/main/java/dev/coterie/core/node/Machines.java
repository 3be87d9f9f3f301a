// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.node;

/// The machines of one shard. None holds another, but for the few that are given it here: [Node],
/// [Lifecycle], [Requests], [Deliveries] and [Router] route between them.
final class Machines {
  final Router router;
  final Reads reads;
  final Writes writes;
  final Copies copies;
  final CopyAnswers copyAnswers;
  final Sweep sweep;
  final Exchanges exchanges;
  final Audits audits;
  final Properties properties;
  final Forwards forwards;
  final Closings closings;
  final SessionWaits sessionWaits;
  final Liveness liveness;
  final Hints hints;
  final Handoffs handoffs;
  final Explains explains;
  final Lags lags;

  Machines(Context context) {
    this.router = new Router(context, this);
    this.liveness = new Liveness(context);
    this.hints = new Hints(context, router);
    this.handoffs = new Handoffs(context, hints);
    this.reads = new Reads(context, hints, router, router, liveness::missed);
    this.writes = new Writes(context, hints, router::reply, liveness::missed);
    this.copies = new Copies(context);
    this.copyAnswers = new CopyAnswers(context);
    this.sweep = new Sweep(context);
    this.closings = new Closings(context, hints);
    this.exchanges = new Exchanges(context, copies, sweep, closings);
    this.audits = new Audits(context, router);
    this.properties = new Properties(context);
    context.lastWrites.ask(properties::of);
    this.forwards = new Forwards(context, router::reply, liveness::missed);
    this.sessionWaits = new SessionWaits(context);
    this.explains = new Explains(context, hints);
    this.lags = new Lags(context);
  }

  /// Requests that this shard works on.
  int inFlight() {
    return reads.inFlight() + writes.inFlight() + forwards.inFlight() + sessionWaits.inFlight();
  }
}
