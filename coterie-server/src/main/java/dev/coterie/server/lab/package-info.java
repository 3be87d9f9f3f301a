// SPDX-License-Identifier: Apache-2.0
/// The Lab over HTTP: runs that are kept for a while, what their recordings say as JSON, and the
/// page's files. Knows nothing of connections; the listener carries [dev.coterie.server.lab.Lab].
///
/// [dev.coterie.server.lab.LiveLab] is a scenario's workload on a running cluster, the same for the
/// command line and the page; [dev.coterie.server.lab.OwnCluster] is what a page needs for it: of
/// the node that serves it, or of a folder beside it.
@NullMarked
package dev.coterie.server.lab;

import org.jspecify.annotations.NullMarked;
