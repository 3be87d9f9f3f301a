// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import dev.coterie.core.quorum.BucketProperties;
import dev.coterie.core.ring.Member;
import dev.coterie.core.ring.Ring;
import java.util.List;

/// The table of all keys, in the order of the configuration file. Reading, checking, the commented
/// file and `docs/operations.md` all come from here, so a key that is missing here does not exist.
final class ConfigKeys {
  private ConfigKeys() {}

  /// One table of the file.
  ///
  /// @param name `http`; empty for the top of the file
  /// @param repeated whether it is an array of tables, `[[cluster.members]]`
  /// @param what what it is about, as one sentence
  record Section(String name, boolean repeated, String what, List<ConfigKey<?>> keys) {}

  static final ConfigKey<Boolean> INSECURE =
      new ConfigKey<>(
          "",
          "insecure",
          new Shape.Flag(),
          "false",
          "Allows listeners that other computers can reach, although nothing is encrypted and"
              + " nobody is asked who they are",
          "whoever reaches a port can read, change and delete everything; said at the start and"
              + " every minute in the log",
          "only this computer can talk to the node");

  static final ConfigKey<String> NODE_ID =
      new ConfigKey<>(
          "node",
          "id",
          new Shape.Name(),
          "",
          "Name of this node, unique in its cluster for ever; must stand among the members",
          "",
          "");
  static final ConfigKey<String> NODE_MACHINE =
      new ConfigKey<>(
          "node",
          "machine",
          new Shape.Label(),
          "\"\"",
          "Label of the machine this node runs on, on which copies and acknowledgements are"
              + " counted. Empty: what its entry among the members says; if given, both must agree",
          "",
          "");
  static final ConfigKey<String> NODE_DATA_DIR =
      new ConfigKey<>(
          "node",
          "data_dir",
          new Shape.PathText(true),
          "\"data\"",
          "Folder of the store and the identity file; belongs to this node alone and must never be"
              + " copied to another",
          "",
          "");
  static final ConfigKey<Long> NODE_SHARDS =
      new ConfigKey<>(
          "node",
          "shards",
          new Shape.Whole(1, 64, "shards"),
          "1",
          "Single-threaded shards among which the partitions are spread; may change at a restart",
          "uses more cores; each shard batches less, so one disk sync serves fewer requests",
          "fewer cores used; larger batches");

  static final ConfigKey<String> CLUSTER_ID =
      new ConfigKey<>(
          "cluster",
          "id",
          new Shape.Name(),
          "",
          "Name of the cluster, the same on all its nodes; a node of another cluster is refused",
          "",
          "");
  static final ConfigKey<String> CLUSTER_SECRET_FILE =
      new ConfigKey<>(
          "cluster",
          "secret_file",
          new Shape.PathText(true),
          "\"secret\"",
          "File with the cluster's secret, the same on all its nodes: at least "
              + ClusterSecret.BYTES_MIN
              + " random bytes in hexadecimal, mode 0600 or the start is refused. Never change it"
              + " while the cluster lives: contexts and the places of keys depend on it",
          "",
          "");
  static final ConfigKey<Long> CLUSTER_PARTITIONS =
      new ConfigKey<>(
          "cluster",
          "partitions",
          new Shape.PowerOfTwo(1, Ring.PARTITIONS_MAX),
          Integer.toString(Ring.PARTITIONS_DEFAULT),
          "Equal parts into which the keys are cut (Q), the same on all nodes; fixed at birth",
          "load is spread more evenly over many nodes; more clocks and logs per node",
          "less bookkeeping; with fewer than ten times the nodes the load is uneven");
  static final ConfigKey<Long> CLUSTER_N_MAX =
      new ConfigKey<>(
          "cluster",
          "n_max",
          new Shape.Whole(1, BucketProperties.N_MAX, "copies"),
          Integer.toString(BucketProperties.N_MAX),
          "Most copies that a bucket may ask for, the same on all nodes; each n in use has clocks"
              + " and logs of its own in every partition",
          "buckets that survive more lost machines are possible",
          "nobody can ask for more copies than the disks were planned for");

  static final ConfigKey<String> MEMBER_ID =
      new ConfigKey<>(
          "cluster.members", "id", new Shape.Name(), "", "Name of the member's node", "", "");
  static final ConfigKey<HostPort> MEMBER_PEER =
      new ConfigKey<>(
          "cluster.members",
          "peer",
          new Shape.Address(),
          "",
          "Where the other members reach its peer listener",
          "",
          "");
  static final ConfigKey<String> MEMBER_MACHINE =
      new ConfigKey<>(
          "cluster.members",
          "machine",
          new Shape.Label(),
          "\"\"",
          "Label of its machine. Empty: the host of `peer`, where all loopback addresses are one"
              + " machine. Copies never double up on a machine, and two nodes of one machine count"
              + " once",
          "",
          "");
  static final ConfigKey<String> MEMBER_RACK =
      new ConfigKey<>(
          "cluster.members",
          "rack",
          new Shape.Label(),
          "\"\"",
          "Label of its rack, within its zone; copies are spread over racks where there are enough",
          "",
          "");
  static final ConfigKey<String> MEMBER_ZONE =
      new ConfigKey<>(
          "cluster.members",
          "zone",
          new Shape.Label(),
          "\"\"",
          "Label of its zone; copies are spread over zones where there are enough",
          "",
          "");
  static final ConfigKey<Long> MEMBER_WEIGHT =
      new ConfigKey<>(
          "cluster.members",
          "weight",
          new Shape.Whole(1, Member.WEIGHT_MAX, ""),
          Integer.toString(Member.WEIGHT_DEFAULT),
          "Its share of the data in proportion to the other members' weights",
          "it holds more partitions",
          "it holds fewer");

  static final ConfigKey<HostPort> HTTP_LISTEN =
      new ConfigKey<>(
          "http",
          "listen",
          new Shape.Address(),
          "\"127.0.0.1:8098\"",
          "Where clients reach this node; other than loopback only with `insecure = true`",
          "",
          "");
  static final ConfigKey<Long> HTTP_VALUE_BYTES_MAX =
      new ConfigKey<>(
          "http",
          "value_bytes_max",
          new Shape.Whole(1_024, 16 << 20, "bytes"),
          "1048576",
          "Largest value with its metadata; larger ones are answered with 413",
          "larger values; each takes memory on every node it passes and delays those behind it",
          "less memory for the worst case");
  static final ConfigKey<Long> HTTP_CONNECTIONS_MAX =
      new ConfigKey<>(
          "http",
          "connections_max",
          new Shape.Whole(1, 100_000, "connections"),
          "4096",
          "Open client connections; one above it is closed at once",
          "more clients at a time; each idle one costs some KiB and a file descriptor",
          "a flood of connections is cut off earlier");
  static final ConfigKey<Long> HTTP_CONNECTIONS_PER_SOURCE_MAX =
      new ConfigKey<>(
          "http",
          "connections_per_source_max",
          new Shape.Whole(1, 100_000, "connections"),
          "1024",
          "Open client connections from one address",
          "one address can take more of `connections_max`",
          "clients behind one proxy may be cut off");
  static final ConfigKey<Long> HTTP_IN_FLIGHT_MAX =
      new ConfigKey<>(
          "http",
          "in_flight_max",
          new Shape.Whole(1, 1_000_000, "requests"),
          "1024",
          "Requests being worked on at a time; one above it is answered with 503 and was not"
              + " applied",
          "bursts are absorbed; waiting times grow",
          "overload is refused earlier");
  static final ConfigKey<Long> HTTP_IN_FLIGHT_PER_CONNECTION_MAX =
      new ConfigKey<>(
          "http",
          "in_flight_per_connection_max",
          new Shape.Whole(1, 10_000, "requests"),
          "64",
          "Requests of one connection read ahead of their answers (pipelining); further ones wait"
              + " unread",
          "a pipelining client gets more done at a time",
          "one client cannot crowd out the others");
  static final ConfigKey<Long> HTTP_TIMEOUT_MS =
      new ConfigKey<>(
          "http",
          "timeout_ms",
          new Shape.Whole(10, 600_000, "ms"),
          "10000",
          "How long a request waits for its quorum where the client gives no timeout",
          "slow replicas are waited for; clients hang longer when too few are up",
          "quicker answers; more of them are \"indeterminate\"");
  static final ConfigKey<Long> HTTP_HEADER_TIMEOUT_MS =
      new ConfigKey<>(
          "http",
          "header_timeout_ms",
          new Shape.Whole(100, 600_000, "ms"),
          "5000",
          "Time for the head of a request to arrive",
          "clients on very slow links work",
          "dawdling connections are closed earlier");
  static final ConfigKey<Long> HTTP_REQUEST_TIMEOUT_MS =
      new ConfigKey<>(
          "http",
          "request_timeout_ms",
          new Shape.Whole(100, 600_000, "ms"),
          "30000",
          "Time for a whole request to arrive, its body included; at least `header_timeout_ms`",
          "large values over slow links work",
          "dawdling connections are closed earlier");
  static final ConfigKey<Long> HTTP_IDLE_TIMEOUT_MS =
      new ConfigKey<>(
          "http",
          "idle_timeout_ms",
          new Shape.Whole(100, 3_600_000, "ms"),
          "60000",
          "A connection without a request for this long is closed",
          "clients reconnect less often",
          "fewer idle connections are kept");

  static final ConfigKey<HostPort> PEER_LISTEN =
      new ConfigKey<>(
          "peer",
          "listen",
          new Shape.Address(),
          "\"127.0.0.1:8099\"",
          "Where the other members reach this node; other than loopback only with `insecure ="
              + " true`",
          "",
          "");
  static final ConfigKey<Long> PEER_QUEUE_BYTES_MAX =
      new ConfigKey<>(
          "peer",
          "queue_bytes_max",
          new Shape.Whole(8 << 20, 1L << 30, "bytes"),
          "33554432",
          "Messages waiting for one peer; one above it is not sent and counts as failed. At least"
              + " `frame_bytes_max`",
          "a slow peer is borne longer; memory for each peer",
          "a slow peer is noticed earlier");
  static final ConfigKey<Long> PEER_FRAME_BYTES_MAX =
      new ConfigKey<>(
          "peer",
          "frame_bytes_max",
          new Shape.Whole(8 << 20, 64 << 20, "bytes"),
          "16777216",
          "Largest message between nodes, checked before memory is taken; at least"
              + " `http.value_bytes_max` and 64 KiB more. A put that would leave siblings of more than"
              + " a quarter of this together is rejected, like one above `siblings_max`",
          "records with many large siblings can travel",
          "less memory for the worst case");
  static final ConfigKey<Long> PEER_CONNECT_TIMEOUT_MS =
      new ConfigKey<>(
          "peer",
          "connect_timeout_ms",
          new Shape.Whole(100, 60_000, "ms"),
          "2000",
          "Time to connect to a peer and to agree on the hello",
          "slow networks work",
          "a silent address is given up earlier and tried again");
  static final ConfigKey<Long> PEER_BACKOFF_MS_MAX =
      new ConfigKey<>(
          "peer",
          "backoff_ms_max",
          new Shape.Whole(50, 600_000, "ms"),
          "2000",
          "Longest pause between two tries to reach a peer; pauses start at 50 ms, double, and vary"
              + " at random",
          "fewer tries while a peer is away",
          "a peer that comes back is used sooner");
  static final ConfigKey<Long> PEER_PING_MS =
      new ConfigKey<>(
          "peer",
          "ping_ms",
          new Shape.Whole(50, 60_000, "ms"),
          "1000",
          "A connection that has carried nothing for this long is asked for a sign of life",
          "less traffic when idle",
          "a dead connection is noticed sooner");
  static final ConfigKey<Long> PEER_PING_TIMEOUT_MS =
      new ConfigKey<>(
          "peer",
          "ping_timeout_ms",
          new Shape.Whole(100, 600_000, "ms"),
          "5000",
          "A connection from which nothing has come for this long is closed; above `ping_ms`",
          "pauses of a peer are borne longer",
          "a dead connection is noticed sooner; long pauses cost a reconnect");

  static final ConfigKey<HostPort> ADMIN_LISTEN =
      new ConfigKey<>(
          "admin",
          "listen",
          new Shape.Address(),
          "\"127.0.0.1:8097\"",
          "Where operators find the dashboard, `/status` and `/metrics`; other than loopback only"
              + " with `insecure = true`",
          "",
          "");

  static final ConfigKey<Boolean> ADMIN_LAB =
      new ConfigKey<>(
          "admin",
          "lab",
          new Shape.Flag(),
          "true",
          "The Lab is offered at `/lab` of this listener: whoever reaches it can make this machine"
              + " work; off, `/lab` answers 404",
          "",
          "");
  static final ConfigKey<String> ADMIN_LAB_LIVE =
      new ConfigKey<>(
          "admin",
          "lab_live",
          new Shape.Word(List.of("loopback", "on", "off")),
          "\"loopback\"",
          "Whether the Lab's page may run a workload on this cluster, which writes to buckets"
              + " `lab-live-*`: `loopback`, where this listener is on loopback; needs `lab`",
          "",
          "");
  static final ConfigKey<String> ADMIN_LAB_FOLDER =
      new ConfigKey<>(
          "admin",
          "lab_folder",
          new Shape.PathText(false),
          "\"\"",
          "Folder of the `./coterie up` that runs this node, which sets this: with it the Lab's page"
              + " may also stop the cluster's other nodes and cut links, where this listener is on"
              + " loopback",
          "",
          "");
  static final ConfigKey<Double> ADMIN_TARGET_READ_P99_MS =
      new ConfigKey<>(
          "admin",
          "target_read_p99_ms",
          new Shape.Decimal(0.1, 60_000, "ms"),
          "50.0",
          "What clients are to get, for the dashboard: p99 of reads, at most",
          "slower reads pass",
          "slow reads are told of sooner");
  static final ConfigKey<Double> ADMIN_TARGET_WRITE_P99_MS =
      new ConfigKey<>(
          "admin",
          "target_write_p99_ms",
          new Shape.Decimal(0.1, 60_000, "ms"),
          "100.0",
          "The same of writes",
          "slower writes pass",
          "slow writes are told of sooner");
  static final ConfigKey<Double> ADMIN_TARGET_SUCCESS_PERCENT =
      new ConfigKey<>(
          "admin",
          "target_success_percent",
          new Shape.Decimal(0, 100, "percent"),
          "99.9",
          "Reads, and writes, that succeed, at least",
          "fewer failures pass",
          "more failures pass");
  static final ConfigKey<Double> ADMIN_TARGET_STALE_PERCENT =
      new ConfigKey<>(
          "admin",
          "target_stale_percent",
          new Shape.Decimal(0, 100, "percent"),
          "1.0",
          "Reads that are stale, at most",
          "more stale reads pass",
          "stale reads are told of sooner");

  static final ConfigKey<Long> STORAGE_BLOCK_CACHE_BYTES =
      new ConfigKey<>(
          "storage",
          "block_cache_bytes",
          new Shape.Whole(1 << 20, 1L << 40, "bytes"),
          "67108864",
          "Memory outside the heap for blocks read from table files, their indexes and filters"
              + " included",
          "fewer disk reads",
          "a smaller process");
  static final ConfigKey<Long> STORAGE_WRITE_BUFFER_BYTES =
      new ConfigKey<>(
          "storage",
          "write_buffer_bytes",
          new Shape.Whole(1 << 20, 1L << 36, "bytes"),
          "67108864",
          "Memory outside the heap for changes that are in the log and not yet in a table file",
          "fewer and larger files",
          "a faster start after a crash; a smaller process");
  static final ConfigKey<Long> STORAGE_OPEN_FILES_MAX =
      new ConfigKey<>(
          "storage",
          "open_files_max",
          new Shape.Whole(32, 1_000_000, "files"),
          "512",
          "Table files kept open at a time",
          "fewer files are opened again; file descriptors",
          "fewer file descriptors");
  static final ConfigKey<Long> STORAGE_BACKGROUND_THREADS =
      new ConfigKey<>(
          "storage",
          "background_threads",
          new Shape.Whole(1, 64, "threads"),
          "2",
          "Threads that write and merge table files",
          "keeps up with heavier writing; takes cores from requests",
          "requests keep their cores; heavy writing is slowed earlier");

  static final ConfigKey<Long> LIMITS_SIBLINGS_MAX =
      new ConfigKey<>(
          "limits",
          "siblings_max",
          new Shape.Whole(1, 1_024, "siblings"),
          "64",
          "A put that would leave more siblings than this is rejected, and a write whose context"
              + " names more ranges that the record no longer does; what was acknowledged is never"
              + " trimmed",
          "more concurrent or blind writers per key; larger records",
          "blind writing is noticed earlier");
  static final ConfigKey<Long> LIMITS_REQUEST_MEMORY_PERCENT =
      new ConfigKey<>(
          "limits",
          "request_memory_percent",
          new Shape.Whole(1, 80, "% of the heap"),
          "25",
          "Memory that all requests in flight may hold; one above it is answered with 503 and was"
              + " not applied",
          "bursts of large values are absorbed; the heap runs full earlier",
          "overload is refused earlier");

  static final ConfigKey<Long> READS_STALE_SAMPLE_ONE_IN =
      new ConfigKey<>(
          "reads",
          "stale_sample_one_in",
          new Shape.Whole(0, 1_000_000, "reads"),
          "64",
          "One read in this many asks all n copies and counts what comes after its answer, for"
              + " `stale_read_pct`; 0 samples none",
          "less extra reading; the figure settles more slowly",
          "a quicker figure; more extra reading");
  static final ConfigKey<Long> READS_RETRY_AFTER_MS =
      new ConfigKey<>(
          "reads",
          "retry_after_ms",
          new Shape.Whole(1, 60_000, "ms"),
          "100",
          "A read that still lacks answers after this long asks the owners that it has not asked"
              + " yet",
          "less extra reading",
          "a slow or dead owner is felt for a shorter time; more extra reading");

  static final ConfigKey<Long> EXPIRY_GRACE_MS =
      new ConfigKey<>(
          "expiry",
          "grace_ms",
          new Shape.Whole(0, 3_600_000, "ms"),
          "60000",
          "How far the wall clocks of two nodes may be apart. A value is gone for readers the"
              + " moment it expires; its record is taken away no sooner than this after it. The"
              + " same on all nodes",
          "worse clocks are borne",
          "space is free sooner");
  static final ConfigKey<Long> CLOCKS_SKEW_MAX_MS =
      new ConfigKey<>(
          "clocks",
          "skew_max_ms",
          new Shape.Whole(1, 3_600_000, "ms"),
          "500",
          "A node whose clock is further than this from the median of the members coordinates no"
              + " writes of last-write-wins buckets, and an owner refuses a fresh one from further"
              + " ahead",
          "nodes with poor time go on writing; a wrong clock decides between more writes",
          "less that a wrong clock can decide; nodes stand aside earlier");

  static final ConfigKey<String> MEMBERSHIP_PRESET =
      new ConfigKey<>(
          "membership",
          "preset",
          new Shape.Word(List.of("lan", "wan", "local")),
          "\"lan\"",
          "How eagerly members watch each other: `local` for nodes of one machine (a death is known"
              + " after some 2 s), `lan` (7 s), `wan` for links of tens of milliseconds (30 s). The"
              + " same on all nodes, as are the other keys of this section",
          "",
          "");
  static final ConfigKey<Long> MEMBERSHIP_PROBE_INTERVAL_MS =
      new ConfigKey<>(
          "membership",
          "probe_interval_ms",
          new Shape.Whole(0, 60_000, "ms"),
          "0",
          "One other member is probed in so much time; 0 for the preset's (250, 1000, 5000)",
          "less traffic",
          "a death is noticed sooner");
  static final ConfigKey<Long> MEMBERSHIP_PROBE_TIMEOUT_MS =
      new ConfigKey<>(
          "membership",
          "probe_timeout_ms",
          new Shape.Whole(0, 30_000, "ms"),
          "0",
          "An answer that takes longer makes the prober ask others; at most half of the interval; 0"
              + " for the preset's (100, 500, 2000)",
          "fewer questions on slow links",
          "a death is noticed sooner");
  static final ConfigKey<Long> MEMBERSHIP_SUSPICION_MULT =
      new ConfigKey<>(
          "membership",
          "suspicion_mult",
          new Shape.Whole(0, 100, ""),
          "0",
          "A suspect has at least this many intervals (times the logarithm of the members) to say"
              + " that it lives; 0 for the preset's (4, 4, 6)",
          "fewer members are wrongly held for dead",
          "deaths are known sooner");
  static final ConfigKey<Long> MEMBERSHIP_SLOW_PERCENT =
      new ConfigKey<>(
          "membership",
          "slow_percent",
          new Shape.Whole(101, 100_000, "%"),
          "300",
          "A member whose answers take this much of the members' median is asked last",
          "load follows large differences only",
          "slow members are avoided earlier");
  static final ConfigKey<Long> HANDOFF_HINT_AFTER_MS =
      new ConfigKey<>(
          "handoff",
          "hint_after_ms",
          new Shape.Whole(1, 60_000, "ms"),
          "200",
          "A fallback stands in for an owner that has not acknowledged a write after this long; for"
              + " one that is not connected at once",
          "fewer hints for owners that are only slow; a sloppy write waits longer for them",
          "more hints, which cost a write and a message each");
  static final ConfigKey<Long> HANDOFF_HINT_BYTES_MAX =
      new ConfigKey<>(
          "handoff",
          "hint_bytes_max",
          new Shape.Whole(0, 1L << 44, "bytes"),
          "1073741824",
          "Bytes of hints that this node holds for owners that are away, about; above it hints are"
              + " refused and anti-entropy alone brings an owner up to date. 0 holds none",
          "an owner that was away longer is up to date sooner; more disk",
          "less disk; after long outages more work for anti-entropy, and fewer sloppy writes");
  static final ConfigKey<Long> HANDOFF_HINT_OWNER_BYTES_MAX =
      new ConfigKey<>(
          "handoff",
          "hint_owner_bytes_max",
          new Shape.Whole(0, 1L << 44, "bytes"),
          "268435456",
          "The same for one owner, so that one that never comes back leaves room for the others",
          "more room for one owner",
          "more room for the others");
  static final ConfigKey<Long> HANDOFF_CREDITS_MAX =
      new ConfigKey<>(
          "handoff",
          "credits_max",
          new Shape.Whole(1, 4_096, "hints"),
          "64",
          "Hints that a shard of this node lets come back at once, from all fallbacks together;"
              + " none while its inbox is full of other work",
          "up to date sooner after an outage; clients feel it more",
          "clients feel less of it; up to date later");
  static final ConfigKey<Boolean> ANTI_ENTROPY_CLOCKS =
      new ConfigKey<>(
          "anti_entropy",
          "clocks",
          new Shape.Flag(),
          "true",
          "Owners of a partition exchange what they have seen, and send each other what is missing;"
              + " off, logs and tombstones stay until it is on again",
          "",
          "");
  static final ConfigKey<Boolean> ANTI_ENTROPY_TREES =
      new ConfigKey<>(
          "anti_entropy",
          "trees",
          new Shape.Flag(),
          "true",
          "Hash trees are proved against the disk and compared with those of the other owners; off,"
              + " they are kept all the same",
          "",
          "");
  static final ConfigKey<String> ANTI_ENTROPY_REAP =
      new ConfigKey<>(
          "anti_entropy",
          "reap",
          new Shape.Word(List.of("when_everywhere", "never")),
          "\"when_everywhere\"",
          "When tombstones and expired values leave the disk: once every owner has told that it has"
              + " seen them, or never. Nothing comes back either way",
          "",
          "");
  static final ConfigKey<Long> ANTI_ENTROPY_AUDIT_HOURS =
      new ConfigKey<>(
          "anti_entropy",
          "audit_hours",
          new Shape.Whole(1, 8_760, "h"),
          "24",
          "Each partition's hash trees are compared with every other owner's once in so long, the"
              + " partitions spread evenly over it, and after every start on a damaged disk",
          "fewer messages; what no clock shows is found later",
          "found sooner; more messages");

  static final List<Section> SECTIONS =
      List.of(
          new Section("", false, "The top of the file", List.of(INSECURE)),
          new Section(
              "node",
              false,
              "This node",
              List.of(NODE_ID, NODE_MACHINE, NODE_DATA_DIR, NODE_SHARDS)),
          new Section(
              "cluster",
              false,
              "The cluster; all of this must be the same on all nodes",
              List.of(CLUSTER_ID, CLUSTER_SECRET_FILE, CLUSTER_PARTITIONS, CLUSTER_N_MAX)),
          new Section(
              "cluster.members",
              true,
              "One table for each node at birth, this one included, the same on all nodes",
              List.of(
                  MEMBER_ID, MEMBER_PEER, MEMBER_MACHINE, MEMBER_RACK, MEMBER_ZONE, MEMBER_WEIGHT)),
          new Section(
              "http",
              false,
              "The listener for clients",
              List.of(
                  HTTP_LISTEN,
                  HTTP_VALUE_BYTES_MAX,
                  HTTP_CONNECTIONS_MAX,
                  HTTP_CONNECTIONS_PER_SOURCE_MAX,
                  HTTP_IN_FLIGHT_MAX,
                  HTTP_IN_FLIGHT_PER_CONNECTION_MAX,
                  HTTP_TIMEOUT_MS,
                  HTTP_HEADER_TIMEOUT_MS,
                  HTTP_REQUEST_TIMEOUT_MS,
                  HTTP_IDLE_TIMEOUT_MS)),
          new Section(
              "peer",
              false,
              "The connections between nodes",
              List.of(
                  PEER_LISTEN,
                  PEER_QUEUE_BYTES_MAX,
                  PEER_FRAME_BYTES_MAX,
                  PEER_CONNECT_TIMEOUT_MS,
                  PEER_BACKOFF_MS_MAX,
                  PEER_PING_MS,
                  PEER_PING_TIMEOUT_MS)),
          new Section(
              "admin",
              false,
              "The listener for operators",
              List.of(
                  ADMIN_LISTEN,
                  ADMIN_LAB,
                  ADMIN_LAB_LIVE,
                  ADMIN_LAB_FOLDER,
                  ADMIN_TARGET_READ_P99_MS,
                  ADMIN_TARGET_WRITE_P99_MS,
                  ADMIN_TARGET_SUCCESS_PERCENT,
                  ADMIN_TARGET_STALE_PERCENT)),
          new Section(
              "storage",
              false,
              "The store on disk",
              List.of(
                  STORAGE_BLOCK_CACHE_BYTES,
                  STORAGE_WRITE_BUFFER_BYTES,
                  STORAGE_OPEN_FILES_MAX,
                  STORAGE_BACKGROUND_THREADS)),
          new Section(
              "limits",
              false,
              "What one client may cost",
              List.of(LIMITS_SIBLINGS_MAX, LIMITS_REQUEST_MEMORY_PERCENT)),
          new Section(
              "reads",
              false,
              "How reads ask",
              List.of(READS_STALE_SAMPLE_ONE_IN, READS_RETRY_AFTER_MS)),
          new Section("expiry", false, "Values with an end", List.of(EXPIRY_GRACE_MS)),
          new Section(
              "clocks", false, "Wall clocks, for last-write-wins", List.of(CLOCKS_SKEW_MAX_MS)),
          new Section(
              "membership",
              false,
              "How members watch each other",
              List.of(
                  MEMBERSHIP_PRESET,
                  MEMBERSHIP_PROBE_INTERVAL_MS,
                  MEMBERSHIP_PROBE_TIMEOUT_MS,
                  MEMBERSHIP_SUSPICION_MULT,
                  MEMBERSHIP_SLOW_PERCENT)),
          new Section(
              "handoff",
              false,
              "How nodes stand in for owners that are away, and give back what they held",
              List.of(
                  HANDOFF_HINT_AFTER_MS,
                  HANDOFF_HINT_BYTES_MAX,
                  HANDOFF_HINT_OWNER_BYTES_MAX,
                  HANDOFF_CREDITS_MAX)),
          new Section(
              "anti_entropy",
              false,
              "How owners stay in step",
              List.of(
                  ANTI_ENTROPY_CLOCKS,
                  ANTI_ENTROPY_REAP,
                  ANTI_ENTROPY_TREES,
                  ANTI_ENTROPY_AUDIT_HOURS)));

  static Section section(String name) {
    for (Section section : SECTIONS) {
      if (section.name().equals(name)) {
        return section;
      }
    }
    throw new IllegalArgumentException("no section " + name);
  }
}
