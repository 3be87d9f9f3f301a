// SPDX-License-Identifier: Apache-2.0
package dev.coterie.codec.message;

import dev.coterie.codec.RecordCodec;
import dev.coterie.codec.wire.DecodeException;
import dev.coterie.codec.wire.WireReader;
import dev.coterie.codec.wire.WireWriter;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.causality.Dot;
import dev.coterie.core.message.ObjectKey;
import dev.coterie.core.message.TreeEntry;
import dev.coterie.core.message.TreeMessage;
import dev.coterie.core.message.TreeMessage.Terms;
import dev.coterie.core.message.TreeMessage.TreeStatus;
import dev.coterie.core.message.TreeNode;
import dev.coterie.core.message.TreeSum;
import java.util.List;

/// The bytes of what is said of hash trees ([TreeMessage]), and their parts.
final class TreeCodec {
  private static final List<TreeStatus> TREE_STATUSES = List.of(TreeStatus.values());

  private TreeCodec() {}

  static Bytes encode(TreeMessage message) {
    return switch (message) {
      case TreeMessage.TreeRequest request -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.TREE_REQUEST, 64 + 48 * request.nodes().size());
        putTerms(out, request.terms());
        for (TreeNode node : request.nodes()) {
          putNode(out, 60, node);
        }
        yield out.toBytes();
      }
      case TreeMessage.TreeReply reply -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.TREE_REPLY, 128 + 48 * reply.nodes().size());
        putTerms(out, reply.terms());
        out.number(9, reply.status().ordinal());
        RecordCodec.putClock(out, 11, reply.clock());
        for (TreeNode node : reply.nodes()) {
          putNode(out, 60, node);
        }
        yield out.toBytes();
      }
      case TreeMessage.LeafRequest request -> {
        WireWriter out = MessageCodec.begin(MessageKind.LEAF_REQUEST, 96);
        putTerms(out, request.terms());
        out.bytes(14, request.cursor());
        out.number(61, request.leaf());
        yield out.toBytes();
      }
      case TreeMessage.LeafReply reply -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.LEAF_REPLY, 128 + 96 * reply.entries().size());
        putTerms(out, reply.terms());
        out.bytes(14, reply.cursor());
        out.bytes(15, reply.next());
        out.flag(17, reply.last());
        out.number(61, reply.leaf());
        for (TreeEntry entry : reply.entries()) {
          putEntry(out, 62, entry);
        }
        yield out.toBytes();
      }
      case TreeMessage.KeysRequest request -> {
        WireWriter out =
            MessageCodec.begin(MessageKind.KEYS_REQUEST, 64 + 48 * request.keys().size());
        putTerms(out, request.terms());
        for (ObjectKey key : request.keys()) {
          RecordCodec.putKey(out, 63, key);
        }
        yield out.toBytes();
      }
    };
  }

  static TreeMessage treeRequest(MessageFields in) throws DecodeException {
    return new TreeMessage.TreeRequest(terms(in), in.nodes);
  }

  static TreeMessage treeReply(MessageFields in) throws DecodeException {
    return new TreeMessage.TreeReply(terms(in), in.status(TREE_STATUSES), in.clock, in.nodes);
  }

  static TreeMessage leafRequest(MessageFields in) throws DecodeException {
    return new TreeMessage.LeafRequest(terms(in), in.leaf, in.cursor);
  }

  static TreeMessage leafReply(MessageFields in) throws DecodeException {
    return new TreeMessage.LeafReply(terms(in), in.leaf, in.cursor, in.values, in.next, in.last);
  }

  static TreeMessage keysRequest(MessageFields in) throws DecodeException {
    return new TreeMessage.KeysRequest(terms(in), in.keys);
  }

  private static Terms terms(MessageFields in) throws DecodeException {
    return new Terms(
        in.request, in.epoch, in.group(), in.askerBoot, in.boot, in.version, in.keyCheck);
  }

  /// Fields of the message: 1 round, 2 epoch, 3 group, 10 sender boot, 13 asker boot, 48 version,
  /// 49 key check.
  private static void putTerms(WireWriter out, Terms terms) {
    out.number(1, terms.round());
    out.number(2, terms.epoch());
    RecordCodec.putGroup(out, 3, terms.group());
    out.number(10, terms.senderBoot());
    out.number(13, terms.askerBoot());
    out.number(48, terms.version());
    out.fixed(49, terms.keyCheck());
  }

  /// Fields: 1 hour, 2 index, 3 low, 4 high, 5 count.
  private static void putNode(WireWriter out, int field, TreeNode node) {
    int begun = out.begin(field);
    out.number(1, node.hour());
    out.number(2, node.index());
    out.fixed(3, node.sum().low());
    out.fixed(4, node.sum().high());
    out.fixed(5, node.sum().count());
    out.end(begun);
  }

  static TreeNode getNode(WireReader in) throws DecodeException {
    long hour = 0;
    int index = 0;
    long low = 0;
    long high = 0;
    long count = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> hour = in.number();
        case 2 -> index = in.smallNumber(Integer.MAX_VALUE);
        case 3 -> low = in.fixed();
        case 4 -> high = in.fixed();
        case 5 -> count = in.fixed();
        default -> in.skip();
      }
    }
    if (!TreeNode.isIndex(index)) {
      throw new DecodeException("no node " + index + " in a tree");
    }
    return new TreeNode(hour, index, new TreeSum(low, high, count));
  }

  /// Fields: 1 key, 2 dot, 3 value hash, 4 expiry.
  private static void putEntry(WireWriter out, int field, TreeEntry entry) {
    int begun = out.begin(field);
    RecordCodec.putKey(out, 1, entry.key());
    RecordCodec.putDot(out, 2, entry.dot());
    out.fixed(3, entry.valueHash());
    out.number(4, entry.expiryMillis());
    out.end(begun);
  }

  static TreeEntry getEntry(WireReader in) throws DecodeException {
    ObjectKey key = null;
    Dot dot = null;
    long hash = 0;
    long expiry = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = RecordCodec.getKey(in.nested());
        case 2 -> dot = RecordCodec.getDot(in.nested());
        case 3 -> hash = in.fixed();
        case 4 -> expiry = in.number();
        default -> in.skip();
      }
    }
    if (key == null || dot == null) {
      throw new DecodeException("tree entry without key or dot");
    }
    return new TreeEntry(key, dot, hash, expiry);
  }
}
