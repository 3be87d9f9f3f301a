// SPDX-License-Identifier: Apache-2.0
package dev.coterie.rocksdb;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixtureTest {
  @TempDir Path folder;

  @Test
  void whatThisVersionWritesItOpens() throws Exception {
    Path written = folder.resolve("written");
    Fixture.generate(written);
    Path copy = folder.resolve("copy");
    new NodeDirectory(written).killed(copy);
    Fixture.check(copy);
  }
}
