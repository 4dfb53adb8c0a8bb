import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, Verdict } from "#core/marks/mark";
import { DatasetSession } from "#core/session/datasetSession";
import type { SessionPorts } from "#core/session/sessionPorts";
import type { CollectionInput } from "#core/collection/buildCollection";
import type { ModelChoice, PutOptions, Side, SlotText, VectorSpace } from "#core/ports";
import { neverCancelled } from "#core/util/cancellation";
import { err, ok } from "#core/util/result";
import { InMemoryHomeFiles } from "../../support/inMemoryHomeFiles";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";

type Put = (space: WatchedVectorSpace, ...args: Parameters<VectorSpace["put"]>) => ReturnType<VectorSpace["put"]>;

type Open = (space: WatchedVectorSpace, choice: ModelChoice) => ReturnType<VectorSpace["open"]>;

/** Notes the depth of each search. */
class WatchedVectorSpace extends InMemoryVectorSpace {
  readonly depths: number[] = [];
  readonly #put: Put | undefined;
  readonly #open: Open | undefined;

  constructor(text: SlotText, { put, open }: Pick<SessionParts, "put" | "open">) {
    super(text);
    this.#put = put;
    this.#open = open;
  }

  override open(choice: ModelChoice): ReturnType<VectorSpace["open"]> {
    return this.#open === undefined ? super.open(choice) : this.#open(this, choice);
  }

  openAtOnce(choice: ModelChoice): ReturnType<VectorSpace["open"]> {
    return super.open(choice);
  }

  override put(...args: Parameters<VectorSpace["put"]>): ReturnType<VectorSpace["put"]> {
    return this.#put === undefined ? super.put(...args) : this.#put(this, ...args);
  }

  /** As `put`, with the progress of a cache that has everything. */
  putFromCache(side: Side, slots: readonly number[], { onProgress, ...options }: PutOptions): ReturnType<VectorSpace["put"]> {
    onProgress?.({ done: 0, total: slots.length, uncached: 0 });
    return super.put(side, slots, options);
  }

  override retrieve(...args: Parameters<VectorSpace["retrieve"]>): ReturnType<VectorSpace["retrieve"]> {
    this.depths.push(args[1]);
    return super.retrieve(...args);
  }
}

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp"];
const passages = Array.from(
  { length: 40 },
  (_, i) => [0, 1, 2].map((place) => words[(i * (place + 2) + (place === 2 ? i >> 2 : 0)) % 7]!).join(" ") + ` ${String(i)}`,
);
const small: CollectionInput = {
  files: [
    file("train.jsonl", "training", [{ query: "tern reef gull", pos: [passages[3]!], neg: [passages[9]!] }]),
    file(
      "corpus.jsonl",
      "corpus",
      passages.map((text) => ({ docs: [text] })),
    ),
  ],
};

interface SessionParts {
  readonly input?: CollectionInput;
  readonly breathe?: () => Promise<void>;
  readonly put?: Put;
  readonly open?: Open;
}

async function openSession({ input = small, breathe = () => Promise.resolve(), ...space }: SessionParts = {}) {
  const spaces: WatchedVectorSpace[] = [];
  const ports: SessionPorts = {
    createVectors: (text: SlotText) => {
      const made = new WatchedVectorSpace(text, space);
      spaces.push(made);
      return made;
    },
    sha256,
    breathe,
    stopwatch: () => 0,
    logger: () => undefined,
    home: new InMemoryHomeFiles(),
    author: "Ada",
  };
  const session = new DatasetSession(ports);
  await session.setData(input);
  await session.setConfig({ ...defaultConfig, sampler: { ...defaultConfig.sampler, range_max: 12, relative_margin: null } });
  return { session, depths: () => spaces[0]?.depths ?? [] };
}

function marksOn(session: DatasetSession, verdicts: readonly (readonly [document: number, verdict: Verdict])[]): readonly Mark[] {
  const { queries, documents, groupKeys } = session.collection;
  return verdicts.map(([document, verdict], i) => ({
    kind: "verdict",
    mark: `m${String(i)}`,
    time: "2026-01-01T00:00:00Z",
    author: "Ada",
    verdict,
    query: { key: queries[0]!.key },
    document: { key: groupKeys[documents[document]!.group]! },
    blind: false,
    suggestion_shown: false,
    tool: "test",
  }));
}

const verdict = fc.constantFrom<Verdict>("true_negative", "false_negative", "partly_relevant", "bad_positive", "later");

test("after marks a query is scored anew without a search, and looks as if it had been searched", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: passages.length - 1 }), verdict), { minLength: 1, maxLength: 6 }),
      async (verdicts) => {
        const { session, depths } = await openSession();
        await session.prepare();
        await session.mine(0);
        const marks = marksOn(session, verdicts);
        session.setMarks(foldMarks(marks));
        await session.refit(neverCancelled);
        const rescored = await session.mine(0);
        expect(depths().filter((depth) => depth > 0)).toHaveLength(1);

        const other = await openSession();
        await other.session.prepare();
        other.session.setMarks(foldMarks(marks));
        await other.session.refit(neverCancelled);
        expect(rescored).toEqual(await other.session.mine(0));
      },
    ),
    { numRuns: 50 },
  );
});

test("a mark that comes while a query is searched for acts on the next answer", async () => {
  const { session } = await openSession();
  await session.prepare();
  const marks = foldMarks([]);
  session.setMarks(marks);
  const searching = session.mine(0);
  // The search has been asked for by then, and the journal adds to what the session holds already.
  await Promise.resolve();
  for (const mark of marksOn(session, [[9, "false_negative"]])) marks.add(mark);
  session.setMarks(marks);
  await searching;
  const after = await session.mine(0);

  const other = await openSession();
  await other.session.prepare();
  other.session.setMarks(marks);
  expect(after).toEqual(await other.session.mine(0));
  expect(after.ok && after.value.pool.positives).toHaveLength(2);
});

test("a change of depth is a new search", async () => {
  const { session, depths } = await openSession();
  await session.prepare();
  await session.mine(0);
  await session.setConfig({ ...session.config, sampler: { ...session.config.sampler, range_max: 20 } });
  const mined = await session.mine(0);
  expect(mined.ok && mined.value.pool.nearest).toBe(20);
  // Eight more are fetched each time, for equal scores at the end of the list.
  expect(depths()).toEqual([20, 28]);
});

test("candidates are lexical until the vectors are there", async () => {
  const { session } = await openSession();
  const before = await session.mine(0);
  await session.prepare();
  const after = await session.mine(0);
  expect([before, after].map((mined) => mined.ok && mined.value.pool.retrieval)).toEqual(["lexical", "dense"]);
});

test("vectors that are there before the lexical index make it needless", async () => {
  // Breathing lets the vectors, which an earlier session left in the cache, overtake the indexing.
  const opened: { session?: DatasetSession } = {};
  const { session } = await openSession({
    breathe: async () => {
      await opened.session?.prepare();
    },
  });
  opened.session = session;
  const mined = await session.mine(0);
  expect(mined.ok && mined.value.pool.retrieval).toBe("dense");
});

const many: CollectionInput = {
  files: [
    file("train.jsonl", "training", [{ query: "tern reef gull", pos: ["tern 7"] }]),
    file(
      "corpus.jsonl",
      "corpus",
      Array.from({ length: 5001 }, (_, i) => ({ docs: [`tern ${String(i)}`] })),
    ),
  ],
};

test("in a large data set no lexical index is begun while every vector comes from the cache", async () => {
  const { session } = await openSession({ input: many, put: (space, side, slots, options) => space.putFromCache(side, slots, options) });
  void session.prepare();
  const mined = await session.mine(0);
  expect(mined.ok && mined.value.pool.retrieval).toBe("dense");
});

test("in a large data set the lexical index is begun once a text has to be embedded", async () => {
  const never = new Promise<never>(() => undefined);
  const { session } = await openSession({
    input: many,
    put: (_space, _side, slots, { onProgress }) => {
      onProgress?.({ done: 0, total: slots.length, uncached: 1 });
      return never;
    },
  });
  void session.prepare();
  const mined = await session.mine(0);
  expect(mined.ok && mined.value.pool.retrieval).toBe("lexical");
});

test("a model loaded ahead is not loaded again, and one that failed is", async () => {
  let opened = 0;
  const failsFirst: Open = (space, choice) =>
    ++opened === 1 ? Promise.resolve(err({ reason: "bad-model", message: "No." })) : space.openAtOnce(choice);
  const { session } = await openSession({ open: failsFirst });
  session.loadModelAhead(session.config);
  expect(await session.prepare()).toMatchObject({ ok: false });
  expect(await session.prepare()).toEqual(ok(null));
  expect(opened).toBe(2);
});
