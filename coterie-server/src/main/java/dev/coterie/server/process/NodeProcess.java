// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.process;

import dev.coterie.codec.token.ContextToken;
import dev.coterie.core.base.Bytes;
import dev.coterie.core.base.NodeId;
import dev.coterie.core.base.SipHash;
import dev.coterie.core.node.Event;
import dev.coterie.host.identity.Identity;
import dev.coterie.host.identity.IdentityPort;
import dev.coterie.host.identity.NodeDisk;
import dev.coterie.host.identity.PeerMemoryFile;
import dev.coterie.host.identity.Verdict;
import dev.coterie.host.metric.QuorumMetrics;
import dev.coterie.host.service.NodeStatus;
import dev.coterie.host.store.StoreException;
import dev.coterie.host.transport.PeerRefusal;
import dev.coterie.netty.NettyLoops;
import dev.coterie.server.config.Config;
import dev.coterie.server.dashboard.Dashboard;
import dev.coterie.server.dashboard.EventLog;
import dev.coterie.server.dashboard.Targets;
import dev.coterie.server.http.HttpLimits;
import dev.coterie.server.http.HttpListener;
import dev.coterie.server.http.HttpTimes;
import dev.coterie.server.http.Listeners;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.metrics.MetricsText;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node, from its configuration to its end. The thread that runs it opens and closes
/// everything; the rest of the process only tells it what happened.
public final class NodeProcess implements NodeBoot.Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
  private static final long REOPEN_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 250;
  private static final long STOP_SECONDS = 14;

  private static final int OK = 0;
  private static final int FAILED = 1;

  /// A fault of the program; see the table of exit codes.
  private static final int BROKEN = 70;

  /// What the supervising thread is told.
  private sealed interface News {
    record Stop() implements News {}

    record StoreFailed(NodeBoot boot, StoreException cause) implements News {}

    record Disowned(NodeBoot boot, PeerRefusal refusal) implements News {}

    record Broken(NodeBoot boot, Throwable fault) implements News {}
  }

  private final Config config;
  private final NodeSetup setup;
  private final SecureRandom random = new SecureRandom();
  private final EventLog log;
  private final Happenings happenings;
  private final List<QuorumMetrics> metrics = new ArrayList<>();
  private final GcPauses pauses;
  private final ServingNode node;
  private final NodeStores stores;
  private final Dashboard dashboard;
  private final Exposure exposure;
  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private @Nullable PeerNotes notes;
  private boolean started;

  private NodeProcess(Config config) {
    this.config = config;
    this.setup = NodeSetup.of(config);
    this.log = new EventLog(setup.wallMillis());
    this.happenings = new Happenings(log, System::nanoTime);
    this.exposure = new Exposure(config.exposed());
    for (int shard = 0; shard < setup.shards(); shard++) {
      metrics.add(new QuorumMetrics());
    }
    this.pauses = new GcPauses(setup.nanos());
    this.node = new ServingNode(setup, metrics, happenings, pauses);
    this.stores = new NodeStores(config, setup);
    this.dashboard =
        new Dashboard(
            node,
            node::figures,
            node,
            log,
            new Targets(
                config.admin().targetReadP99Millis(),
                config.admin().targetWriteP99Millis(),
                config.admin().targetSuccessPercent(),
                config.admin().targetStalePercent()),
            Release.version(),
            config.http().listen().toString(),
            setup.nanos(),
            setup.wallMillis());
  }

  /// Runs the node until it is stopped and returns the exit code of the process.
  public static int run(Config config) {
    NodeProcess process = new NodeProcess(config);
    Thread hook = Thread.ofPlatform().name("stop").unstarted(process::stopAndWait);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return process.live();
    } finally {
      process.finished.countDown();
    }
  }

  /// On SIGTERM, Ctrl-C and `System.exit`: the process ends when this returns.
  private void stopAndWait() {
    news.add(new News.Stop());
    try {
      boolean unused = finished.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Lab lab() {
    String refusal = config.admin().labLiveRefusal();
    return refusal.isEmpty() ? new Lab(new LabMembers(config, dashboard)) : new Lab(refusal);
  }

  private int live() {
    EventLoopGroup loops = NettyLoops.open("shard", setup.shards());
    HttpListener clients = null;
    HttpListener admin = null;
    try (Lab lab = config.admin().lab() ? lab() : null) {
      Listeners listeners =
          new Listeners(
              new HttpListener.Runtime(
                  loops, NettyLoops.serverChannel(loops), InstantSource.system()),
              node);
      clients =
          listeners.client(
              config.http().listen().address(),
              new ContextToken(
                  SipHash.ofSecret(config.cluster().secret().bytes()), 0, setup.clusterId()),
              limits(),
              times(),
              node::figures,
              "http://" + config.admin().listen() + "/");
      admin =
          listeners.admin(
              config.admin().listen().address(),
              times(),
              new MetricsText(
                  node::status, node::figures, clients, dashboard::watchers, dashboard::forecast),
              dashboard,
              lab);
      pauses.start();
      dashboard.start();
      return supervise(loops);
    } catch (IOException e) {
      LOG.error("{}: stop what holds it, or choose another port", e.getMessage());
      return FAILED;
    } finally {
      dashboard.close();
      pauses.close();
      if (clients != null) {
        clients.close();
      }
      if (admin != null) {
        admin.close();
      }
      loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /// One boot after the other, until the node is to stop or cannot go on.
  private int supervise(EventLoopGroup loops) {
    while (true) {
      NodeBoot boot;
      try {
        boot = open(loops);
      } catch (StoreException | IdentityPort.IdentityException | IOException e) {
        LOG.error("{}", e.getMessage());
        happenings.alarm("CANNOT_START", String.valueOf(e.getMessage()));
        if (!started) {
          return FAILED;
        }
        if (stopsWithin(REOPEN_MILLIS)) {
          return OK;
        }
        continue;
      }
      if (boot == null) {
        return FAILED;
      }
      started = true;
      node.serve(boot);
      switch (awaitNews(boot)) {
        case News.Stop _ -> {
          return stop(boot);
        }
        case News.StoreFailed(NodeBoot _, StoreException cause) -> {
          node.pause(NodeStatus.State.NO_WRITES, "the disk failed: " + cause.getMessage());
          happenings.alarm("STORE_FAILED", String.valueOf(cause.getMessage()));
          end(boot, "the disk of the node failed");
          boot.disk().abandon();
          if (!wantSalvage(cause)) {
            return FAILED;
          }
          if (stopsWithin(REOPEN_MILLIS)) {
            return OK;
          }
        }
        case News.Disowned(NodeBoot _, PeerRefusal refusal) -> {
          node.pause(NodeStatus.State.STARTING, refusal.sentence());
          happenings.alarm("DATA_LOST", refusal.sentence());
          end(boot, "the node starts again under a new boot");
          if (!raiseBoot(boot, refusal)) {
            return FAILED;
          }
        }
        case News.Broken(NodeBoot _, Throwable fault) -> {
          node.pause(NodeStatus.State.STOPPING, "the program is at fault: " + fault);
          end(boot, "the node broke off");
          boot.disk().abandon();
          return BROKEN;
        }
      }
    }
  }

  private boolean raiseBoot(NodeBoot boot, PeerRefusal refusal) {
    try {
      long next = boot.disk().raiseBootAbove(refusal.knownBoot());
      LOG.warn(
          "{}; this node starts again as one that lost everything, under boot {}",
          refusal.sentence(),
          next + 1);
      return true;
    } catch (StoreException | IdentityPort.IdentityException e) {
      LOG.error("{}", e.getMessage());
      return false;
    } finally {
      boot.disk().abandon();
    }
  }

  private int stop(NodeBoot boot) {
    node.pause(NodeStatus.State.STOPPING, "the node is stopping");
    end(boot, "the node is stopping");
    try {
      boot.disk().stop();
      LOG.atInfo().addKeyValue("event", "stopped").log("stopped cleanly");
      return OK;
    } catch (StoreException | IdentityPort.IdentityException e) {
      LOG.error("stopped, but not cleanly: {}", e.getMessage());
      return FAILED;
    }
  }

  private News awaitNews(NodeBoot boot) {
    while (true) {
      try {
        News told = news.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        switch (told) {
          case null -> {}
          case News.Stop stop -> {
            return stop;
          }
          case News.StoreFailed failed when failed.boot() == boot -> {
            return failed;
          }
          case News.Disowned refused when refused.boot() == boot -> {
            return refused;
          }
          case News.Broken broken when broken.boot() == boot -> {
            return broken;
          }
          case News.StoreFailed _, News.Disowned _, News.Broken _ -> {}
        }
      } catch (InterruptedException _) {
        return new News.Stop();
      }
      boot.tellLost();
      boot.recordRebuilt();
      notes(boot.disk().identity()).look(boot.memory(), System.nanoTime());
      exposure.look(System.nanoTime());
    }
  }

  /// What is known of the peers; read when the data directory is there.
  private PeerNotes notes(Identity identity) {
    PeerNotes known = notes;
    if (known == null) {
      known =
          new PeerNotes(
              new PeerMemoryFile(config.node().dataDir(), identity.clusterId(), identity.node()),
              happenings,
              System.nanoTime());
      notes = known;
    }
    return known;
  }

  private void end(NodeBoot boot, String sentence) {
    boot.end(sentence);
    notes(boot.disk().identity()).keep(boot.memory());
  }

  private boolean stopsWithin(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      try {
        News told = news.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (told == null) {
          return false;
        }
        if (told instanceof News.Stop) {
          return true;
        }
      } catch (InterruptedException _) {
        return true;
      }
    }
  }

  /// Opens the store and starts a boot over it; null where the node must not start.
  private @Nullable NodeBoot open(EventLoopGroup loops)
      throws StoreException, IdentityPort.IdentityException, IOException {
    if (stores.salvage().isWanted()) {
      salvage("the store could not go on as it was");
    }
    NodeDisk.Opened opened;
    try {
      opened = stores.open(random.nextLong());
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.DAMAGED) {
        throw e;
      }
      salvage(String.valueOf(e.getMessage()));
      opened = stores.open(random.nextLong());
    }
    return switch (opened) {
      case NodeDisk.Opened.Refused(Verdict.Refuse refuse) -> {
        LOG.error("{}; {}", refuse.reason(), refuse.wayOut());
        yield null;
      }
      case NodeDisk.Opened.Ready(NodeDisk disk) -> begin(disk, loops);
    };
  }

  /// Files that failed their checksums under a write, a flush or a compaction do so again, however
  /// often the store is opened: the next start takes what is readable of it.
  ///
  /// @return false where that cannot even be noted down
  private boolean wantSalvage(StoreException cause) {
    if (cause.kind() != StoreException.Kind.CORRUPTION) {
      return true;
    }
    try {
      stores.salvage().want(String.valueOf(cause.getMessage()));
      return true;
    } catch (StoreException e) {
      LOG.error("{}", e.getMessage());
      return false;
    }
  }

  private void salvage(String reason) throws StoreException, IdentityPort.IdentityException {
    LOG.atWarn().addKeyValue("event", "salvage").log("{}; what is readable is copied", reason);
    happenings.alarm("STORE_SALVAGED", reason + "; " + stores.salvage().carryOut().sentence());
  }

  private NodeBoot begin(NodeDisk disk, EventLoopGroup loops) throws IOException {
    Event.Trust trust =
        switch (disk.verdict()) {
          case Verdict.Fresh _ -> Event.Trust.FRESH;
          case Verdict.Resume _ -> Event.Trust.WHOLE;
          case Verdict.Amnesiac(String reason, long _, long _) -> {
            happenings.alarm("DATA_LOST", reason);
            yield Event.Trust.AMNESIAC;
          }
        };
    disk.remarks().forEach(remark -> happenings.alarm("IDENTITY", remark));
    Identity identity = disk.identity();
    NodeBoot boot =
        new NodeBoot(
            setup,
            disk,
            identity.boot(),
            random.nextLong(),
            trust,
            loops,
            metrics,
            happenings,
            this);
    boolean begun = false;
    try {
      boot.begin(new PeerPort(config, loops), notes(identity).kept());
      begun = true;
    } finally {
      if (!begun) {
        boot.end("the node could not start");
        disk.abandon();
      }
    }
    announce(identity, trust);
    return boot;
  }

  private void announce(Identity identity, Event.Trust trust) {
    LOG.atInfo()
        .addKeyValue("event", "started")
        .addKeyValue("node", setup.self())
        .addKeyValue("cluster", setup.clusterId())
        .addKeyValue("boot", identity.boot())
        .addKeyValue("trust", trust)
        .addKeyValue("http", config.http().listen())
        .addKeyValue("peer", config.peer().listen())
        .addKeyValue("admin", config.admin().listen())
        .addKeyValue("members", setup.placement().members().size())
        .addKeyValue("machines", setup.placement().machineCount())
        .log("the node is up");
    happenings.note(
        EventLog.Weight.NOTE,
        "started",
        "",
        "started, boot "
            + identity.boot()
            + (trust == Event.Trust.AMNESIAC ? ", as one that has lost what it held" : ""));
    int machines = setup.placement().machineCount();
    if (machines < 3) {
      LOG.atWarn()
          .addKeyValue("event", "few_machines")
          .log(
              "the members stand on {} machine(s): a bucket with a higher n has {} copies, and"
                  + " quorums are counted from that",
              machines,
              machines);
    }
  }

  private HttpLimits limits() {
    Config.Http http = config.http();
    return new HttpLimits(
        http.valueBytesMax(),
        http.connectionsMax(),
        http.connectionsPerSourceMax(),
        http.inFlightMax(),
        http.inFlightPerConnectionMax(),
        Runtime.getRuntime().maxMemory() / 100 * config.limits().requestMemoryPercent());
  }

  private HttpTimes times() {
    Config.Http http = config.http();
    return new HttpTimes(
        http.headerTimeoutMillis(),
        http.requestTimeoutMillis(),
        http.idleTimeoutMillis(),
        HttpTimes.standard().bytesPerSecondMin(),
        http.timeoutMillis());
  }

  @Override
  public void storeFailed(NodeBoot boot, StoreException cause) {
    news.add(new News.StoreFailed(boot, cause));
  }

  @Override
  public void disowned(NodeBoot boot, PeerRefusal refusal) {
    news.add(new News.Disowned(boot, refusal));
  }

  @Override
  public void reported(NodeId from, Bytes report) {
    dashboard.heard(from, report);
  }

  @Override
  public void broken(NodeBoot boot, Throwable fault) {
    news.add(new News.Broken(boot, fault));
  }
}
