// An edit re-mines what it can affect, and what comes out is what mining everything anew gives, to the byte.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CollectionInput } from "#core/collection/buildCollection";
import { defaultConfig } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import { detailLine } from "#core/exporting/detailLine";
import { gradientSettings } from "#core/gradients/gradientSettings";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";

interface CountedSession {
  readonly session: DatasetSession;
  /** Searches for the nearest documents of one query since the last call. */
  readonly searches: () => number;
}

async function openSession(input: CollectionInput, sampler: Partial<SamplerConfig>): Promise<CountedSession> {
  let searches = 0;
  class CountingSpace extends InMemoryVectorSpace {
    override retrieve(...args: Parameters<InMemoryVectorSpace["retrieve"]>): ReturnType<InMemoryVectorSpace["retrieve"]> {
      if (args[1] > 0) searches += args[0].length;
      return super.retrieve(...args);
    }
  }
  const session = new DatasetSession({
    createVectors: (text) => new CountingSpace(text),
    sha256,
    breathe: () => Promise.resolve(),
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "Ada",
  });
  await session.setData(input);
  await session.setConfig({ ...defaultConfig, sampler: { ...defaultConfig.sampler, ...sampler } });
  expect(await session.prepare()).toMatchObject({ ok: true });
  const take = (): number => {
    const taken = searches;
    searches = 0;
    return taken;
  };
  return { session, searches: take };
}

async function linesOf(session: DatasetSession): Promise<readonly string[]> {
  const lines: string[] = [];
  const mined = await session.mineAll((one) => {
    lines.push(detailLine(one, session.collection, gradientSettings(session.config.training)));
  }, neverCancelled);
  expect(mined).toMatchObject({ ok: true });
  return lines;
}

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune"];
const passage = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((chosen) => chosen.join(" "));
const corpus = fc.array(passage, { minLength: 8, maxLength: 24 });
const queries = ["tern reef gull", "sand dune", "kelp crab tide", "reef tide"];

const edit = fc.oneof(
  fc.record({ kind: fc.constant("replace" as const), at: fc.nat(), text: passage }),
  fc.record({ kind: fc.constant("insert" as const), at: fc.nat(), text: passage }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat(), text: passage }),
);

function inputOf(passages: readonly string[]): CollectionInput {
  const training = queries.map((query, i) => ({ query, pos: [`${words[i] ?? ""} positive`] }));
  const documents = passages.map((text, i) => ({ docs: [[`d${String(i)}`, text] as const] }));
  return { files: [file("train.jsonl", "training", training), file("corpus.jsonl", "corpus", documents)] };
}

function edited(passages: readonly string[], { kind, at, text }: { kind: string; at: number; text: string }): readonly string[] {
  const place = at % passages.length;
  const replacement = kind === "remove" ? [] : kind === "insert" ? [text, passages[place] ?? text] : [text];
  return passages.toSpliced(place, 1, ...replacement);
}

const samplers: readonly Partial<SamplerConfig>[] = [
  { num_negatives: 3, range_max: 5 },
  { sampling_strategy: "simans", num_negatives: 2, range_max: 6 },
  { sampling_strategy: "random", num_negatives: 2 },
  {
    mix: [
      { source: "top", n: 2, range_max: 4 },
      { source: "bm25", n: 1 },
      { source: "random", n: 1 },
    ],
    range_max: 6,
  },
];

test("after any edits of passages, mining gives the bytes that mining anew gives", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samplers),
      corpus,
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      async (sampler, first, edits) => {
        const { session } = await openSession(inputOf(first), sampler);
        expect(await session.preview(session.config)).toMatchObject({ ok: true });
        let passages: readonly string[] = first;
        for (const one of edits) {
          passages = edited(passages, one);
          await session.setData(inputOf(passages));
          expect(await session.prepare()).toMatchObject({ ok: true });
          expect(await session.preview(session.config)).toMatchObject({ ok: true });
        }
        const fresh = await openSession(inputOf(passages), sampler);
        expect(await linesOf(session)).toEqual(await linesOf(fresh.session));
      },
    ),
    { numRuns: 60 },
  );
});

test("an edit that no query has among its nearest searches for none, and one that some have for these", async () => {
  const near = queries.flatMap((query) => [`${query} one`, `${query} two`, `${query} three`]);
  const passages = [...near, "lichen", "moss", "fern"];
  const { session, searches } = await openSession(inputOf(passages), { num_negatives: 1, range_max: 2, near_query_overlap: null });
  await session.preview(session.config);
  expect(searches()).toBe(queries.length);

  await session.setData(inputOf(passages.with(passages.length - 2, "moss and heather")));
  await session.prepare();
  await session.preview(session.config);
  expect(searches()).toBe(0);

  await session.setData(inputOf(passages.with(3, "sand dune sand dune")));
  await session.prepare();
  await session.preview(session.config);
  expect(searches()).toBe(1);
});
