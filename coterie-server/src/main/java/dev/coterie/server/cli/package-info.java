// SPDX-License-Identifier: Apache-2.0
/// The verbs of `./coterie`: [dev.coterie.server.cli.Main] reads the command line and hands over to
/// one class per verb. A verb's result goes to standard output, with `--json` as one JSON value;
/// everything else goes to standard error. How a verb ended is one of
/// [dev.coterie.server.cli.ExitCode]: 0 done, 1 a negative answer, 2 a command line that makes no
/// sense, 3 nobody reached, 4 rejected, 5 of unknown outcome.
///
/// A `put` should feel instant, so only the verb that is asked for is loaded, and the verbs that
/// talk to a cluster go through `dev.coterie.server.remote`, which loads little. Read first:
/// [dev.coterie.server.cli.Main], [dev.coterie.server.cli.PutCommand].
@NullMarked
package dev.coterie.server.cli;

import org.jspecify.annotations.NullMarked;
