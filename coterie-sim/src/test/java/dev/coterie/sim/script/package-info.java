// SPDX-License-Identifier: Apache-2.0
/// Tests of the script language, and all transcripts.
@NullMarked
package dev.coterie.sim.script;

import org.jspecify.annotations.NullMarked;
