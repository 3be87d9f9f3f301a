// SPDX-License-Identifier: Apache-2.0
/// The configuration of one node: a TOML file read into records, checked once, immutable
/// afterwards.
///
/// One table says everything about a key: [dev.coterie.server.config.ConfigKeys] holds its name,
/// form, default, and what more and less of it costs. From that table come the reading and checking
/// of a file ([dev.coterie.server.config.ConfigFile]), the commented file that `./coterie node
/// --print-config` writes and the tables in `docs/operations.md`
/// ([dev.coterie.server.config.ConfigText]).
///
/// A file is taken whole or refused whole, with one sentence for each thing that is wrong with it:
/// an unknown key is named together with the nearest known one and its line. Nothing outside this
/// module reads a configuration, and nothing here reads an environment variable or a system
/// property.
///
/// Invariants: INV-loopback-or-insecure (a listener beyond loopback needs `insecure = true`),
/// INV-secret-private (the secret file is readable by its owner alone).
///
/// Read first: [dev.coterie.server.config.Config], then [dev.coterie.server.config.ConfigKeys].
@NullMarked
package dev.coterie.server.config;

import org.jspecify.annotations.NullMarked;
