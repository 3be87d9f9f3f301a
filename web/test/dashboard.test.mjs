// SPDX-License-Identifier: Apache-2.0
// The dashboard in Chromium: with made-up answers for 3 and for 300 nodes, and, where COTERIE_CLUSTER names the
// cluster.json of a running cluster of three, against that. The last test kills one of its nodes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serve } from "../fixture/server.mjs";
import { at, brokenLayout, close, done, open, ran, skip, until, visitAt } from "./browser.mjs";

let made;
before(async () => {
  await open();
  if (!skip) made = await serve();
});
after(async () => {
  await close();
  made?.server.closeAllConnections();
  made?.server.close();
});

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
];

async function board(how = {}, origin = made.base, path = "/") {
  const page = await visitAt(origin, path, how);
  await page.waitForFunction(() => window.__dashboard?.state().state && window.__dashboard.state().hour);
  return page;
}

const told = (page) => page.evaluate(() => window.__dashboard.state().state);

/** What sticks out of the window or of its part, or lies over another part. */
const broken = (page) =>
  page.evaluate(() => {
    const wrong = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) wrong.push(`the page is ${document.documentElement.scrollWidth} wide in ${wide}`);
    const parts = [...document.querySelectorAll("main > section")];
    for (const part of parts) {
      const box = part.getBoundingClientRect();
      if (box.width < 100 || box.height < 30) wrong.push(`${part.id} is ${box.width} x ${box.height}`);
      for (const child of part.querySelectorAll("h1, h2, h3, p, li, b, canvas, button, input, .tile")) {
        if (child.closest(".table-place, .matrix-place, .u-wrap")) continue;
        const { left, right, width } = child.getBoundingClientRect();
        if (width > 0 && (left < box.left - 1 || right > box.right + 1)) wrong.push(`${child.textContent.slice(0, 30)} sticks out of ${part.id}`);
      }
      for (const other of parts) {
        const next = other.getBoundingClientRect();
        if (other !== part && Math.min(box.right, next.right) - Math.max(box.left, next.left) > 2 && Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top) > 2) wrong.push(`${part.id} overlaps ${other.id}`);
      }
    }
    for (const chart of document.querySelectorAll(".chart-place canvas")) if (chart.width < 50) wrong.push("a chart is not drawn");
    return wrong;
  });

test("an interval is drawn where reads are enough, with an arrow where it goes on beyond the scale", { skip }, async () => {
  const page = await board();
  const row = (name) => at(page, "forecast-level").filter({ hasText: name });
  assert.equal(await row("n=3 r=2 w=2").locator(".interval").count(), 1);
  assert.equal(await row("n=3 r=2 w=2").locator("[data-testid=forecast-beyond]").count(), 0);
  assert.equal(await row("n=3 r=1 w=2").locator("[data-testid=forecast-beyond]").count(), 1);
  const few = row("n=5 r=1 w=1");
  assert.equal(await few.locator(".interval, .point, [data-testid=forecast-beyond]").count(), 0);
  assert.match(await few.textContent(), /too few/);
  assert.doesNotMatch(await few.textContent(), /79/);
  await done(page);
});

test("the word at a target stands at the left, on a ground of its own", { skip }, async () => {
  const page = await visitAt(made.base, "/");
  await page.waitForFunction(() => window.__dashboard?.state().state && window.__dashboard.state().hour);
  await page.evaluate(() => {
    const { fillText, fillRect } = CanvasRenderingContext2D.prototype;
    window.__targets = [];
    let ground = null;
    CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
      ground = { x, y, width, height };
      return fillRect.call(this, x, y, width, height);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      if (text === "target") window.__targets.push({ x, y, ground, width: this.measureText(text).width, whole: this.canvas.width });
      return fillText.call(this, text, x, y);
    };
  });
  await page.setViewportSize({ width: 1300, height: 740 });
  await page.waitForFunction(() => window.__targets.length > 0);
  for (const { x, y, ground, width, whole } of await page.evaluate(() => window.__targets)) {
    assert.ok(x + width < whole / 2, `from ${x} to ${x + width} of ${whole}`);
    assert.ok(ground.x <= x && ground.x + ground.width >= x + width && ground.y < y && ground.y + ground.height > y);
  }
  await done(page);
});

for (const count of [3, 300])
  test(`${count} nodes at three sizes, light and dark`, { skip }, async () => {
    for (const [index, size] of sizes.entries()) {
      const page = await board({ ...size, dark: index === 1 }, made.base, `/?of=${count}`);
      assert.equal(await at(page, "verdict").isVisible(), true);
      assert.deepEqual(await broken(page), [], `${size.width} x ${size.height}`);
      await done(page);
    }
  });

test("of three nodes each pair has a cell, and says so in words", { skip }, async () => {
  const page = await board();
  assert.match(await at(page, "sentence").textContent(), /^All 64 partitions can serve R=2 and W=2\. Node n3 down 4 min; 12.310 hints wait for it\.$/);
  assert.equal(await page.locator("[data-testid=matrix] td.seen").count(), 9);
  assert.equal(await page.locator("[data-testid=matrix] [data-seen=dead]").count(), 2);
  assert.match(await page.locator("[data-testid=matrix] [data-seen=dead]").first().textContent(), /×.*down/);
  assert.match(await page.locator("[data-testid=strip]").getAttribute("aria-label"), /^\d+ all owners there, \d+ enough for R and W$/);
  assert.match(await at(page, "node-n3").textContent(), /down 4 min/);
  await done(page);
});

test("of 300 nodes the matrix has rows of nodes that see alike", { skip }, async () => {
  const page = await board({}, made.base, "/?of=300");
  const rows = await page.locator("[data-testid=matrix-groups] tbody tr").count();
  assert.ok(rows >= 3 && rows <= 12, `${rows} rows`);
  assert.match(await at(page, "matrix-rest").textContent(), /The other 296 nodes are seen well/);
  assert.equal(await page.locator("[data-testid=node-rows] tbody tr").count(), 12);
  assert.match(await page.locator("[data-testid=node-rows] tbody tr").first().textContent(), /down/, "those in trouble first");
  await at(page, "nodes-filter").fill("n299");
  assert.equal(await page.locator("[data-testid=node-rows] tbody tr").count(), 1);
  await at(page, "nodes-filter").fill("");
  await at(page, "nodes-all").click();
  assert.equal(await page.locator("[data-testid=node-rows] tbody tr").count(), 300);
  await done(page);
});

test("every number says its metric and its command to mouse, keyboard and finger", { skip }, async () => {
  const page = await board();
  assert.equal(await at(page, "detail").isHidden(), true);
  await page.locator("[data-testid=tile-readTime] .figure").hover();
  assert.equal(await at(page, "detail-metric").textContent(), "quorum_read_latency_ms");
  assert.equal(await at(page, "detail-command").textContent(), "./coterie cluster figures");
  await page.mouse.move(2, 2);
  assert.equal(await at(page, "detail").isHidden(), true);
  const seen = new Set();
  const count = await page.locator(".figure").count();
  await page.locator(".figure").first().focus();
  for (let i = 0; i < 3 * count && seen.size < count; i++) {
    const id = await page.evaluate(() => document.activeElement?.dataset?.figure ?? null);
    if (id) {
      assert.match(await at(page, "detail-metric").textContent(), /^[a-z_]+$/, id);
      assert.match(await at(page, "detail-command").textContent(), /^\.\/coterie /, id);
      seen.add(id);
    }
    await page.keyboard.press("Tab");
  }
  assert.ok(seen.size >= 25, `${[...seen]}`);
  await page.locator("[data-testid=tile-hints] .figure").click();
  assert.equal(await at(page, "detail-metric").textContent(), "coterie_hints_held");
  await page.keyboard.press("Escape");
  assert.equal(await at(page, "detail").isHidden(), true);
  await done(page);
});

test("estimates say that they are, and from which metric they are", { skip }, async () => {
  const page = await board({ width: 1920, height: 1080 }, made.base, "/?of=300");
  const { debt, clients } = await page.evaluate(() => window.__dashboard.state().state);
  assert.equal(await at(page, "tile-diverged").locator("b").textContent(), `≤ ${debt.diverged_keys_at_most.toLocaleString("en").replaceAll(",", "\u2009")}`);
  assert.match(await at(page, "tile-diverged").textContent(), /an estimate/);
  assert.match(await at(page, "tile-siblings").textContent(), new RegExp(`p99 ${clients.siblings_p99}, of reads`));
  assert.match(await at(page, "tile-rebuilding").textContent(), /, about 95 s left$/);
  assert.doesNotMatch(await at(page, "tile-hints").textContent(), /left/, "hints for nodes that are down do not become fewer");
  for (const [figure, metric] of [["siblingsP99", "coterie_read_siblings"], ["copiesLeft", "coterie_groups_rebuilding"], ["diverged", "coterie_lag_dots"]]) {
    await page.locator(`[data-figure=${figure}]`).click();
    assert.equal(await at(page, "detail-metric").textContent(), metric);
    await page.keyboard.press("Escape");
  }
  await done(page);
});

test("by keyboard alone: sections, keys, colours, a key's versions", { skip }, async () => {
  const page = await board();
  await page.keyboard.press("6");
  assert.equal(await page.evaluate(() => document.activeElement.id), "nodes");
  await page.keyboard.press("?");
  assert.equal(await at(page, "help").isVisible(), true);
  await page.keyboard.press("Escape");
  assert.equal(await at(page, "help").count(), 0);
  const before = await page.evaluate(() => document.documentElement.dataset.theme);
  await page.keyboard.press("d");
  assert.notEqual(await page.evaluate(() => document.documentElement.dataset.theme), before);
  await page.locator(".strip").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("[data-testid=strip-one]")?.textContent.includes("owners n2, n3, n1"));
  assert.match(await at(page, "strip-one").textContent(), /^partition 1: (all owners there|enough for R and W); owners/);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), "inspect-bucket");
  await page.keyboard.type("carts");
  await page.keyboard.press("Tab");
  await page.keyboard.type("alice");
  await page.keyboard.press("Enter");
  await at(page, "inspected").waitFor();
  for (const type of await page.locator(".version-type").all()) assert.ok((await type.boundingBox()).height < 24, "a content type takes one line");
  assert.equal(await page.locator(".replica").count(), 3);
  assert.match(await at(page, "replica-n2").textContent(), /A.*\(n1\/1,7\).*B.*\(n2\/1,3\)/s);
  assert.match(await at(page, "replica-n3").textContent(), /is not connected with n1/);
  await done(page);
});

test("a node that falls silent is said to be, and what it told stays", { skip }, async () => {
  const own = await serve();
  const page = await board({}, own.base);
  own.server.closeAllConnections();
  own.server.close();
  await page.waitForFunction(() => document.querySelector(".live-lost"));
  assert.match(await at(page, "live").textContent(), /no answer for \d+ s; this is of \d\d:/);
  assert.equal(await at(page, "sentence").isVisible(), true);
  page.troubles = page.troubles.filter((trouble) => !/ERR_|Failed to load/.test(trouble));
  await done(page);
});

const cluster = process.env.COTERIE_CLUSTER ? JSON.parse(readFileSync(process.env.COTERIE_CLUSTER, "utf8")) : null;
const without = skip || (cluster ? false : "COTERIE_CLUSTER names no running cluster");

test("the Lab's workload on a real cluster: to its end, and stopped", { skip: without }, async () => {
  const page = await visitAt(`http://${cluster.nodes[1].admin}`, "/lab#v1.social.rate=200.reads=50.keys=8.time=2.fail=pause(1s,2s,B)");
  await ran(page);
  const link = at(page, "run-cluster");
  await link.waitFor();
  await link.click();
  await until(page, (s) => s.a.real && s.a.running && s.a.writes > 0, "figures while it is under way");
  assert.match(await link.textContent(), /^Stop · \d+ %$/);
  assert.match(await at(page, "real-mark").textContent(), /^Real cluster$/);
  assert.match(await at(page, "real-left-out").textContent(), /pause\(1s,2s,B\).*n2 serves this page and cannot stop itself/);
  const end = await until(page, (s) => s.a.real && !s.a.running && s.a.run !== null, "its end");
  assert.ok(end.a.writes > 50, `${end.a.writes} writes`);
  const [, lasted] = /^(\d+(?:\.\d+)?) s of calls to n2, n1 and n3\.$/.exec(await at(page, "real-ended").textContent()) ?? [];
  assert.ok(lasted >= 2, `${await at(page, "real-ended").textContent()}: the scenario's two seconds, and what the last calls took`);
  for (const chart of ["stale", "latency", "success", "entropy", "ops"]) await page.locator(`[data-testid=chart-${chart}] canvas`).waitFor();
  assert.match(await at(page, "metric-write_success_rate").textContent(), /100.*all \d+ acknowledged/);
  assert.equal(await at(page, "ring").count(), 0, "there is nothing to play");
  assert.deepEqual(await brokenLayout(page), []);

  await page.evaluate(() => (location.hash = "#v1.social.rate=200.reads=50.keys=8.time=30"));
  await until(page, (s) => !s.a.real && !s.a.running && s.a.scenario.includes("time=30"), "the simulated run of a longer one");
  await link.click();
  await until(page, (s) => s.a.real && s.a.running, "a run that is under way");
  await link.click();
  await until(page, (s) => s.a.real && !s.a.running && s.a.run !== null, "its end by the button");
  assert.match(await at(page, "real-ended").textContent(), /; it was stopped\.$/);
  await done(page);
});

test("a real cluster of three: its figures, a key, and a node that is killed", { skip: without }, async () => {
  const [first] = cluster.nodes;
  await fetch(`http://${first.http}/buckets/carts/keys/alice`, { method: "PUT", body: "milk", headers: { "content-type": "text/plain" } });
  const page = await board({}, `http://${first.admin}`);
  await page.waitForFunction(() => window.__dashboard.state().state.told === 3);
  assert.match(await at(page, "sentence").textContent(), /^All \d+ partitions can serve R=2 and W=2\./);
  assert.equal(await page.locator("[data-testid=matrix] td.seen").count(), 9);
  assert.equal(await page.locator("[data-testid=node-rows] tbody tr").count(), 3);

  await at(page, "inspect-bucket").fill("carts");
  await at(page, "inspect-key").fill("alice");
  await at(page, "inspect-values").check();
  await at(page, "inspect-go").click();
  await at(page, "inspected").waitFor();
  for (const type of await page.locator(".version-type").all()) assert.ok((await type.boundingBox()).height < 24, "a size and a content type take one line");
  assert.equal(await page.locator(".replica").count(), 3);
  assert.match(await at(page, "replica-n1").textContent(), /milk/);

  const last = cluster.nodes[2];
  process.kill(last.pid, "SIGKILL");
  await page.waitForFunction((id) => document.querySelector("[data-testid=sentence]").textContent.includes(`Node ${id} down`), last.id);
  assert.match(await at(page, `node-${last.id}`).textContent(), /down/);
  assert.ok((await told(page)).events.some(({ kind, about }) => kind === "member_dead" && about === last.id));
  assert.equal(await page.locator(`[data-testid=matrix] tbody tr:first-child [data-seen=dead]`).count(), 1);
  assert.deepEqual(await broken(page), []);

  await at(page, "to-lab").click();
  await page.waitForFunction(() => window.__lab);
  await done(page);
});
