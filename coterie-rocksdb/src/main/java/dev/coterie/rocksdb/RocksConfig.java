// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

/// What may be chosen about a [RocksStore]; everything else follows in [RocksTuning].
///
/// @param blockCacheBytes memory for blocks read from files, index and filters included. More:
///   fewer disk reads; less: a smaller process. 64 MiB by default
/// @param writeBufferBytes memory for changes that are in the log and not yet in a table file, over
///   all tables. More: fewer and larger files; less: faster recovery and a smaller process. 64 MiB
///   by default
/// @param openFilesMax table files kept open at once. 512 by default
/// @param backgroundThreads threads for flush and compaction, shared by all stores of the process.
///   2 by default
public record RocksConfig(
    long blockCacheBytes, long writeBufferBytes, int openFilesMax, int backgroundThreads) {
  public static final long BLOCK_CACHE_BYTES_MIN = 1 << 20;
  public static final long WRITE_BUFFER_BYTES_MIN = 1 << 20;
  public static final int OPEN_FILES_MIN = 32;

  public RocksConfig {
    if (blockCacheBytes < BLOCK_CACHE_BYTES_MIN) {
      throw new IllegalArgumentException(
          "the block cache must be at least 1 MiB, but was " + blockCacheBytes + " bytes");
    }
    if (writeBufferBytes < WRITE_BUFFER_BYTES_MIN) {
      throw new IllegalArgumentException(
          "the write buffer must be at least 1 MiB, but was " + writeBufferBytes + " bytes");
    }
    if (openFilesMax < OPEN_FILES_MIN) {
      throw new IllegalArgumentException(
          "at least "
              + OPEN_FILES_MIN
              + " open files are needed, but the limit was "
              + openFilesMax);
    }
    if (backgroundThreads < 1) {
      throw new IllegalArgumentException(
          "at least one background thread is needed, but was " + backgroundThreads);
    }
  }

  public static RocksConfig standard() {
    return new RocksConfig(64L << 20, 64L << 20, 512, 2);
  }
}
