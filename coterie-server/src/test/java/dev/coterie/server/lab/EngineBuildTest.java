// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.codec.RecordCodec;
import dev.coterie.core.node.Node;
import dev.coterie.sim.lab.LabRun;
import java.util.List;
import org.junit.jupiter.api.Test;

/// By what a link tells builds apart.
final class EngineBuildTest {
  private static final String OTHER = "0.0.9-00000000";

  @Test
  void itIsOfTheCodeThatCounts() {
    assertThat(EngineBuild.id()).matches("[0-9A-Za-z.-]+-[0-9a-f]{8}");
    String one = EngineBuild.of(List.of(Node.class, RecordCodec.class));
    assertThat(EngineBuild.of(List.of(RecordCodec.class, Node.class))).isEqualTo(one);
    assertThat(EngineBuild.of(List.of(Node.class, LabRun.class))).isNotEqualTo(one);
    assertThat(EngineBuild.of(List.of(String.class))).as("found nowhere").doesNotContain("-");
  }

  @Test
  void aLinkNamesTheBuildAndTheResult() {
    String link = RunLink.to("v1.cart.r=1", "0123");
    assertThat(link).isEqualTo("/lab#v1.cart.r=1&build=" + EngineBuild.id() + "&result=0123");
    assertThat(RunLink.in("http://n1:8097" + link))
        .isEqualTo(new RunLink(EngineBuild.id(), "0123"));
    assertThat(RunLink.in("/lab#v1.cart&vs=v1.cart.r=1&build=" + OTHER + "&result=01.23"))
        .isEqualTo(new RunLink(OTHER, "01"));
    assertThat(RunLink.in("/lab#v1.cart&result=0123")).isNull();
    assertThat(RunLink.to("v1.cart", "")).doesNotContain("result");
  }

  @Test
  void whatIsSaidOfALink() {
    String own = EngineBuild.id();
    assertThat(new RunLink(own, "01").note("01")).isEmpty();
    assertThat(new RunLink(own, "").note("01")).isEmpty();
    assertThat(new RunLink(own, "01").note("02")).contains("please report it");
    String made = "the link was made by build " + OTHER + ", this is " + own + ": ";
    assertThat(new RunLink(OTHER, "").note("01")).isEqualTo(made + "figures may differ");
    assertThat(new RunLink(OTHER, "01").note("01")).isEqualTo(made + "the result is the same");
    assertThat(new RunLink(OTHER, "02").note("01"))
        .isEqualTo(made + "its result was 02, here figures differ");
  }
}
