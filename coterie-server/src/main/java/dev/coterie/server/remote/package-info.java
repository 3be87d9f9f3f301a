// SPDX-License-Identifier: Apache-2.0
/// A cluster as seen from outside: where its nodes listen (`cluster.json`), and what can be asked
/// of them through their public HTTP interface. The command line, `./coterie up` and `./coterie
/// demo` use nothing else, so whatever they show, any HTTP client can do.
///
/// [dev.coterie.server.remote.NodeHttp] makes one exchange with one node and tells apart what a
/// client must tell apart: an answer, a request that certainly never left
/// ([dev.coterie.server.remote.NodeHttp.NotConnected]) and one whose fate is unknown
/// ([dev.coterie.server.remote.NodeHttp.Lost]). [dev.coterie.server.remote.KeyClient] puts objects
/// on top of it and answers in outcomes: applied, rejected, indeterminate.
///
/// JSON goes through Jackson's streaming parts alone ([dev.coterie.server.remote.Json]): its data
/// binding takes 100 ms more to load, which a `./coterie put` would feel.
@NullMarked
package dev.coterie.server.remote;

import org.jspecify.annotations.NullMarked;
