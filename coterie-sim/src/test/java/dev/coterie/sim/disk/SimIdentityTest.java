// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coterie.core.base.NodeId;
import dev.coterie.host.identity.Identity;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.IdentityPort.IdentityException;
import dev.coterie.host.identity.IdentityPort.Loaded;
import org.junit.jupiter.api.Test;

class SimIdentityTest {
  private final SimIdentity file = new SimIdentity();

  @Test
  void oneDamagedCopyIsSurvivedAndNamed() throws Exception {
    save(1);
    save(2);
    save(3);
    for (int copy = 0; copy < 2; copy++) {
      SimIdentity.Image whole = file.snapshot();
      file.damage(copy);
      Loaded.Found found = (Loaded.Found) file.load();
      assertThat(found.identity().watermark()).isBetween(2L, 3L);
      assertThat(found.remarks()).singleElement().asString().contains("damaged");
      file.restore(whole);
    }
    assertThat(watermark()).isEqualTo(3);
  }

  @Test
  void twoDamagedCopiesAreUnreadable() throws Exception {
    save(1);
    file.damage(0);
    file.damage(1);
    assertThat(file.load()).isInstanceOf(Loaded.Unreadable.class);
  }

  @Test
  void aTornSaveLeavesTheOneBefore() throws Exception {
    save(1);
    save(2);
    file.tearNextSave();
    assertThatThrownBy(() -> save(3)).isInstanceOf(IdentityException.class);
    assertThat(watermark()).isEqualTo(2);
    save(4);
    assertThat(watermark()).isEqualTo(4);
    assertThat(((Loaded.Found) file.load()).remarks()).isEmpty();
  }

  @Test
  void aTornFirstSaveLeavesNothing() {
    file.tearNextSave();
    assertThatThrownBy(() -> save(1)).isInstanceOf(IdentityException.class);
    assertThat(file.load()).isInstanceOf(IdentityPort.Loaded.Missing.class);
  }

  @Test
  void savesCanBeTakenBackAndLost() throws Exception {
    for (int i = 1; i <= 5; i++) {
      save(i);
    }
    file.rollBack(2);
    assertThat(watermark()).isEqualTo(3);
    file.lose();
    assertThat(file.load()).isInstanceOf(Loaded.Missing.class);
  }

  @Test
  void aFailedSaveChangesNothing() throws Exception {
    save(1);
    file.failNextSaves(1);
    assertThatThrownBy(() -> save(2)).isInstanceOf(IdentityException.class);
    assertThat(watermark()).isEqualTo(1);
  }

  private void save(long watermark) throws IdentityException {
    file.save(new Identity("shop", new NodeId("n1"), 7, 1, watermark, false, false, 1));
  }

  private long watermark() {
    return ((Loaded.Found) file.load()).identity().watermark();
  }
}
