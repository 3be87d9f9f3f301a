// SPDX-License-Identifier: Apache-2.0
/// Tests of the store on RocksDB, with real files and real damage.
@NullMarked
package dev.coterie.rocksdb;

import org.jspecify.annotations.NullMarked;
