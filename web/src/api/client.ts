// SPDX-License-Identifier: Apache-2.0
import type {
  AnomalyCard,
  AnomalyHead,
  Catalogue,
  Events,
  FieldKind,
  LiveOffer,
  MessageBody,
  Ops,
  Progress,
  Refusal,
  Series,
  Started,
  StartedLive,
  StateAt,
  Study,
  Summary,
  Verdict,
} from "./contract";

/** An answer that is no success, with the sentence that the server gives for it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    readonly field: string | null,
  ) {
    super(sentence);
  }
}

const root = "/lab";

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(root + path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Refused(0, "UNREACHABLE", "The node does not answer. It may have been stopped.", null);
  }
  if (response.ok) return (await response.json()) as T;
  const body = (await response.json().catch(() => null)) as Refusal | null;
  const error = body?.error;
  throw new Refused(
    response.status,
    error?.code ?? `HTTP_${response.status}`,
    error?.sentence ?? `The node answered ${response.status}.`,
    error?.field ?? null,
  );
}

const query = (given: Record<string, string | number>) =>
  "?" +
  Object.entries(given)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

export async function catalogue(): Promise<Catalogue> {
  const answer = await json<Catalogue>("/templates");
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const fields = answer.fields.map((field) => ({ ...field, label: capital(field.label), kind: field.kind.toLowerCase() as FieldKind }));
  return { ...answer, fields };
}

export const verdict = (scenario: string, signal?: AbortSignal) =>
  json<Verdict>("/verdict" + query({ scenario }), { signal });

export const start = (scenario: string) => json<Started>("/runs", posted({ scenario }));

export const liveOffer = () => json<LiveOffer>("/live");

/** Begins to run a scenario's workload on the cluster of the node that serves the page. */
export const startLive = (scenario: string) => json<StartedLive>("/live", posted({ scenario }));

/** Stops a run, and forgets it once it is over. */
export const drop = (id: string) => fetch(`${root}/runs/${id}`, { method: "DELETE" });

const posted = (body: object): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** Asks a question that takes many runs. */
export const ask = <T>(body: object) => json<Study<T>>("/studies", posted(body));

export const study = <T>(id: string) => json<Study<T>>(`/studies/${id}`);

export const forget = (id: string) => fetch(`${root}/studies/${id}`, { method: "DELETE" });

export const summary = (id: string) => json<Summary>(`/runs/${id}/summary`);

export const events = (id: string, from: number, to: number) =>
  json<Events>(`/runs/${id}/events` + query({ from, to }));

export const stateAt = (id: string, at: number) => json<StateAt>(`/runs/${id}/state` + query({ at }));

export const message = (id: string, number: number | string) => json<MessageBody>(`/runs/${id}/messages/${number}`);

/** Operations that began in a span; with a limit, about so many of them, evenly chosen. */
export const ops = (id: string, from: number, to: number, limit?: number) =>
  json<Ops>(`/runs/${id}/ops` + query(limit === undefined ? { from, to } : { from, to, limit }));

export const anomalies = async (id: string): Promise<AnomalyHead[]> => {
  const answer = await json<AnomalyHead[] | { anomalies: AnomalyHead[] }>(`/runs/${id}/anomalies`);
  return Array.isArray(answer) ? answer : answer.anomalies;
};

export const anomaly = (id: string, n: number) => json<AnomalyCard>(`/runs/${id}/anomalies/${n}`);

export const exportAddress = (id: string, as: "json" | "ops.csv" | "transcript") =>
  `${root}/runs/${id}/export` + query({ as });

export interface StreamHears {
  progress(progress: Progress): void;
  series(delta: Partial<Series>): void;
  finished(): void;
  stopped(why: string): void;
  broken(): void;
}

/** Follows a run until it ends; the answer stops following. */
export function follow(id: string, hears: StreamHears): () => void {
  const source = new EventSource(`${root}/runs/${id}/stream`);
  const on = (name: string, hear: (data: unknown) => void) =>
    source.addEventListener(name, (event) => hear(JSON.parse((event as MessageEvent<string>).data || "{}")));
  on("progress", (data) => hears.progress(data as Progress));
  on("series", (data) => hears.series(data as Partial<Series>));
  on("finished", () => {
    source.close();
    hears.finished();
  });
  on("stopped", (data) => {
    source.close();
    hears.stopped((data as { why?: string }).why ?? "stopped");
  });
  source.onerror = () => {
    // The browser reconnects by itself; a stream that is closed for good is asked no more.
    if (source.readyState === EventSource.CLOSED) hears.broken();
  };
  return () => source.close();
}
