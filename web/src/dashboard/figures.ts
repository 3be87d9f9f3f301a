// SPDX-License-Identifier: Apache-2.0

/** A number of the page: what it means, the metric that carries it, the command that prints it. */
export interface About {
  name: string;
  what: string;
  metric: string;
  command: string;
}

const status = "./coterie cluster status";
const figures = "./coterie cluster figures";

export const about = {
  told: { name: "Nodes that tell", what: "Members that have told this node how they stand within the last seconds.", metric: "coterie_members_connected", command: figures },
  partitions: { name: "Partitions", what: "Counted by the owners that serve and vote. Reads need R of them; writes need W, for which fallbacks count in a sloppy quorum.", metric: "coterie_node_state", command: status },
  sight: { name: "Who sees whom", what: "What each member's failure detector thinks of each other, and whether the two are connected. Cuts in one direction show only here.", metric: "coterie_members_dead", command: status },
  placement: { name: "Placement", what: "Epoch and fingerprint of the map that says who owns what; members that agree name the same.", metric: "coterie_placement_epoch", command: `${status} --json` },
  reads: { name: "Reads per second", what: "Reads that ended, answered or not, at all nodes together; the last ten seconds.", metric: "coterie_reads_total", command: figures },
  writes: { name: "Writes per second", what: "Writes and deletes that ended, however they did; the last ten seconds.", metric: "coterie_writes_total", command: figures },
  readSuccess: { name: "Reads answered", what: "Of the reads of the last minute that ended. One that found nothing is answered.", metric: "coterie_reads_total", command: figures },
  writeSuccess: { name: "Writes applied", what: "Of the writes of the last minute that ended. The rest was rejected, so certainly not applied, or is indeterminate: a timeout means that the value may still be there.", metric: "write_success_rate", command: figures },
  readTime: { name: "Read latency", what: "From a request's arrival to its reply, of reads that succeeded in the last minute, all nodes together; to an eighth of an octave.", metric: "quorum_read_latency_ms", command: figures },
  writeTime: { name: "Write latency", what: "From a request's arrival to its ack, of writes applied in the last minute, all nodes together; to an eighth of an octave.", metric: "quorum_write_latency_ms", command: figures },
  stale: { name: "Stale reads", what: "Of a sample of the reads of the last five minutes: the answer lacked a value that another owner of the key held.", metric: "stale_read_pct", command: figures },
  expected: { name: "Stale reads, foretold", what: "What stale_read_pct would be if nothing but the measured delays made reads stale: the WARS model, with the gaps between the last write of a key and the sampled reads of it. Between two bounds, because nobody knows how a round trip parts.", metric: "coterie_stale_expected_pct", command: figures },
  levelStale: { name: "Stale reads, seen", what: "Of the sampled reads of the last five minutes with these n, r and w; with its 95 % interval.", metric: "coterie_level_stale_reads", command: figures },
  levelSamples: { name: "Sampled reads", what: "Reads of the last five minutes that asked all owners, to measure staleness; one of 64 is drawn.", metric: "coterie_level_sampled_reads", command: figures },
  gap: { name: "Written before", what: "Half of the sampled reads began within so long after their key had last been written, by the clocks of the two nodes.", metric: "coterie_read_gap_ms", command: figures },
  trips: { name: "Round trips", what: "From asking an owner on another node to its answer, median of the last five minutes; a write's with its sync.", metric: "coterie_replica_round_trip_ms_count", command: "./coterie lab from-cluster" },
  failed: { name: "What did not succeed", what: "Reads that got no answer, writes that were rejected, and writes of which nobody knows.", metric: "coterie_writes_total", command: figures },
  hints: { name: "Hints", what: "Writes that fallbacks hold for owners that could not be reached, until these have taken them.", metric: "coterie_hints_held", command: status },
  hintBytes: { name: "Bytes of hints", what: "About how much room the hints take, at all nodes together.", metric: "coterie_hint_bytes", command: figures },
  hintOldest: { name: "Oldest hint", what: "For how long something has been held for an owner without a break: no hint is older.", metric: "coterie_hint_oldest_seconds", command: figures },
  lag: { name: "Behind", what: "Writes that a node has not told to have, as the other owner that knows most of them tells; while they are on their way a few are normal.", metric: "coterie_lag_dots", command: status },
  audit: { name: "Oldest audit", what: "How long ago the hash trees of all owners of a partition were compared, for the one whose turn is longest past. Each has its turn once a day.", metric: "coterie_oldest_audit_seconds", command: `${status} --partitions` },
  tombstones: { name: "Deletes that wait", what: "Deleted or expired records that stay until every owner has seen them.", metric: "coterie_tombstones_waiting", command: status },
  siblings: { name: "Most siblings", what: "The most values side by side that a read of the last minute returned: writes made without having read each other.", metric: "coterie_read_siblings_most", command: figures },
  siblingsP99: { name: "Siblings, p99", what: "Of the reads of the last minute that found a value, 99 % returned at most so many values side by side.", metric: "coterie_read_siblings", command: figures },
  diverged: { name: "Keys that differ", what: "An estimate from above: at most so many keys differ between their owners. Missing writes are added up over all owners that tell of them, so one that two others have counts twice, and those on their way count too.", metric: "coterie_lag_dots", command: figures },
  hintsLeft: { name: "Hints, time left", what: "An estimate: the hints that wait, over how fast they have become fewer within the last minute.", metric: "coterie_hints_held", command: figures },
  copiesLeft: { name: "Copies, time left", what: "An estimate: the groups that are being filled, over how fast they have become fewer within the last minute. Copies that are larger than those before take longer.", metric: "coterie_groups_rebuilding", command: figures },
  rebuilding: { name: "Copies being filled", what: "Groups whose copy on a node is not complete: it has no vote there until it is.", metric: "coterie_groups_rebuilding", command: figures },
  repairs: { name: "Mended by reads", what: "Stale copies that reads saw and mended, since the nodes started.", metric: "coterie_repairs_total", command: figures },
  discarded: { name: "Thrown away by last-write-wins", what: "Acknowledged values that went although whoever replaced them had not seen them, since the nodes started: written at the same time as another, or replaced blindly.", metric: "coterie_lww_discarded_by_bucket_total", command: figures },
  uptime: { name: "Up", what: "Since this boot of the node serves. The boot counts its starts.", metric: "coterie_boot", command: figures },
  sync: { name: "fsync p99", what: "How long an fsync of the store takes, of those of the last minute. A synced write waits for one.", metric: "coterie_store_sync_ms", command: figures },
  pause: { name: "GC pause", what: "The longest collection of garbage of the last hour, beside it p99: so long the whole process stood still. In all, since its start, is in the command's table.", metric: "coterie_gc_pause_max_ms", command: figures },
  clock: { name: "Clock", what: "How far the node's wall clock is ahead (+) or behind (−) of the median of the members', beyond what round trips explain. It decides in last-write-wins buckets, and when values expire.", metric: "coterie_clock_ahead_ms", command: figures },
  inFlight: { name: "In flight", what: "Requests that the node coordinates now.", metric: "coterie_requests_in_flight", command: figures },
  queue: { name: "To send", what: "Bytes that wait to be sent to other nodes.", metric: "coterie_transport_queue_bytes", command: figures },
  disk: { name: "Disk free", what: "What the file system of the node's data has left.", metric: "coterie_disk_free_bytes", command: figures },
  version: { name: "Version", what: "The release that the node runs.", metric: "coterie_build_info", command: figures },
  state: { name: "State", what: "Whether the node serves, and why not.", metric: "coterie_node_state", command: status },
  alarms: { name: "Events", what: "What operators should know, newest first; what several nodes saw at once is told once.", metric: "coterie_alarms_total", command: figures },
  versions: { name: "Versions of a key", what: "What each owner holds, how it came there, and why a read returns what it does.", metric: "coterie_stale_reads_total", command: "./coterie key explain BUCKET KEY" },
} satisfies Record<string, About>;

export type FigureId = keyof typeof about;
