// SPDX-License-Identifier: Apache-2.0
/// A cluster on this computer: separate processes on loopback, for trying things out and for
/// `./coterie demo`.
///
/// [dev.coterie.server.up.ClusterFolder] is the folder D that such a cluster lives in:
///
///     D/cluster.json       where each node listens, its pid (0 while stopped), its data
///     D/secret             the cluster's secret, mode 0600
///     D/up.lock            locked by the running ./coterie up; holds its pid
///     D/cuts.lock          locked by a ./coterie lab live that cuts links, while it does
///     D/gate.sock          the way in while ./coterie chaos --hold runs the cluster in namespaces
///     D/n1/config.toml     written anew at each start
///     D/n1/data, node.log  the node's store and log
///
/// Ids, membership and secret are made once, at the cluster's birth; addresses may change at each start.
/// Each node has a machine label of its own, so that copies are counted as if they were on machines of
/// their own; the first lines that people see say that they are not.
///
/// [dev.coterie.server.up.LocalCluster] starts the processes and takes them down. Invariants:
/// INV-one-up (one process at a time runs the cluster of a folder), INV-no-orphans (a node reads from a
/// pipe that the operating system closes when its starter dies, however it dies, and stops then).
@NullMarked
package dev.coterie.server.up;

import org.jspecify.annotations.NullMarked;
