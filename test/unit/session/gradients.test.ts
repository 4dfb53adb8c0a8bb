// The gradients of a whole file: what the cards say of every query, at any temperature, with one search for all of them.
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import { candidateGradients } from "#core/gradients/candidateGradients";
import { gradientSettings } from "#core/gradients/gradientSettings";
import { GradientSummariser } from "#core/gradients/gradientSummariser";
import type { GradientSummary } from "#core/gradients/gradientSummariser";
import { foldMarks } from "#core/marks/foldMarks";
import type { VectorSpace } from "#core/ports";
import { DatasetSession } from "#core/session/datasetSession";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { verdict } from "../mining/miningFixture";

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune", "wave", "buoy"];
const text = (i: number, length: number): string =>
  Array.from({ length }, (_, place) => words[(i * (place + 3) + (i >> (place % 3))) % words.length] ?? "").join(" ");
const passages = Array.from({ length: 60 }, (_, i) => `${text(i, 5)} ${String(i)}`);
const queries = Array.from({ length: 80 }, (_, i) => `${text(i * 7 + 1, 3)} ${String(i)}?`);

/** Counts what is asked of it. */
class CountingVectorSpace extends InMemoryVectorSpace {
  readonly asked = { retrieve: 0, similarities: 0 };

  override retrieve(...args: Parameters<VectorSpace["retrieve"]>): ReturnType<VectorSpace["retrieve"]> {
    this.asked.retrieve += args[0].length;
    return super.retrieve(...args);
  }

  override similarities(...args: Parameters<VectorSpace["similarities"]>): ReturnType<VectorSpace["similarities"]> {
    this.asked.similarities += args[0].length;
    return super.similarities(...args);
  }
}

interface Opened {
  readonly session: DatasetSession;
  readonly vectors: () => CountingVectorSpace;
  readonly gradients: (temperature?: number) => Promise<GradientSummary>;
}

/** Every fourth query has two positives, and the last one none. */
async function open(training: Partial<Config["training"]> = {}): Promise<Opened> {
  let tell = (): void => undefined;
  const made: CountingVectorSpace[] = [];
  const session = new DatasetSession(
    {
      createVectors: (textOf) => {
        const space = new CountingVectorSpace(textOf);
        made.push(space);
        return space;
      },
      sha256,
      home: new InMemoryHomeFiles(),
      breathe: () => Promise.resolve(),
      stopwatch: () => 0,
      logger: () => undefined,
      author: "ann",
    },
    {
      revised: () => undefined,
      statusChanged: () => undefined,
      previewAdvanced: (done, total) => {
        if (done === total) tell();
      },
    },
  );
  const rows = queries.map((query, i) => ({
    query,
    pos: i === queries.length - 1 ? [] : i % 4 === 0 ? [passages[i % 60] ?? "", passages[(i + 7) % 60] ?? ""] : [passages[i % 60] ?? ""],
  }));
  const corpus = passages.map((passage) => ({ docs: [passage] }));
  await session.setData({ files: [file("train.jsonl", "training", rows), file("corpus.jsonl", "corpus", corpus)] });
  await session.setConfig({
    ...defaultConfig,
    sampler: { ...defaultConfig.sampler, range_max: 20, relative_margin: null },
    training: { ...defaultConfig.training, ...training },
  });
  await session.prepare();
  const gradients = async (temperature?: number): Promise<GradientSummary> => {
    for (;;) {
      const searched = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const step = await session.gradients(temperature);
      if (!step.ok) throw new Error(step.failure.message);
      if (step.value.kind === "summary") return step.value.summary;
      await searched;
    }
  };
  return { session, vectors: () => made.at(-1)!, gradients };
}

test("every query with a positive counts, with what mining says of it", async () => {
  const { session, gradients } = await open();
  const summary = await gradients();
  const settings = gradientSettings(session.config.training);
  const other = new GradientSummariser(settings, session.sources);
  const unknown: number[] = [];
  await session.mineAll((mined) => {
    other.add(mined);
    if (candidateGradients(mined, settings).query === undefined) unknown.push(mined.query);
  }, neverCancelled);
  expect(summary).toEqual(other.summary());
  expect([summary.queries, unknown]).toEqual([79, [79]]);
});

test("another temperature searches for nothing, and asks nothing of the vectors", async () => {
  const { vectors, gradients } = await open();
  const soft = await gradients(1);
  const before = { ...vectors().asked };
  expect(before).toEqual({ retrieve: queries.length, similarities: queries.length / 4 });
  const sharp = await gradients(0.01);
  expect(vectors().asked).toEqual(before);
  expect(sharp.candidates).toBe(soft.candidates);
  expect(sharp.effectiveNegatives?.median).toBeLessThan(soft.effectiveNegatives?.median ?? 0);
  expect(await gradients(1)).toEqual(soft);
});

test("the configuration's temperature and hardness hold where no other is asked for", async () => {
  const usual = await open();
  const hard = await open({ temperature: 0.2, hardness_mode: "all_negatives", hardness_strength: 9 });
  const [plain, weighted] = [await usual.gradients(0.2), await hard.gradients()];
  expect(weighted.temperature).toBe(0.2);
  expect(weighted.sources[0]?.mass).toBeGreaterThan(plain.sources[0]?.mass ?? 0);
});

test("a mark acts on the next answer: what it promotes is no negative any more, and counts as harm", async () => {
  const { session, gradients } = await open();
  const before = await gradients();
  const mined = await session.mine(5);
  if (!mined.ok) throw new Error(mined.failure.message);
  const { pool, decision } = mined.value;
  const marked = session.collection.documents[pool.documents[decision.kept[0] ?? -1] ?? -1]?.text ?? "";
  session.setMarks(foldMarks([verdict(queries[5] ?? "", marked, "false_negative")]));
  const after = await gradients();
  expect([before.sources[0]?.falseNegatives, after.sources[0]?.falseNegatives]).toEqual([0, 1]);
  expect(after.sources[0]?.harmful).toBeGreaterThan(0);
  expect(after.points[0]).toMatchObject({ query: 5, verdict: "false_negative", kept: false });
});

test.each([0, -1, Number.NaN])("tau %d is refused, and nothing is searched for", async (temperature) => {
  const { session, vectors } = await open();
  expect(await session.gradients(temperature)).toMatchObject({ ok: false, failure: { reason: "bad-arguments" } });
  expect(vectors().asked.retrieve).toBe(0);
});

test("without vectors there is a reason", async () => {
  const { session } = await open();
  await session.setData({ files: [] });
  expect(await session.gradients()).toMatchObject({ ok: false, failure: { reason: "not-ready" } });
});
