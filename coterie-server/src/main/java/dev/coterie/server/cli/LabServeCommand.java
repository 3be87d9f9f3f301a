// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.cli;

import dev.coterie.netty.NettyLoops;
import dev.coterie.server.http.HttpListener;
import dev.coterie.server.http.Listeners;
import dev.coterie.server.lab.FolderCluster;
import dev.coterie.server.lab.Lab;
import dev.coterie.server.remote.ClusterFile;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./coterie lab serve`: the page and its resources without a node.
@Command(
    name = "serve",
    description = {
      "Serve the Lab's page, until Ctrl-C.",
      "",
      "With --cluster its button 'Run on this cluster' runs a scenario's workload on the cluster of"
          + " that folder, and stops its nodes and cuts its links as ./coterie lab live does.",
      "",
      "Every node serves the same at /lab of its admin listener."
    })
final class LabServeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Where to listen (default: ${DEFAULT-VALUE}; 0: any free port)")
  private int port = 8080;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Whom to listen to (default: ${DEFAULT-VALUE}). Whoever reaches it can make this machine"
              + " work")
  private String host = "127.0.0.1";

  @Option(
      names = "--cluster",
      paramLabel = "DIR",
      description =
          "A folder of ./coterie up or chaos --hold: offer runs on its cluster too. Whoever reaches"
              + " the page may break it, so --host must be of loopback")
  private @Nullable Path cluster;

  LabServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  private @Nullable FolderCluster own(InetSocketAddress address) {
    Path folder = cluster;
    if (folder == null) {
      return null;
    }
    if (!address.getAddress().isLoopbackAddress()) {
      throw CliFailure.usage(
          "--cluster goes with a --host of loopback: whoever reaches the page could stop the nodes of "
              + folder);
    }
    try {
      return new FolderCluster(folder);
    } catch (ClusterFile.Unusable e) {
      throw CliFailure.usage(e.sentence());
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port < 0 || port > 65_535) {
      throw CliFailure.usage("--port " + port + ": a port is from 0 to 65535");
    }
    InetSocketAddress address;
    try {
      address = new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException _) {
      throw CliFailure.usage("--host " + host + " is no address of this machine");
    }
    FolderCluster own = own(address);
    EventLoopGroup loops = NettyLoops.open("lab-http", 1);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Thread stopper =
        new Thread(
            () -> {
              stopped.countDown();
              try {
                boolean _ = closed.await(5, TimeUnit.SECONDS);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(stopper);
    try (Lab lab = own == null ? new Lab() : new Lab(own);
        HttpListener listener =
            Listeners.lab(
                address,
                new HttpListener.Runtime(
                    loops, NettyLoops.serverChannel(loops), InstantSource.system()),
                lab)) {
      terminal
          .out()
          .println("http://" + host + ":" + listener.address().getPort() + "/lab, until Ctrl-C");
      terminal.out().flush();
      lab.expect();
      stopped.await();
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      closed.countDown();
    }
    return ExitCode.OK;
  }
}
