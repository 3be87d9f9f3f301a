// SPDX-License-Identifier: Apache-2.0
package dev.coterie.core.base;

/// A bug on purpose: a shortcut that a hurried person would take. Off in every product; the
/// simulator switches one on to see that an oracle finds it. Each names the rule that it breaks.
public enum Plant {
  /// The actor of the last boot is kept over a restart, counters begin anew: a dot is minted twice
  /// (F01).
  ACTOR_KEPT_OVER_RESTART,
  /// An ack leaves before the copy is synced.
  ACK_BEFORE_SYNC,
  /// The coordinator counts its own copy before it is synced.
  OWN_ACK_BEFORE_SYNC,
  /// "Already seen" is acked at once, though the first copy may not be synced yet.
  SEEN_ACKED_BEFORE_SYNC,
  /// A put replaces every sibling, seen or not.
  BLIND_PUT_REPLACES_ALL,
  /// A put replaces nothing: each one adds a sibling.
  PUT_REPLACES_NOTHING,
  /// An arriving record overwrites the local one instead of joining it.
  STORE_OVERWRITES,
  /// A delete drops the record instead of leaving a tombstone.
  DELETE_LEAVES_NOTHING,
  /// A delete removes siblings that its context has not seen.
  DELETE_REMOVES_UNSEEN,
  /// A read answers with the first reply, whatever r says.
  READ_ANSWERS_AT_ONE,
  /// A write answers after one ack, whatever w says.
  WRITE_ANSWERS_AT_ONE,
  /// The same node's ack counts twice.
  ACK_COUNTED_TWICE,
  /// A damaged record is taken for an absent one.
  DAMAGE_TAKEN_FOR_ABSENCE,
  /// A wiped replica votes "not found" before its copy is complete.
  WIPED_REPLICA_VOTES,
  /// A timeout is reported as rejected although the write was sent.
  TIMEOUT_REPORTED_AS_REJECTED,
  /// A read returns only the sibling with the highest dot.
  READ_DROPS_SIBLINGS,
  /// Read repair sends back the reply of one replica, not the join.
  REPAIR_SENDS_FIRST_REPLY,
  /// Read repair is never sent.
  NO_READ_REPAIR,
  /// The context of a reply claims dots that the replier never saw (M-1: a plain version vector).
  CONTEXT_CLAIMS_BELOW,
  /// An ack for an arriving record is sent although the disk refused it.
  ACK_AFTER_FAILED_WRITE,
  /// A store that went back in time goes on under its old boot and is trusted (F04).
  ROLLBACK_UNNOTICED,
  /// The reply to a put carries the whole record's context, siblings included that the client never
  /// saw.
  PUT_REPLY_CLAIMS_UNSEEN,
  /// A forwarded request that arrives twice is carried out twice (F33).
  FORWARD_TAKEN_TWICE,
  /// An owner that is seen to have lost a record goes on minting under the same actor, and its next
  /// range claims what it has lost.
  ACTOR_KEPT_AFTER_LOSS,
  /// A dot that is dropped because the clock covers it still enters the context (M-8).
  DROP_BECOMES_EVENT,
  /// A late message is judged like an owner's statement and brings back what was deleted (M-2).
  LATE_TAKEN_FOR_OWNER,
  /// A replica does work that its coordinator stopped waiting for long ago.
  EXPIRED_WORK_DONE,
  /// A digest that names values which no full answer holds is left out of the read's answer.
  DIGEST_NOT_FETCHED,
  /// Read repair joins a digest as if it were a record.
  DIGEST_REPAIRED_AS_RECORD,
  /// Actors are closed as soon as this owner takes nothing new of them, whatever the others do.
  CLOSED_WITHOUT_PROMISES,
  /// A node promises to hold nothing of a boot that is over although it has not given back its
  /// hints.
  PROMISED_OVER_HINTS,
  /// Actors are closed although another owner lacks some of their dots.
  CLOSED_BEFORE_ALL_HAVE_IT,
  /// A write of a closed actor that comes late is acked as one that has been seen.
  CLOSED_ACTOR_ACKED,
  /// A context drops what its own owner has seen, whatever the others have.
  CONTEXT_FOLDED_BY_OWN_CLOCK,
  /// A tombstone goes as soon as its owner has seen it, whatever the others have.
  REAP_BY_OWN_CLOCK,
  /// A restored disk keeps values that all other owners have seen deleted and reaped.
  RESTORED_VALUES_KEPT,
  /// A copy that is still being filled lends its clock.
  INCOMPLETE_LENDS_CLOCK,
  /// A copy counts as complete although a record of it could not be joined.
  COPY_SKIPS_UNREADABLE,
  /// A clock is told before it is synced.
  CLOCK_TOLD_BEFORE_SYNC,
  /// A replica answers whatever the client's session has seen before.
  SESSION_IGNORED,
  /// An expired value that this owner has reaped is taken back from one that still holds it (F22).
  EXPIRED_RESTORED,
  /// The time of a value that has a copy made begins anew at the copy (F22).
  EXPIRY_FROM_ARRIVAL,
  /// A read shows what has expired.
  EXPIRED_STILL_READ,
  /// An expired value goes as soon as its owner's clock says so, whatever the others have.
  EXPIRED_REAPED_BY_OWN_CLOCK,
  /// An owner that has reaped an expired value is taken for stale (F22).
  EXPIRED_REPAIRED,
  /// A member that hears that it is taken for dead says nothing (F50).
  DEAD_NEVER_REFUTED,
  /// It says that it lives, at the incarnation at which it was declared dead: nobody believes it.
  INCARNATION_NOT_RAISED,
  /// A restarted member begins again at the first boot's incarnation (F50).
  BOOT_NOT_IN_INCARNATION,
  /// Whoever misses one answer is declared dead, without time to refute.
  SUSPICION_SKIPPED,
  /// A node that wakes from a pause judges the others by the silence of its own pause (F51).
  PAUSED_NODE_JUDGES,
  /// A dead owner is replaced in the preference list by a node that is none.
  DEATH_MOVES_OWNERSHIP,
  /// Requests wait for a dead owner as long as its connection stands.
  DEAD_OWNER_WAITED_FOR,
  /// Suspect and slow members are asked like all others.
  DOUBTED_ASKED_FIRST,
  /// A fallback's ack counts although the request asked for owners only (F23).
  HINT_COUNTED_IN_STRICT,
  /// An owner acks a hint before it has synced it (F26).
  HINT_DROPPED_BEFORE_SYNC,
  /// A fallback drops a hint on an ack, whatever it has joined into it since (F26).
  HINT_ACK_IGNORES_NEW_DOTS,
  /// A fallback mints as an owner does: its dot extends the range of its actor (M-1).
  FALLBACK_EXTENDS_RANGE,
  /// A fallback without a hint answers "not found" (F34).
  FALLBACK_VOTES_NOT_FOUND,
  /// A hint is judged like an owner's statement and brings back what was deleted (F15).
  HINT_TAKEN_FOR_OWNER_STATEMENT,
  /// A fallback's answer to a read is judged like an owner's statement.
  FALLBACK_ANSWER_TAKEN_FOR_OWNER,
  /// Only the coming of a connection starts a delivery: hints held over a restart lie for ever
  /// (F28).
  HINTS_NOT_DELIVERED_AFTER_RESTART,
  /// An owner whose copy is not complete acks hints.
  INCOMPLETE_OWNER_ACKS_HINT,
  /// Hints are sent without waiting for credits (F30).
  HINTS_SENT_WITHOUT_CREDIT,
  /// A hint that an owner could not take ends the delivery of those behind it (F27).
  BAD_HINT_BLOCKS_THE_REST,
  /// A full hint store makes the write fail (F25).
  FULL_HINT_STORE_FAILS_WRITE,
  /// What a record no longer holds is left in the sum of its hash tree.
  TREE_NOT_UPDATED_ON_DROP,
  /// Hashes are XORed into a tree, without a count: the same one twice is gone (F39).
  TREE_SUM_XOR,
  /// An owner whose disk is seen to have lost something lends its clock all the same (M-4, M-5).
  DAMAGED_LENDS_CLOCK,
  /// A tree that differs from its scan is set right before what was lost is taken back.
  SUM_RENEWED_BEFORE_TAKING_BACK,
  /// A difference of two trees is acted on when it is first seen.
  AUDIT_TRUSTS_FIRST_DIFFERENCE,
  /// What another owner's tree lacks is dropped.
  AUDIT_DELETES_WHAT_OTHER_LACKS,
  /// What has expired is compared, and kept in the trees, like all else.
  TREE_IGNORES_EXPIRY,
  /// Who explains a key takes an owner that said nothing for one that holds nothing.
  SILENT_TAKEN_FOR_EMPTY,
  /// All dots that an arriving record's context names enter the clock; a range of it claims the
  /// dots of other keys.
  DOT_ENTERS_CLOCK_FROM_CONTEXT,
  /// A write lists every dot of the client's token as replaced, not only values that were there.
  TOKEN_DOTS_LISTED,
  /// An owner that lacks a value which its clock covers takes that for a delete, even against
  /// another owner's statement.
  ABSENCE_TAKEN_FOR_DELETE,
  /// An answer to a read travels without the clock of its snapshot: nobody can judge it.
  ANSWER_WITHOUT_CLOCK,
  /// The clock of a copy's sender is added before its records are here.
  CLOCK_JOINED_BEFORE_RECORDS,
  /// The clock that counts for a copy in several parts is that of the last part (S4).
  COPY_CLOCK_AFTER_RECORDS,
  /// An answer that was meant for another boot, or another part of the copy, is taken (M-6).
  COPY_FOR_FORMER_BOOT,
  /// An exchange adds the sender's whole clock with the first records that it brings.
  EXCHANGE_ADDS_WHOLE_CLOCK,
  /// A sender whose log names what its record does not show lends the dot all the same (M-4).
  DAMAGED_OWNER_LENDS,
  /// What a restored disk holds goes on the word of one sender, not of all of them (M-5).
  COVER_OF_ONE_SENDER,
  /// A valueless record that brings no new dot is not stored (corollary of M-3).
  TOMBSTONE_NOT_STORED_WITHOUT_NEWS,
  /// A tombstone goes together with the log entries that the log's bound drops.
  TOMBSTONE_DROPPED_BY_LOG_BOUND,
  /// A tombstone keeps the dots that its delete replaced, not the key's whole context (M-3).
  TOMBSTONE_FORGETS_CONTEXT,
  /// A tombstone goes as soon as its own log entries have gone (M-3).
  REAP_WITH_LOG_ENTRY,
  /// The log drops what its own disk holds, whatever the other owners have.
  LOG_DROPPED_TOO_EARLY,
  /// A wiped owner waits to be told that it is behind before it fills its copy (M-7).
  WIPED_WAITS_TO_BE_BEHIND,
  /// Above the sibling limit repair is refused too.
  SIBLING_LIMIT_BLOCKS_REPAIR,
  /// Above the sibling limit the oldest sibling goes without a word (F09).
  SIBLINGS_TRIMMED,
  /// The condition of a write is not checked.
  CONDITION_IGNORED,
  /// A write sends its own value with the whole context, without the siblings beside it.
  STORE_SENDS_NEW_VALUE_ONLY,
  /// All groups of a node mint under one actor, each with its own counter.
  ONE_ACTOR_FOR_ALL_GROUPS,
  /// A context keeps the last two actors only: pruning by size (F12).
  CONTEXT_PRUNED,
  /// Only a coordinator that holds the newest copy itself repairs the others (F36).
  REPAIR_ONLY_FROM_OWN_COPY,
  /// A log that is too long is cut once, however much is left.
  LOG_CUT_ONCE,
  /// Hints are taken whatever the bound of their store (F25).
  HINT_STORE_UNBOUNDED,
  /// What one owner has closed is taken over from it only once every owner has told its clock.
  CLOSING_WAITS_FOR_EVERY_OWNER,
  /// Who is behind the log of one owner, which then goes away, takes no other for it.
  REBUILD_WAITS_FOR_ONE_AWAY,
  /// What every owner has seen is left out of a token's context, whether the record named it or
  /// not.
  TOKEN_CUT_BY_WHAT_ALL_HAVE_SEEN,
  /// Background work goes on at its own pace while requests wait.
  BACKGROUND_UNPACED,
  /// An owner that has nothing new to tell in two idle exchanges is taken for one whose log has
  /// forgotten.
  IDLE_TAKEN_FOR_BEHIND,
  /// A client's token is taken whatever its MAC says (F11).
  TOKEN_MAC_UNCHECKED,
  /// The MAC of a token does not cover bucket and key: one is good for every key (F11).
  TOKEN_FOR_ANY_KEY,
  /// A read leaves what it has found with a fallback, as a hint for each owner that is away (F35).
  READ_LEAVES_HINTS,
  /// A write goes to as many owners as its w asks for, the others get it when owners compare (seen
  /// by O20, staleness, where nothing fails).
  WRITE_SENT_TO_W_OWNERS,
  /// Requests are taken however many are under way.
  OVERLOAD_TAKEN,
  /// A copy leaves out the writes of boots that are being closed where its sender lacks what this
  /// owner has forgotten, and claims them all the same.
  COPY_LEAVES_OUT_CLOSING,
  /// A bucket's default life is given to values too whose put says how long they are to stay.
  DEFAULT_TTL_OVER_EXPLICIT,
  /// What cannot be read is dropped, and that this copy is damaged is not noted with it.
  GAP_DROPPED_UNNOTED,
  /// What cannot be read is dropped when all has been taken back, and what came goes with it.
  GAP_DROPPED_AFTER_TAKING_BACK,
  /// Where records were dropped unread, what others hold is judged by the own clock.
  HOLE_JUDGED_BY_COVER,
  /// A copy that was under way when something was dropped goes on, and is taken for whole.
  GAP_LEAVES_COPY_RUNNING,
  /// What an owner's record lacks is taken for dropped by its log too: a read believes a disk that
  /// has lost a record.
  LOGGED_JUDGED_BY_COVER,
  /// A full record makes room by what has expired by the minter's clock alone.
  ROOM_BY_OWN_CLOCK,
  /// A boot is closed only by owners that hold something of it: what was lost everywhere keeps the
  /// tombstones that cover it for ever.
  CLOSES_ONLY_WHAT_IT_HOLDS,
  /// Tombstones that may go are put off while requests come first, and are not looked at again.
  PUT_OFF_TOMBSTONES_FORGOTTEN,
  /// Of a token that tells too much which the record does not name, that is left out without a
  /// word.
  WIDE_TOKEN_CUT,
  /// However many writes wait for fallbacks that may have to stand in, more are remembered.
  STAND_INS_UNBOUNDED,
  /// A disk that loses something again, while the walk that ends the damage is on its way, takes
  /// nothing back.
  LOST_AGAIN_NOT_TAKEN_BACK,
  /// An owner whose request came late is told that it is behind a log, and rebuilds its copy for
  /// nothing, whatever has come since it asked.
  LATE_REQUEST_TAKEN_FOR_BEHIND,
  /// What of a wide token one owner no longer holds is taken for gone everywhere.
  WIDE_TOKEN_SETTLED_BY_ONE,
  /// In a last-write-wins bucket a value with a later timestamp stays, though the writer of the new
  /// one has seen it (F13).
  LWW_CLOCK_OVER_CAUSE,
  /// Between equal timestamps a node's own write wins (F14).
  LWW_TIE_BY_ARRIVAL,
  /// A copy drops what loses by its timestamp when it joins two records.
  LWW_LOSERS_DROPPED_BY_MERGE,
  /// A node coordinates last-write-wins writes whatever its clock is off.
  LWW_FENCED_COORDINATES,
  /// An owner takes a fresh write whose timestamp is from beyond the bound.
  LWW_FUTURE_TAKEN,
  /// A delete goes when every owner has it, and what it had won against is shown again.
  LWW_DELETE_REAPED_ALONE,
  /// A member is dead once anybody says so, though this one hears it all the while.
  DEATH_BELIEVED_OF_THE_HEARD,
  /// A member that should be probed at once, and just was, is not probed again.
  HURRY_FORGOTTEN,
  /// A suspect is dead once its time is over, though nobody may have asked it meanwhile.
  NO_LAST_CHANCE,
  /// Owners that lack a write which is lost everywhere are told that they are behind the log of the
  /// one who lost it, and rebuild their copies for nothing.
  LOST_COUNTS_AS_MISSING,
  /// The ack of a fallback counts beside that of the owner for which it stood in.
  STAND_IN_COUNTED_BESIDE_OWNER,
  /// What this owner answered when a read began is merged with what a fallback shows much later.
  OWN_ANSWER_NOT_RENEWED,
  /// What a copy that is being filled holds beside a new value goes to fallbacks with it.
  FILLED_COPY_HINTED_WHOLE,
  /// A fallback takes into a hint, with a new write, values of a boot of which it has promised to
  /// take nothing more.
  REFUSED_VALUE_RIDES_ON_HINT,
  /// The first write to a bucket makes a version of its properties as if somebody had set them.
  FIRST_WRITE_SETS,
  /// A disk that takes back what it lost leaves out what an owner showed that had not seen yet all
  /// that the log here has dropped.
  COPY_LEAVES_OUT_FOR_HASTE,
  /// An owner that holds a value which another one has lost, and that has not closed a boot yet
  /// which the other has, is not asked once more.
  DOUBTED_NOT_ASKED_AGAIN,
  /// What was lost for good counts as there again once its boot is closed: owners that are about to
  /// close it too are told that they are behind the log.
  CLOSED_COUNTS_AS_MISSING,
  /// A disk that takes back what it lost leaves out what comes from an owner that has not closed
  /// yet what is closed here.
  CLOSED_COUNTS_AGAINST_SENDER,
  /// A leaf's hash depends on the order in which its values came: two owners that hold the same
  /// differ (F38).
  TREE_HASHES_ORDER
}
