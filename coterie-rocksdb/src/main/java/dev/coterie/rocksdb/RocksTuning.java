// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import dev.coterie.host.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;

/// Every option of a [RocksStore] and its reason. Meant for records of about 1 KiB, 100 thousand to
/// 10 million of them, read one by one in random order (keys are hashes), in a small process. Holds
/// native memory: closed after the database.
final class RocksTuning implements AutoCloseable {
  private final List<RocksObject> natives = new ArrayList<>();
  private final Cache blockCache;
  private final BloomFilter bloom;
  private final RocksConfig config;

  RocksTuning(RocksConfig config) {
    this.config = config;
    // Sixteen shards of the cache: two cores and a few shards of the node rarely meet in one.
    this.blockCache = held(new LRUCache(config.blockCacheBytes(), 4));
    this.bloom = held(new BloomFilter(10));
  }

  DBOptions database(Recovery recovery, boolean createIfMissing) {
    // A whole log file that went missing between two others would leave a hole, not a shorter
    // prefix; the manifest then knows.
    return logsTracked()
        .setCreateIfMissing(createIfMissing)
        .setCreateMissingColumnFamilies(true)
        .setWalRecoveryMode(
            switch (recovery) {
              case AFTER_CLEAN_STOP -> WALRecoveryMode.AbsoluteConsistency;
              case AFTER_CRASH -> WALRecoveryMode.PointInTimeRecovery;
            })
        // INV-tail: table files hold one prefix of the batches over all tables.
        .setAtomicFlush(true)
        // What was replayed from the log is in fsynced table files when open returns, so that
        // everything an
        // opened store holds is durable.
        .setAvoidFlushDuringRecovery(false)
        // INV-sticky: RocksDB would take up writing again by itself when space is freed.
        .setMaxBgErrorResumeCount(0)
        .setParanoidChecks(true)
        .setDbWriteBufferSize(config.writeBufferBytes())
        .setMaxTotalWalSize(2 * config.writeBufferBytes())
        .setMaxOpenFiles(config.openFilesMax())
        .setMaxBackgroundJobs(config.backgroundThreads())
        // Table files are handed to the disk as they are written, not all at the end: the syncs of
        // the log
        // in between stay short.
        .setBytesPerSync(1 << 20)
        .setSkipStatsUpdateOnDbOpen(true)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(1 << 20)
        .setKeepLogFileNum(4)
        .setMaxManifestFileSize(16 << 20);
  }

  /// The Java interface has no setter for it.
  private DBOptions logsTracked() {
    Properties properties = new Properties();
    properties.setProperty("track_and_verify_wals_in_manifest", "true");
    return held(DBOptions.getDBOptionsFromProps(properties));
  }

  /// For reading what can be read of a damaged store.
  ///
  /// @param bestEffort whether files that are missing may take the store back to an earlier moment
  DBOptions damaged(boolean bestEffort) {
    // RocksDB crashes the process where it is to read a store alone, tracks no log files and finds
    // some tracked in the manifest (a null recovery context).
    return logsTracked()
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setParanoidChecks(false)
        .setBestEffortsRecovery(bestEffort)
        .setMaxOpenFiles(config.openFilesMax())
        .setSkipStatsUpdateOnDbOpen(true)
        .setStatsDumpPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
  }

  /// Options of the column family of `table`.
  ColumnFamilyOptions table(Table table) {
    boolean records = table == Table.RECORDS;
    ColumnFamilyOptions options = small();
    if (records) {
      options
          .setWriteBufferSize(config.writeBufferBytes() * 3 / 4)
          .setTargetFileSizeBase(32 << 20)
          .setMaxBytesForLevelBase(128 << 20)
          // Half of all reads before a put find nothing; this avoids hopping over the memtable too.
          .setMemtablePrefixBloomSizeRatio(0.02)
          .setMemtableWholeKeyFiltering(true);
    }
    return options;
  }

  /// Options of a column family that stays small.
  ColumnFamilyOptions small() {
    BlockBasedTableConfig format =
        new BlockBasedTableConfig()
            .setBlockCache(blockCache)
            .setFilterPolicy(bloom)
            .setFormatVersion(6)
            .setBlockSize(8 << 10)
            // Index and filters in parts that live in the cache: memory stays bounded at 10 million
            // keys.
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setMetadataBlockSize(4 << 10)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setPinTopLevelIndexAndFilter(true);
    return held(new ColumnFamilyOptions())
        .setTableFormatConfig(format)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setLevelCompactionDynamicLevelBytes(true)
        .setWriteBufferSize(config.writeBufferBytes() / 4)
        .setArenaBlockSize(256 << 10)
        .setMaxWriteBufferNumber(2)
        .setTargetFileSizeBase(16 << 20)
        .setMaxBytesForLevelBase(64 << 20);
  }

  private <T extends RocksObject> T held(T object) {
    natives.add(object);
    return object;
  }

  @Override
  public void close() {
    for (RocksObject object : natives.reversed()) {
      object.close();
    }
    natives.clear();
  }
}
