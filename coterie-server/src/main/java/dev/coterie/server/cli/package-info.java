// SPDX-License-Identifier: Apache-2.0
/// The verbs of `./coterie`: [dev.coterie.server.cli.Main] reads the command line and hands over to
/// one class per verb. Results go to standard output, everything else to standard error; the exit
/// code is 0 for done, 1 for refused or failed, 2 for a command line that makes no sense.
@NullMarked
package dev.coterie.server.cli;

import org.jspecify.annotations.NullMarked;
