// SPDX-License-Identifier: Apache-2.0
/// What a client stores under a key, as bytes: the value and what HTTP and Riak's protocol say
/// about it (content type, encoding, user metadata, when it was stored). The core carries these
/// bytes and does not look inside, so the metadata of one sibling travels, is hashed and is
/// repaired as one with its value.
///
/// [dev.coterie.codec.content.ObjectContent] is the value with its
/// [dev.coterie.codec.content.ContentHead]; the encoding is that of protocol buffers (tags, unknown
/// fields skipped), so that a later version may add a field. Every text is a run of bytes held as
/// ISO-8859-1: what came in as a header goes out as the same bytes.
@NullMarked
package dev.coterie.codec.content;

import org.jspecify.annotations.NullMarked;
