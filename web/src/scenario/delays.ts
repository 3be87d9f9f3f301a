// SPDX-License-Identifier: Apache-2.0

const most = 257;

/** Measured delays, one in ms on each line (of several columns the first), as the scenario's text has them; or what is wrong with them. */
export function quantilesOf(csv: string): { text: string } | { wrong: string } {
  const delays: number[] = [];
  for (const [index, line] of csv.split(/\r?\n/).entries()) {
    const cell = line.split(/[,;\t]/)[0]!.trim();
    if (line.trim() === "") continue;
    const delay = cell === "" ? NaN : Number(cell);
    if (Number.isNaN(delay) && delays.length === 0 && index === 0) continue;
    if (!(delay >= 0 && delay <= 1e9)) return { wrong: `Line ${index + 1}, “${cell.slice(0, 20)}”, is no delay in ms.` };
    delays.push(delay);
  }
  if (delays.length === 0) return { wrong: "There is no delay in this file." };
  delays.sort((one, other) => one - other);
  const steps = Math.min(Math.max(delays.length, 2), most);
  const quantiles = Array.from({ length: steps }, (_, i) => delays[Math.floor((i * (delays.length - 1)) / (steps - 1))]!);
  return { text: `quantiles(${quantiles.map((one) => String(+one.toFixed(4)).replace(".", "_")).join(",")})` };
}
