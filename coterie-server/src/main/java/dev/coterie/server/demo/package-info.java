// SPDX-License-Identifier: Apache-2.0
/// The shopping cart of the Dynamo paper (DeCandia et al., 2007, section 4.4) as a story on a real
/// cluster. [Shop] lets shoppers add to carts from two devices at once, through whatever node they
/// reach, and counts what came of it; [CartAudit] then reads every cart from every node. Both speak
/// the public HTTP interface alone.
@NullMarked
package dev.coterie.server.demo;

import org.jspecify.annotations.NullMarked;
