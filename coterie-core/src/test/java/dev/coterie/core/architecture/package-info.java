// SPDX-License-Identifier: Apache-2.0
/// The house rules that a compiler cannot see, as tests: which package may use which, and which
/// parts of the JDK would make a run differ from its seed. [Determinism] holds the list of bans,
/// each with its reason; [Packages] the arrows. Other modules run the same rules over their own
/// classes.
///
/// A permit is a comment `// permit: reason` on the line of the use, or alone on the line above. It
/// is counted, and one that permits nothing fails the build.
@NullMarked
package dev.coterie.core.architecture;

import org.jspecify.annotations.NullMarked;
