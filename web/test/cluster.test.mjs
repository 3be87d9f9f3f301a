// SPDX-License-Identifier: Apache-2.0
// Dashboard and Lab against the running cluster of three whose cluster.json COTERIE_CLUSTER names. How long its calls take is
// looked at, so nothing else runs beside it. The last test kills one of its nodes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { boardAt, broken, told } from "./board.mjs";
import { at, brokenLayout, close, done, open, ran, skip, until, visitAt } from "./browser.mjs";

before(open);
after(close);

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
  const page = await boardAt(`http://${first.admin}`);
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
