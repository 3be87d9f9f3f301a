// SPDX-License-Identifier: Apache-2.0
/// The Lab over HTTP: runs that are kept for a while, what their recordings say as JSON, and the
/// page's files. Knows nothing of connections; the listener carries [dev.coterie.server.lab.Lab].
@NullMarked
package dev.coterie.server.lab;

import org.jspecify.annotations.NullMarked;
