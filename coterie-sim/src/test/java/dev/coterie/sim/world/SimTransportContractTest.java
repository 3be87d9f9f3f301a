// SPDX-License-Identifier: Apache-2.0
package dev.coterie.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.core.base.Prng;
import dev.coterie.host.transport.PeerHello;
import dev.coterie.host.transport.PeerMemory;
import dev.coterie.host.transport.Transport;
import dev.coterie.host.transport.TransportContract;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The simulated network keeps the contract of the real one.
class SimTransportContractTest extends TransportContract {
  private final Agenda agenda = new Agenda();
  private final SimNetwork network = new SimNetwork(agenda, new Prng(1), NetworkModel.PLAIN);

  @Override
  protected Transport open(PeerHello hello, PeerMemory memory, Transport.Receiver receiver) {
    return network.open(hello, List.of(hello.node().equals(N1) ? N2 : N1), memory, receiver);
  }

  @Override
  protected void await(String what, BooleanSupplier holds) {
    for (int i = 0; i < 200 && !holds.getAsBoolean(); i++) {
      agenda.runUntil(agenda.now() + 100_000_000L);
    }
    assertThat(holds.getAsBoolean()).as(what).isTrue();
  }

  @Override
  protected void pass() {
    agenda.runUntil(agenda.now() + 3_000_000_000L);
  }

  @Override
  protected int messageBytesMax() {
    return 1 << 20;
  }
}
