// SPDX-License-Identifier: Apache-2.0
/// The dashboard: how the whole cluster stands, as one of its nodes can tell. A node tells of
/// itself ([dev.coterie.server.dashboard.OwnReport]) whoever of the others asks, keeps the last
/// hour of what its clients got ([dev.coterie.server.dashboard.Hour]) and the last things that
/// happened ([dev.coterie.server.dashboard.EventLog]). While somebody looks, it asks the others
/// once a second, and judges what they tell ([dev.coterie.server.dashboard.Overview]). Nothing that
/// a node does for its clients rests on any of it.
@NullMarked
package dev.coterie.server.dashboard;

import org.jspecify.annotations.NullMarked;
