// SPDX-License-Identifier: Apache-2.0
package dev.coterie.host.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.identity.IdentityPort.IdentityException;
import dev.coterie.host.identity.IdentityPort.Loaded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFileTest {
  @TempDir Path folder;

  @Test
  void nothingIsThereAtFirst() {
    assertThat(new IdentityFile(folder.resolve("n1")).load()).isInstanceOf(Loaded.Missing.class);
    assertThat(folder.resolve("n1")).doesNotExist();
  }

  @Test
  void whatWasSavedIsLoadedByAnotherProcess() throws Exception {
    IdentityFile file = new IdentityFile(directory());
    Identity longest =
        new Identity(
            "c".repeat(Identity.CLUSTER_ID_LENGTH_MAX),
            new NodeId("n".repeat(NodeId.LENGTH_MAX)),
            -1,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            true,
            true,
            Long.MAX_VALUE);
    for (Identity identity : new Identity[] {at(1), at(2), at(3).stoppedAt(9), longest}) {
      file.save(identity);
      assertThat(new IdentityFile(directory()).load())
          .isEqualTo(new Loaded.Found(identity, List.of()));
      assertThat(Files.size(a())).isEqualTo(IdentityText.LENGTH);
      assertThat(Files.size(b())).isEqualTo(IdentityText.LENGTH);
    }
  }

  @Test
  void aPersonCanReadIt() throws Exception {
    new IdentityFile(directory()).save(at(1812));
    assertThat(Files.readString(a(), US_ASCII))
        .startsWith(
            """
            format=1
            generation=1
            cluster=shop
            node=n1
            store=00000000000000ab
            boot=3
            watermark=1812
            clean=no
            rebuilding=no
            lost=1
            crc32c=\
            """)
        .endsWith(" \n");
  }

  @Test
  void othersCannotReadIt() throws Exception {
    new IdentityFile(directory()).save(at(1));
    assertThat(Files.getPosixFilePermissions(directory()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    for (Path copy : new Path[] {a(), b()}) {
      assertThat(Files.getPosixFilePermissions(copy))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    Files.setPosixFilePermissions(a(), PosixFilePermissions.fromString("rw-r--r--"));
    new IdentityFile(directory()).load();
    assertThat(Files.getPosixFilePermissions(a()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /// Every single byte of the newer copy's text, spoilt in turn: the other copy answers, one save
  /// older.
  @Test
  void anyByteOfOneCopyMayRot() throws Exception {
    IdentityFile file = new IdentityFile(directory());
    file.save(at(1));
    file.save(at(2));
    file.save(at(3));
    Path newer = Files.readString(a(), US_ASCII).contains("watermark=3") ? a() : b();
    byte[] whole = Files.readAllBytes(newer);
    int length = new String(whole, US_ASCII).stripTrailing().length();
    for (int i = 0; i < length; i++) {
      byte[] rotten = whole.clone();
      rotten[i] ^= 0x04;
      Files.write(newer, rotten);
      Loaded.Found found = (Loaded.Found) new IdentityFile(directory()).load();
      assertThat(found.identity()).as("byte %s", i).isEqualTo(at(2));
      assertThat(found.remarks()).singleElement().asString().contains("damaged");
    }
  }

  @Test
  void aCopyCutAtAnyLengthIsDamaged() throws Exception {
    IdentityFile file = new IdentityFile(directory());
    file.save(at(1));
    byte[] whole = Files.readAllBytes(b());
    int length = new String(whole, US_ASCII).stripTrailing().length();
    Files.delete(a());
    for (int i = 0; i < length; i++) {
      Files.write(b(), Arrays.copyOf(whole, i));
      assertThat(new IdentityFile(directory()).load())
          .as("%s bytes", i)
          .isInstanceOf(Loaded.Unreadable.class);
    }
  }

  @Test
  void aDamagedCopyIsMadeGoodByTheNextSave() throws Exception {
    new IdentityFile(directory()).save(at(1));
    Files.write(a(), new byte[] {1, 2, 3});
    IdentityFile file = new IdentityFile(directory());
    assertThat(((Loaded.Found) file.load()).remarks()).isNotEmpty();
    file.save(at(2));
    assertThat(((Loaded.Found) file.load()).remarks()).isEmpty();
    assertThat(Files.size(a())).isEqualTo(IdentityText.LENGTH);
  }

  @Test
  void bothCopiesDamagedAreUnreadable() throws Exception {
    new IdentityFile(directory()).save(at(1));
    Files.write(a(), new byte[0]);
    Files.write(b(), new byte[] {'x'});
    Loaded.Unreadable unreadable = (Loaded.Unreadable) new IdentityFile(directory()).load();
    assertThat(unreadable.reason()).contains("identity-a").contains("identity-b");
    assertThat(unreadable.wayOut()).contains("delete both files");
  }

  @Test
  void aNewerFormatIsUnreadableEvenBesideAnOldCopy() throws Exception {
    new IdentityFile(directory()).save(at(1));
    String body = "format=2\ngeneration=9\nsomething=new\n";
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(US_ASCII));
    String sum = String.format(Locale.ROOT, "%08x", crc.getValue());
    Files.writeString(b(), body + "crc32c=" + sum + "\n", US_ASCII);

    Loaded.Unreadable unreadable = (Loaded.Unreadable) new IdentityFile(directory()).load();
    assertThat(unreadable.reason()).contains("format 2").contains("up to 1");
    assertThat(unreadable.wayOut()).contains("newer version");
  }

  @Test
  void aSaveThatFailsSaysWhere() throws Exception {
    Files.writeString(folder.resolve("n1"), "a file where the directory should be");
    assertThatThrownBy(() -> new IdentityFile(directory()).save(at(1)))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("n1")
        .hasMessageContaining("identity-a");
  }

  private Path directory() {
    return folder.resolve("n1");
  }

  private Path a() {
    return directory().resolve("identity-a");
  }

  private Path b() {
    return directory().resolve("identity-b");
  }

  private static Identity at(long watermark) {
    return new Identity("shop", new NodeId("n1"), 0xab, 3, watermark, false, false, 1);
  }
}
