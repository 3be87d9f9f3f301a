// SPDX-License-Identifier: Apache-2.0
// The dashboard in Chromium, with made-up answers for 3 and for 300 nodes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../fixture/server.mjs";
import { boardAt, broken, told } from "./board.mjs";
import { at, close, done, open, skip, visitAt } from "./browser.mjs";

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

const board = (how = {}, origin = made.base, path = "/") => boardAt(origin, how, path);

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
