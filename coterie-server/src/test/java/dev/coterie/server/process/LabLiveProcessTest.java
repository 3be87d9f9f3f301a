// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coterie.netty.NettyLoops;
import dev.coterie.server.config.HostPort;
import dev.coterie.server.http.HttpListener;
import dev.coterie.server.http.Listeners;
import dev.coterie.server.lab.FolderCluster;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.remote.Json;
import dev.coterie.server.remote.NodeHttp;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The page's runs on the cluster of its node: three real processes, over HTTP as the page does it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LabLiveProcessTest {
  private static final NodeHttp HTTP = new NodeHttp(1_000, 10_000);
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private @Nullable RealCluster cluster;

  @BeforeAll
  void start(@TempDir Path place) throws Exception {
    cluster = RealCluster.start(place.resolve("cluster"), 1);
    cluster.awaitWhole();
  }

  @AfterAll
  void stop() {
    RealCluster started = cluster;
    if (started != null) {
      started.close();
    }
  }

  private RealCluster cluster() {
    return Objects.requireNonNull(cluster);
  }

  private HostPort admin(int node) {
    return cluster().node(node).ports().admin();
  }

  private NodeHttp.Reply send(int node, String method, String path, String body) {
    return send(admin(node), method, path, body);
  }

  private static NodeHttp.Reply send(HostPort at, String method, String path, String body) {
    byte[] bytes = body.isEmpty() ? null : body.getBytes(StandardCharsets.UTF_8);
    if (HTTP.send(at, method, path, JSON, bytes) instanceof NodeHttp.Reply reply) {
      return reply;
    }
    throw new AssertionError(method + " " + path + " was not answered");
  }

  private static @Nullable Object json(NodeHttp.Reply reply) {
    try {
      return Json.read(reply.text());
    } catch (Json.Malformed e) {
      throw new AssertionError(reply.text(), e);
    }
  }

  private NodeHttp.Reply begin(int node, String scenario) {
    return send(node, "POST", "/lab/live", "{\"scenario\":\"" + scenario + "\"}");
  }

  /// A stream of a run.
  private record Stream(HttpClient client, InputStream in) implements AutoCloseable {
    static Stream of(HostPort admin, String id) throws Exception {
      HttpClient client = HttpClient.newHttpClient();
      URI uri = URI.create("http://" + admin + "/lab/runs/" + id + "/stream");
      return new Stream(
          client,
          client
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream())
              .body());
    }

    /// Its events, to the last; or until one of `kind` has come.
    List<String> read(String kind) throws IOException {
      List<String> kinds = new ArrayList<>();
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          kinds.add(line.substring(7));
          if (line.endsWith(kind)) {
            return kinds;
          }
        }
      }
      return kinds;
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  private @Nullable Object summary(int node, String id) {
    return summary(admin(node), id);
  }

  private static @Nullable Object summary(HostPort at, String id) {
    String path = "/lab/runs/" + id + "/summary";
    RealCluster.await("the run is over", () -> send(at, "GET", path, "").status() != 409, () -> id);
    NodeHttp.Reply reply = send(at, "GET", path, "");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return json(reply);
  }

  private static double number(@Nullable Object json, String... path) {
    Object at = json;
    for (String name : path) {
      at = Json.member(at, name);
    }
    assertThat(at).as(String.join(".", path)).isInstanceOf(Number.class);
    return ((Number) Objects.requireNonNull(at)).doubleValue();
  }

  private static double sum(@Nullable Object series, String column) {
    return Json.list(series, column).stream()
        .mapToDouble(each -> ((Number) Objects.requireNonNull(each)).doubleValue())
        .sum();
  }

  @Test
  void aRunIsFollowedToItsEndAndLeavesNothing() throws Exception {
    Object offer = json(send(0, "GET", "/lab/live", ""));
    assertThat(Json.truth(offer, "offered")).isTrue();
    assertThat(Json.whole(offer, "members")).isEqualTo(3);

    NodeHttp.Reply begun =
        begin(0, "v1.social.rate=200.keys=10.time=2s.fail=pause(1s,2s,A),pause(0s,1s,D)");
    assertThat(begun.status()).as(begun.text()).isEqualTo(201);
    String id = Json.text(json(begun), "id");
    List<?> left = Json.list(json(begun), "leftOut");
    assertThat(left).hasSize(2);
    assertThat(Json.text(left.getFirst(), "text")).isEqualTo("pause(1s,2s,A)");
    assertThat(Json.text(left.getFirst(), "why")).contains("n1 serves this page and cannot stop");
    assertThat(Json.text(left.getLast(), "why")).contains("the cluster has 3 nodes");
    assertThat(begin(0, "v1.social.time=2s").status()).as("one at a time").isEqualTo(429);
    assertThat(begin(0, "v1.social.time=2s").text()).contains("LIVE_BUSY");

    List<String> events;
    try (Stream stream = Stream.of(admin(0), id)) {
      events = stream.read("finished");
    }
    assertThat(events).contains("series", "progress").endsWith("finished");
    Object summary = summary(0, id);
    assertThat(number(summary, "metrics", "write_success_rate", "rate")).isEqualTo(1);
    assertThat(number(summary, "metrics", "lost_updates")).isZero();
    assertThat(number(summary, "metrics", "stale_read_pct", "value")).isZero();
    assertThat(number(summary, "metrics", "quorum_read_latency_ms", "p99")).isPositive();
    assertThat(Json.list(summary, "nodes")).as("calls go to all nodes").hasSize(3);
    Object series = Json.member(summary, "series");
    assertThat(Json.list(series, "t").size()).as("2 s, and what ended later").isBetween(40, 61);
    assertThat(sum(series, "ok")).isEqualTo(number(summary, "metrics", "write_success_rate", "ok"));
    assertThat(Json.list(series, "hints").getLast()).isEqualTo(0L);
    Object real = Json.member(summary, "real");
    assertThat(Json.member(real, "ended")).isNull();
    assertThat(Json.whole(real, "undeleted")).isZero();
    List<?> ops = Json.list(json(send(0, "GET", "/lab/runs/" + id + "/ops", "")), "ops");
    assertThat(ops).hasSizeBetween(250, 550);
    String bucket = Json.text(real, "bucket");
    assertThat(bucket).as("one for all runs of this n").isEqualTo("lab-live-n3");
    String keys = Json.text(real, "keys");
    for (int key = 1; key <= 10; key++) {
      assertThat(cluster().get(1, "/buckets/" + bucket + "/keys/" + keys + "k" + key, "r=all"))
          .isEqualTo("(missing)");
    }
    assertThat(send(0, "GET", "/lab/runs/" + id + "/state?at=0", "").text())
        .contains("NO_RECORDING");
    NodeHttp.Reply export = send(0, "GET", "/lab/runs/" + id + "/export", "");
    assertThat(Json.member(json(export), "summary")).isEqualTo(summary);
    NodeHttp.Reply csv = send(0, "GET", "/lab/runs/" + id + "/export?as=ops.csv", "");
    assertThat(csv.text().lines()).hasSize(1 + ops.size());
    assertThat(csv.text()).startsWith("id,kind,key,via,client,at,ms,result,");
    assertThat(send(0, "GET", "/lab/runs/" + id + "/export?as=transcript", "").status())
        .isEqualTo(404);
    assertThat(send(0, "GET", "/lab/runs/" + id + "/export?as=poem", "").status()).isEqualTo(400);
  }

  @Test
  void itEndsWhenItIsStoppedOrNobodyLooks() throws Exception {
    String id = Json.text(json(begin(1, "v1.social.keys=5.time=30s")), "id");
    try (Stream stream = Stream.of(admin(1), id)) {
      assertThat(stream.read("series")).endsWith("series");
      assertThat(send(1, "DELETE", "/lab/runs/" + id, "").status()).isEqualTo(204);
      assertThat(stream.read("finished")).endsWith("finished");
    }
    assertThat(Json.text(Json.member(summary(1, id), "real"), "ended")).isEqualTo("it was stopped");

    String alone = Json.text(json(begin(1, "v1.social.keys=5.time=30s")), "id");
    try (Stream stream = Stream.of(admin(1), alone)) {
      assertThat(stream.read("series")).endsWith("series");
    }
    Object summary = summary(1, alone);
    assertThat(Json.text(Json.member(summary, "real"), "ended"))
        .isEqualTo("nobody followed it any more");
    assertThat(number(summary, "seconds")).isLessThan(15);
  }

  /// A node of `up` may stop the others, as its page asks.
  @Test
  void aNodesOwnPageStopsAnother() throws Exception {
    assertThat(Json.truth(json(send(1, "GET", "/lab/live", "")), "fails")).isTrue();
    String scenario = "v1.social.rate=200.keys=10.time=3.fail=pause(1s,2s,A),pause(1s,2s,B)";
    NodeHttp.Reply begun = begin(1, scenario);
    assertThat(begun.status()).as(begun.text()).isEqualTo(201);
    assertThat(Json.list(json(begun), "leftOut"))
        .extracting(each -> Json.text(each, "text"))
        .containsExactly("pause(1s,2s,B)");
    String id = Json.text(json(begun), "id");
    try (Stream stream = Stream.of(admin(1), id)) {
      assertThat(stream.read("finished")).endsWith("finished");
    }
    Object real = Json.member(summary(1, id), "real");
    assertThat(Json.list(real, "done").toString())
        .contains("s: n1 stands still", "s: n1 goes on", "s: all is mended");
    assertThat(Json.member(real, "unsettled")).isNull();
  }

  /// `lab serve --cluster`: a page that is served beside the folder may stop its nodes.
  @Test
  void aPageBesideTheFolderCarriesOutWhatItCan() throws Exception {
    EventLoopGroup loops = NettyLoops.open("lab-test", 1);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Lab lab = new Lab(new FolderCluster(cluster().folder()));
        HttpListener listener =
            Listeners.lab(
                any,
                new HttpListener.Runtime(
                    loops, NettyLoops.serverChannel(loops), InstantSource.system()),
                lab)) {
      HostPort page = new HostPort("127.0.0.1", listener.address().getPort());
      Object offer = json(send(page, "GET", "/lab/live", ""));
      assertThat(Json.truth(offer, "offered")).isTrue();
      assertThat(Json.truth(offer, "fails")).isTrue();
      assertThat(Json.text(offer, "node")).isEqualTo(cluster().folder().toString());

      String scenario =
          "v1.social.rate=200.keys=10.time=3.fail=pause(1s,2s,B),wipe(1s,2s,A),pause(1s,2s,E)";
      NodeHttp.Reply begun = send(page, "POST", "/lab/live", "{\"scenario\":\"" + scenario + "\"}");
      assertThat(begun.status()).as(begun.text()).isEqualTo(201);
      assertThat(Json.list(json(begun), "leftOut"))
          .extracting(each -> Json.text(each, "text"))
          .containsExactly("wipe(1s,2s,A)", "pause(1s,2s,E)");
      String id = Json.text(json(begun), "id");
      try (Stream stream = Stream.of(page, id)) {
        assertThat(stream.read("finished")).endsWith("finished");
      }
      Object summary = summary(page, id);
      assertThat(number(summary, "metrics", "lost_updates")).isZero();
      assertThat(Json.list(summary, "faults"))
          .extracting(each -> Json.text(each, "text"))
          .containsExactly("pause(1s,2s,B)");
      Object real = Json.member(summary, "real");
      assertThat(Json.list(real, "done").toString())
          .contains("s: n2 stands still", "s: n2 goes on", "s: all is mended");
      assertThat(Json.member(real, "unsettled")).isNull();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @Test
  void whatCannotBeRunIsRefused() throws Exception {
    NodeHttp.Reply many = begin(2, "v1.chat.n=5.w=4.r=5");
    assertThat(many.status()).isEqualTo(400);
    assertThat(many.text()).contains("TOO_FEW_NODES").contains("3 nodes");
    assertThat(begin(2, "v1.nothing").status()).isEqualTo(400);
    NodeHttp.Result form =
        HTTP.send(
            admin(2),
            "POST",
            "/lab/live",
            Map.of("Content-Type", "text/plain"),
            "{\"scenario\":\"v1.social\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(((NodeHttp.Reply) form).status()).as("a form of another site").isEqualTo(415);
    assertThat(statusByName("evil.example")).as("a page by another name").isEqualTo(403);
    assertThat(statusByName("localhost")).as("by this computer's name").isEqualTo(400);
  }

  /// What an empty question is answered that names the node so.
  private int statusByName(String host) throws Exception {
    HostPort admin = admin(2);
    try (Socket socket = new Socket(admin.host(), admin.port())) {
      String request =
          "POST /lab/live HTTP/1.1\r\nHost: "
              + host
              + ":1234\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
              + "Connection: close\r\n\r\n{}";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Integer.parseInt(answer.substring(9, 12));
    }
  }
}
