import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { RescorerChoice } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { FileHashes } from "../../../server/runtime/vectors/fileHashes";
import { MatrixProduct } from "../../../server/runtime/vectors/matrixProduct";
import { findModel } from "../../../server/runtime/vectors/modelFolder";
import { Rescoring } from "../../../server/runtime/vectors/rescoring";
import { rescoreRequest } from "../../../server/runtime/vectors/rescoreRequests";
import { SentenceEncoder } from "../../../server/runtime/vectors/sentenceEncoder";
import type { VectorClient } from "../../../server/runtime/vectors/vectorClient";
import { builtModels } from "../../support/buildVectorProcess";
import { EMBEDDED, failureOf, startClient, temporaryFolder, textsBySide, valueOf } from "./fixture";

const MAXSIM: RescorerChoice = { kind: "maxsim" };
const QUERIES = Array.from({ length: 6 }, (_, i) => `which wing stalls first in case ${String(i)}`);
const DOCUMENTS = Array.from({ length: 48 }, (_, i) => `Passage ${String(i)}: ${"the swept wing stalls at the tip ".repeat(3 + (i % 9))}`);
const TEXT = textsBySide({ query: QUERIES, document: DOCUMENTS });
const ALL = [...DOCUMENTS.keys()];
const JOBS = QUERIES.map((_, query) => ({ query, documents: ALL }));

async function open(parts: Parameters<typeof startClient>[0] = {}): Promise<VectorClient> {
  const client = await startClient({ source: { kind: "texts", text: TEXT }, ...parts });
  valueOf(await client.open(EMBEDDED));
  return client;
}

/** Rescoring without a process, and the texts that its encoder was given. */
async function countedRescoring(cacheFolder?: string) {
  const settings = { modelsFolder: builtModels(), baseFolder: path.sep, ...(cacheFolder !== undefined && { cacheFolder }) };
  const model = valueOf(await findModel(EMBEDDED, settings, new FileHashes(undefined)));
  const real = valueOf(await SentenceEncoder.open(model, 1));
  const encoded: string[] = [];
  const counting = Object.create(real, {
    tokenize: { value: (text: string) => (encoded.push(text), real.tokenize(text)) },
    tokenVectors: { value: (ids: readonly number[]) => real.tokenVectors(ids) },
  }) as SentenceEncoder;
  const rescoring = new Rescoring(() => undefined);
  const openWith = async (queryPrompt: string): Promise<void> => {
    const prompts = { query: queryPrompt, document: "" };
    const encoder = {
      id: "counted",
      fingerprint: model.fingerprint,
      encoder: () => Promise.resolve({ ok: true, value: counting } as const),
      prompts,
    };
    rescoring.open({ settings, threads: 1, product: await MatrixProduct.open(path.join(builtModels(), "search.onnx"), 1), encoder });
  };
  await openWith("");
  const run = async (jobs: Parameters<typeof rescoreRequest>[1]) => {
    const work = rescoring.run(rescoreRequest(MAXSIM, jobs, TEXT, false), () => undefined);
    for (;;) {
      const slice = await work.next();
      if (slice.done === true) return { scores: [...valueOf(slice.value)], encoded: encoded.splice(0) };
    }
  };
  return { rescoring, openWith, run };
}

test("pairs that were asked before cost nothing", async () => {
  const { run } = await countedRescoring();
  const first = await run([{ query: 0, documents: [0, 1] }]);
  expect(first.encoded).toEqual([QUERIES[0], DOCUMENTS[0], DOCUMENTS[1]]);
  const again = await run([{ query: 0, documents: [1, 0, 1] }]);
  expect(again).toEqual({ scores: [first.scores[1], first.scores[0], first.scores[1]], encoded: [] });
  const more = await run([
    { query: 0, documents: [1, 2] },
    { query: 1, documents: [0] },
  ]);
  // The vectors of document 0 are still there.
  expect(more.encoded).toEqual([QUERIES[0], QUERIES[1], DOCUMENTS[2]]);
});

test("scores outlive the model that is open, and belong to its prompts", async () => {
  const { rescoring, openWith, run } = await countedRescoring();
  const first = await run([{ query: 0, documents: [0] }]);
  rescoring.close();
  await openWith("query: ");
  const prompted = await run([{ query: 0, documents: [0] }]);
  expect(prompted.encoded).toEqual([`query: ${QUERIES[0]!}`, DOCUMENTS[0]]);
  expect(prompted.scores).not.toEqual(first.scores);
  rescoring.close();
  await openWith("");
  expect(await run([{ query: 0, documents: [0] }])).toEqual({ scores: first.scores, encoded: [] });
});

test("scores are kept in the cache folder for the next process", async () => {
  const cacheFolder = temporaryFolder();
  const first = await (await countedRescoring(cacheFolder)).run([{ query: 0, documents: [0, 1] }]);
  const second = await (await countedRescoring(cacheFolder)).run([{ query: 0, documents: [1, 0, 2] }]);
  expect(second.encoded).toEqual([QUERIES[0], DOCUMENTS[2]]);
  expect(second.scores.slice(0, 2)).toEqual([first.scores[1], first.scores[0]]);
  expect(fs.readdirSync(path.join(cacheFolder, "scores"))).toHaveLength(1);
});

test("a process killed in the middle is replaced, and the scores are the same", async () => {
  const [calm, shaken] = [await open(), await open()];
  const expected = valueOf(await calm.rescore(MAXSIM, JOBS, { cancellation: neverCancelled }));
  let killed = false;
  const scores = await shaken.rescore(MAXSIM, JOBS, {
    cancellation: neverCancelled,
    onProgress: ({ done, total }) => {
      if (killed || done === total) return;
      killed = true;
      process.kill(shaken.processId!, "SIGKILL");
    },
  });
  expect(killed).toBe(true);
  expect(valueOf(scores)).toEqual(expected);
});

test("progress counts all pairs and grows", async () => {
  const client = await open();
  const seen: { done: number; total: number }[] = [];
  valueOf(await client.rescore(MAXSIM, JOBS, { cancellation: neverCancelled, onProgress: (progress) => seen.push(progress) }));
  const total = JOBS.length * ALL.length;
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.at(-1)).toEqual({ done: total, total });
  expect(seen.every(({ done }, i) => done >= (seen[i - 1]?.done ?? 0))).toBe(true);
});

test("rescoring can be stopped, and what was scored is kept", async () => {
  const client = await open({ settings: { cacheFolder: temporaryFolder() } });
  const cancellation = { requested: false };
  let stoppedAt = 0;
  const stopped = await client.rescore(MAXSIM, JOBS, {
    cancellation,
    onProgress: ({ done }) => {
      stoppedAt = Math.max(stoppedAt, done);
      cancellation.requested = true;
    },
  });
  expect(failureOf(stopped).reason).toBe("cancelled");
  const seen: number[] = [];
  const onProgress = ({ done }: { readonly done: number }) => seen.push(done);
  valueOf(await client.rescore(MAXSIM, JOBS, { cancellation: neverCancelled, onProgress }));
  expect(seen[0]).toBeGreaterThan(stoppedAt);
  expect(failureOf(await client.rescore(MAXSIM, JOBS, { cancellation: { requested: true } })).reason).toBe("cancelled");
});

test("what is looked at overtakes a long run", async () => {
  const client = await open();
  const finished: string[] = [];
  const long = client.rescore(MAXSIM, JOBS, { cancellation: neverCancelled }).then(() => finished.push("all pairs"));
  const visible = [{ query: 5, documents: [47, 46] }];
  await client.rescore(MAXSIM, visible, { cancellation: neverCancelled }).then(() => finished.push("the visible ones"));
  await long;
  expect(finished).toEqual(["the visible ones", "all pairs"]);
});

test("many jobs are cut into requests and come back in order; a job without documents has no scores", async () => {
  const client = await open();
  const jobs = Array.from({ length: 2100 }, (_, i) => ({ query: i % 3, documents: i % 5 === 4 ? [] : [i % 4, (i + 1) % 4] }));
  const scores = valueOf(await client.rescore(MAXSIM, jobs, { cancellation: neverCancelled }));
  const table = valueOf(
    await client.rescore(
      MAXSIM,
      [0, 1, 2].map((query) => ({ query, documents: [0, 1, 2, 3] })),
      { cancellation: neverCancelled },
    ),
  );
  expect(scores.map((one) => [...one])).toEqual(jobs.map(({ query, documents }) => documents.map((slot) => table[query]![slot])));
  expect(valueOf(await client.rescore(MAXSIM, [], { cancellation: neverCancelled }))).toEqual([]);
});

test("before a model is open nothing can be scored", async () => {
  const client = await startClient({ source: { kind: "texts", text: TEXT } });
  expect(failureOf(await client.rescore(MAXSIM, JOBS, { cancellation: neverCancelled }))).toMatchObject({ reason: "not-ready" });
});
