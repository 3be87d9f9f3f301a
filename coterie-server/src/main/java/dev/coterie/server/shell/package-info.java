// SPDX-License-Identifier: Apache-2.0
/// The system's own tools, for what breaks processes and links on purpose.
@org.jspecify.annotations.NullMarked
package dev.coterie.server.shell;
