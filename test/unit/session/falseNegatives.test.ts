// The false-negative model of a session: same data, marks and configuration, same model, whatever the way there.
import { expect, test } from "vitest";
import { writeAdapter } from "#core/adapter/adapterFiles";
import type { Adapter } from "#core/adapter/adapter";
import { defaultConfig } from "#core/config/config";
import type { Config } from "#core/config/config";
import type { SamplerConfig } from "#core/config/samplerSchema";
import type { FalseNegativeModel } from "#core/falseNegatives/falseNegativeModel";
import { FEATURES, VERDICT_SCALE } from "#core/falseNegatives/features";
import { falseNegativeProbabilities } from "#core/mining/falseNegativeProbabilities";
import { noSuggestions } from "#core/suggestions/pairOpinion";
import { FoldedSuggestions } from "#core/suggestions/foldedSuggestions";
import { judgement } from "../suggestions/suggestionLines";
import { fateOf } from "#core/mining/candidate";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, VerdictMark } from "#core/marks/mark";
import type { MinedQuery } from "#core/mining/miningState";
import { DatasetSession } from "#core/session/datasetSession";
import { seededRandom } from "#core/util/random";
import { neverCancelled } from "#core/util/cancellation";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { saidSuggestions } from "../../support/saidSuggestions";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";
import { exampleCard } from "../adapter/exampleCard";
import { verdict } from "../mining/miningFixture";

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp", "dune", "wave", "buoy", "mast", "sail"];
const random = seededRandom("passages");
const draw = (length: number): string => Array.from({ length }, () => words[Math.floor(random() * words.length)] ?? "").join(" ");
const passages = Array.from({ length: 150 }, (_, i) => `${draw(6)} ${String(i)}`);
const queries = Array.from({ length: 80 }, (_, i) => `${draw(3)} ${String(i)}?`);
const passage = (i: number): string => passages[i % passages.length] ?? "";

interface OpenSession {
  readonly session: DatasetSession;
  /** Queries that were searched for since the last call. */
  readonly searched: () => number;
  /** Resolves when the session is revised next. */
  readonly revised: () => Promise<void>;
}

async function openSession(config: Partial<Config> = {}, home = new InMemoryHomeFiles(), rows = queries.length): Promise<OpenSession> {
  let searches = 0;
  let tell = (): void => undefined;
  class CountingSpace extends InMemoryVectorSpace {
    override retrieve(...args: Parameters<InMemoryVectorSpace["retrieve"]>): ReturnType<InMemoryVectorSpace["retrieve"]> {
      if (args[1] > 0) searches += args[0].length;
      return super.retrieve(...args);
    }
  }
  const session = new DatasetSession(
    {
      createVectors: (textOf) => new CountingSpace(textOf),
      sha256,
      breathe: () => Promise.resolve(),
      stopwatch: () => 0,
      logger: () => undefined,
      home,
      author: "ann",
    },
    {
      revised: () => {
        tell();
      },
      statusChanged: () => undefined,
    },
  );
  const training = queries.slice(0, rows).map((query, i) => ({ query, pos: [passage(i)] }));
  const corpus = passages.map((text) => ({ docs: [text] }));
  await session.setData({ files: [file("train.jsonl", "training", training), file("corpus.jsonl", "corpus", corpus)] });
  await session.setConfig({ ...defaultConfig, sampler: samplerWith({}), ...config });
  expect(await session.prepare()).toMatchObject({ ok: true });
  return {
    session,
    searched: () => {
      const taken = searches;
      searches = 0;
      return taken;
    },
    revised: () =>
      new Promise((resolve) => {
        tell = resolve;
      }),
  };
}

function samplerWith(sampler: Partial<SamplerConfig>): SamplerConfig {
  return { ...defaultConfig.sampler, range_max: 20, ...sampler };
}

/** Passages with as many words of the query as a person would call relevant. */
const marks: readonly VerdictMark[] = Array.from({ length: 60 }, (_, i) => {
  const query = queries[i % 40] ?? "";
  const document = passage(7 * i + 3);
  const shared = new Set(query.split(" ").filter((word) => words.includes(word) && document.includes(word))).size;
  return verdict(query, document, shared >= 2 ? "false_negative" : "true_negative", {
    mark: `made ${String(i)}`,
    source: "top",
    lane: i % 3 === 0 ? "audit" : "harvest",
    time: `2026-01-01T00:00:${String(i).padStart(2, "0")}.000Z`,
  });
});

async function refitted({ session }: Pick<OpenSession, "session">, inForce?: readonly Mark[]): Promise<FalseNegativeModel> {
  if (inForce !== undefined) session.setMarks(foldMarks(inForce));
  const model = await session.refit(neverCancelled);
  if (!model.ok) throw new Error(model.failure.message);
  return model.value;
}

async function minedAll(session: DatasetSession, wantsModel = false): Promise<readonly MinedQuery[]> {
  const mined: MinedQuery[] = [];
  const done = await session.mineAll((query) => void mined.push(query), neverCancelled, wantsModel);
  expect(done).toEqual({ ok: true, value: null });
  return mined;
}

test("before marks it is the rule, on the scale of this data set; with enough of them it is learnt", async () => {
  const opened = await openSession();
  expect(opened.session.falseNegatives).toBeUndefined();
  const prior = await refitted(opened);
  expect(prior).toMatchObject({ kind: "prior", pairs: 0 });
  expect(FEATURES.filter((_, place) => (prior.scale.deviations[place] ?? 0) > 0)).toMatchInlineSnapshot(`
    [
      "score",
      "margin_to_lowest",
      "margin_to_highest",
      "ratio",
      "positive_similarity",
      "mean_positive_similarity",
      "log_rank",
      "top_score",
      "query_words",
      "positive_words",
    ]
  `);
  const taught = await refitted(opened, marks);
  expect(taught).toMatchObject({
    kind: "fitted",
    pairs: 60,
    falseNegatives: marks.filter((mark) => mark.verdict === "false_negative").length,
  });
  expect(opened.session.falseNegatives).toBe(taught);
  expect(await refitted(opened)).toBe(taught);
});

test("marks in any order, at once or one after the other, taken back and made again, teach the same", async () => {
  const atOnce = await refitted(await openSession(), marks);
  const inSteps = await openSession();
  for (const count of [5, 31, 32, 59]) await refitted(inSteps, [...marks].reverse().slice(0, count));
  expect(await refitted(inSteps, [...marks].reverse())).toEqual(atOnce);
  const undone = { kind: "undo" as const, mark: "u", time: "2026-01-02T00:00:00.000Z", author: "ann", of: "made 9", tool: "test" };
  expect(await refitted(inSteps, [...marks, undone])).not.toEqual(atOnce);
  expect(await refitted(inSteps, [...marks, undone, { ...undone, kind: "redo", mark: "r" }])).toEqual(atOnce);
});

test("what is looked at, previewed or mined more deeply before does not matter", async () => {
  const plain = await refitted(await openSession(), marks);
  const busy = await openSession();
  await busy.session.setConfig({ ...defaultConfig, sampler: samplerWith({ range_max: 60, seed: 5 }) });
  await minedAll(busy.session);
  await busy.session.mine(3);
  await busy.session.setConfig({ ...defaultConfig, sampler: samplerWith({}) });
  expect(await refitted(busy, marks)).toEqual(plain);
});

test("doubts, partly relevant passages, texts that are gone and what persons judge differently are not learnt from", async () => {
  const opened = await openSession();
  const [query = "", other = ""] = queries;
  const unsure = [
    verdict(query, passage(40), "partly_relevant"),
    verdict(query, passage(41), "cant_tell"),
    verdict(query, passage(42), "later"),
    verdict(query, "a text that is gone", "false_negative"),
    verdict("a query that is gone", passage(43), "false_negative"),
    verdict(query, passage(44), "false_negative"),
    verdict(query, passage(44), "true_negative", { author: "bob" }),
    verdict(query, undefined, "bad_query"),
  ];
  expect(await refitted(opened, unsure)).toMatchObject({ pairs: 0 });
  const sure = [
    verdict(other, passage(40), "duplicate_of_positive"),
    verdict(other, passage(41), "true_negative"),
    verdict(other, passage(41), "true_negative", { author: "bob" }),
    verdict(other, passage(42), "true_negative"),
    verdict(other, passage(42), "later", { author: "bob" }),
  ];
  expect(await refitted(opened, [...unsure, ...sure])).toMatchObject({ pairs: 3, falseNegatives: 1 });
});

test("a refit mines the queries whose marks changed, and no other", async () => {
  const opened = await openSession();
  await refitted(opened, marks);
  expect(opened.searched()).toBe(queries.length);
  await refitted(opened, marks.slice(0, -1));
  await refitted(opened, marks);
  // Their nearest are known: they are scored anew, without a search.
  expect(opened.searched()).toBe(0);
});

test("in the background it is fitted once a query is looked at, and again after ten marks", async () => {
  const { session, revised } = await openSession();
  const [first] = [revised(), await session.mine(0)];
  await first;
  expect(session.falseNegatives).toMatchObject({ kind: "prior" });
  const before = session.falseNegatives;
  session.setMarks(foldMarks(marks.slice(0, 9)));
  await session.mine(0);
  // Other work is waited for, so that a fit would have ended.
  await minedAll(session);
  expect(session.falseNegatives).toBe(before);
  session.setMarks(foldMarks(marks.slice(0, 40)));
  const [second] = [revised(), await session.mine(0)];
  await second;
  expect(session.falseNegatives).toMatchObject({ kind: "fitted", pairs: 40 });
});

test("other vectors, other model: that of before is forgotten at once", async () => {
  const { session } = await openSession();
  await refitted({ session }, marks);
  await session.setConfig({ ...session.config, model: { ...session.config.model, precision: "int8" } });
  expect(session.falseNegatives).toBeUndefined();
});

test("mining with a guard waits for the model; without one it has none, unless it is asked for", async () => {
  const guard = { sampler: samplerWith({ max_fn_probability: 0.2, relative_margin: null }) };
  const { session } = await openSession(guard);
  session.setMarks(foldMarks(marks));
  const mined = await minedAll(session);
  expect(session.falseNegatives).toMatchObject({ kind: "fitted", pairs: 60 });
  expect(mined.every(({ context }) => context.falseNegatives === session.falseNegatives)).toBe(true);
  const dropped = mined
    .flatMap(({ decision }) => decision.sources)
    .reduce((sum, source) => sum + (source.dropped[fateOf("max_fn_probability")] ?? 0), 0);
  expect(dropped).toBeGreaterThan(100);

  const other = await openSession({ sampler: samplerWith({ relative_margin: null }) });
  await refitted(other, marks);
  expect((await minedAll(other.session)).every(({ context }) => context.falseNegatives === undefined)).toBe(true);
  expect((await minedAll(other.session, true)).every(({ context }) => context.falseNegatives === other.session.falseNegatives)).toBe(true);
});

test("a preview with a guard is taken with the model of the configuration in use, up to date", async () => {
  const { session } = await openSession({}, undefined, 60);
  session.setMarks(foldMarks(marks));
  const seen = new Set<FalseNegativeModel | undefined>();
  const step = await session.summarise({ ...session.config, sampler: samplerWith({ max_fn_probability: 0.2, range_max: 9 }) }, () => ({
    add: ({ context }) => void seen.add(context.falseNegatives),
    summary: () => null,
  }));
  expect(step).toMatchObject({ ok: true, value: { kind: "summary" } });
  expect([...seen]).toEqual([session.falseNegatives]);
  expect(session.falseNegatives).toMatchObject({ kind: "fitted" });
});

test("under an adapter that is tried, the model is the one that the adapter in use would have", async () => {
  const dimensions = 64;
  const turn = seededRandom("adapter");
  const weight = Float32Array.from(
    { length: dimensions * dimensions },
    (_, place) => Number(place % (dimensions + 1) === 0) + 0.2 * turn(),
  );
  const adapter: Adapter = { sides: "query", dimensions, weight };
  const home = new InMemoryHomeFiles();
  const base_model = { ...exampleCard.base_model, fingerprint: "in-memory fp32", dimensions };
  expect(await writeAdapter(home, "turned", adapter, { ...exampleCard, base_model })).toMatchObject({ ok: true });

  const tried = await openSession({}, home);
  tried.session.setMarks(foldMarks(marks));
  expect(await tried.session.trials.hold("held", adapter)).toMatchObject({ ok: true });
  const models = new Set<FalseNegativeModel | undefined>();
  const onQuery = ({ context }: MinedQuery): void => void models.add(context.falseNegatives);
  const task = { queries: [0, 1, 2], onQuery, cancellation: neverCancelled };
  expect(await tried.session.trials.mine("held", { ...task, wantsModel: true })).toMatchObject({ ok: true });

  const used = await openSession({ model: { ...defaultConfig.model, adapter: "turned" } }, home);
  const model = await refitted(used, marks);
  expect([...models]).toEqual([model]);
  expect(model).not.toEqual(await refitted(tried));

  // With fewer marks than can teach, and no guard, nothing is fitted.
  models.clear();
  tried.session.setMarks(foldMarks(marks.slice(0, 29)));
  await tried.session.trials.mine("held", { ...task, wantsModel: true });
  expect([...models]).toEqual([undefined]);
});

/** A model that was asked about the marked pairs of some queries, and calls those relevant that people do; it errs in every fourth. */
function opinionsOn(judged: readonly VerdictMark[]): FoldedSuggestions {
  const said = judged.map(({ query, document, verdict: name }, i) => {
    const isRelevant = (name === "false_negative") !== (i % 4 === 0);
    const verdicts = [
      { document: document ?? { key: "" }, verdict: isRelevant ? ("relevant" as const) : ("not_relevant" as const), reason: "" },
    ];
    return judgement(query.key, {}, { query, verdicts, suggestion: `on ${String(i)}` });
  });
  return new FoldedSuggestions(said);
}

const verdictPlace = FEATURES.indexOf("llm_verdict");

test("what language models say has the model fitted anew, and what they do not say any more has it as it was", async () => {
  const opened = await openSession();
  const without = await refitted(opened, marks);
  expect([without.coefficients[verdictPlace], without.scale.deviations[verdictPlace]]).toEqual([0, 0]);
  opened.session.setSuggestions(opinionsOn(marks));
  const taught = await refitted(opened);
  expect(taught.scale.deviations[verdictPlace]).toBe(VERDICT_SCALE.deviation);
  expect(taught.coefficients[verdictPlace]).toBeGreaterThan(0.7);
  opened.searched();
  opened.session.setSuggestions(noSuggestions);
  expect(await refitted(opened)).toEqual(without);
  expect(opened.searched()).toBe(0);

  const fresh = await openSession();
  fresh.session.setSuggestions(opinionsOn([...marks]));
  expect(await refitted(fresh, [...marks].reverse())).toEqual(taught);
});

test("suggestions on queries of other data leave every bit as it was", async () => {
  const opened = await openSession();
  const without = await refitted(opened, marks);
  opened.session.setSuggestions(saidSuggestions({ "a query of other data": { opinions: { [passage(3)]: "relevant" } } }));
  expect(await refitted(opened)).toEqual(without);
});

test("before there are marks, a verdict moves the pair that it is about at once, and no other", async () => {
  const { session } = await openSession();
  await refitted({ session }, []);
  const probabilities = async (): Promise<ReadonlyMap<number, number>> => {
    const mined = await session.mine(0);
    if (!mined.ok) throw new Error(mined.failure.message);
    const { facts } = mined.value;
    const found = falseNegativeProbabilities(mined.value) ?? [];
    return new Map(
      Array.from(found, (probability, row) => [facts.groups[row] ?? -1, probability] as const).filter(([, p]) => !Number.isNaN(p)),
    );
  };
  const before = await probabilities();
  const [asked = -1, other = -1, third = -1] = [...before.keys()];
  const textOf = (group: number): string => session.collection.documents.find((document) => document.group === group)?.text ?? "";
  session.setSuggestions(
    saidSuggestions({ [queries[0] ?? ""]: { opinions: { [textOf(asked)]: "relevant", [textOf(other)]: "not_relevant" } } }),
  );
  await refitted({ session });
  const after = await probabilities();
  const odds = (found: ReadonlyMap<number, number>, group: number): number => (found.get(group) ?? 0) / (1 - (found.get(group) ?? 0));
  const factors = [asked, other, third].map((group) => (odds(after, group) / odds(before, group)).toFixed(2));
  expect(factors).toEqual(["5.23", "0.63", "1.00"]);
  session.setSuggestions(noSuggestions);
  await refitted({ session });
  expect(await probabilities()).toEqual(before);
});

test("marks made with the verdict in sight teach nothing about such verdicts", async () => {
  const opened = await openSession();
  opened.session.setSuggestions(opinionsOn(marks));
  const seen = marks.map((mark) => ({ ...mark, opinion_shown: true }));
  expect((await refitted(opened, seen)).coefficients[verdictPlace]).toBe(0.7);
  const hidden = marks.map((mark) => ({ ...mark, opinion_shown: false }));
  expect(await refitted(opened, hidden)).toEqual(await refitted(opened, marks));
});

test("in the background it is fitted again with the first suggestions, and then after ten more", async () => {
  const { session, revised } = await openSession();
  const [first] = [revised(), await session.mine(0)];
  await first;
  const all = opinionsOn(marks);
  const some = (count: number): FoldedSuggestions =>
    new FoldedSuggestions(
      all.queries
        .flatMap((key) =>
          [...all.opinionsOf(key)].map(([document, { verdict: name }]) =>
            judgement(key, { [document]: name }, { suggestion: `${key} ${document}` }),
          ),
        )
        .slice(0, count),
    );
  session.setSuggestions(some(1));
  const [second] = [revised(), await session.mine(0)];
  await second;
  const known = session.falseNegatives;
  expect(known?.coefficients[verdictPlace]).toBe(0.7);
  session.setMarks(foldMarks(marks.slice(0, 9)));
  session.setSuggestions(some(9));
  await session.mine(0);
  // Other work is waited for, so that a fit would have ended.
  await minedAll(session);
  expect(session.falseNegatives).toBe(known);
  session.setMarks(foldMarks(marks));
  const [third] = [revised(), await session.mine(0)];
  await third;
  expect(session.falseNegatives).toMatchObject({ kind: "fitted", pairs: 60 });
});
