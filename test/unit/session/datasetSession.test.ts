import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultConfig } from "#core/config/config";
import { foldMarks } from "#core/marks/foldMarks";
import type { Mark, Verdict } from "#core/marks/mark";
import { DatasetSession } from "#core/session/datasetSession";
import type { SessionPorts } from "#core/session/sessionPorts";
import type { CollectionInput } from "#core/collection/buildCollection";
import type { RetrievalJob, SlotText } from "#core/ports";
import { InMemoryVectorSpace } from "../../support/inMemoryVectorSpace";
import { sha256 } from "../../support/sha256";
import { file } from "../../support/smallCollection";

/** Notes the depth of each search. */
class WatchedVectorSpace extends InMemoryVectorSpace {
  readonly depths: number[] = [];

  override retrieve(jobs: readonly RetrievalJob[], depth: number, ...rest: [never]): ReturnType<InMemoryVectorSpace["retrieve"]> {
    this.depths.push(depth);
    return super.retrieve(jobs, depth, ...rest);
  }
}

const words = ["tide", "tern", "reef", "sand", "gull", "crab", "kelp"];
const passages = Array.from(
  { length: 40 },
  (_, i) => [0, 1, 2].map((place) => words[(i * (place + 2) + (place === 2 ? i >> 2 : 0)) % 7]!).join(" ") + ` ${String(i)}`,
);
const input: CollectionInput = {
  files: [
    file("train.jsonl", "training", [{ query: "tern reef gull", pos: [passages[3]!], neg: [passages[9]!] }]),
    file(
      "corpus.jsonl",
      "corpus",
      passages.map((text) => ({ docs: [text] })),
    ),
  ],
};

async function openSession(breathe: () => Promise<void> = () => Promise.resolve()) {
  const spaces: WatchedVectorSpace[] = [];
  const ports: SessionPorts = {
    createVectors: (text: SlotText) => {
      const space = new WatchedVectorSpace(text);
      spaces.push(space);
      return space;
    },
    sha256,
    breathe,
    stopwatch: () => 0,
    logger: () => undefined,
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
        const rescored = await session.mine(0);
        expect(depths().filter((depth) => depth > 0)).toHaveLength(1);

        const other = await openSession();
        await other.session.prepare();
        other.session.setMarks(foldMarks(marks));
        expect(rescored).toEqual(await other.session.mine(0));
      },
    ),
    { numRuns: 50 },
  );
});

test("a change of depth is a new search", async () => {
  const { session, depths } = await openSession();
  await session.prepare();
  await session.mine(0);
  await session.setConfig({ ...session.config, sampler: { ...session.config.sampler, range_max: 20 } });
  const mined = await session.mine(0);
  expect(mined.ok && mined.value.pool.hits).toHaveLength(20);
  expect(depths()).toEqual([12, 20]);
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
  let session: DatasetSession | undefined = undefined;
  const opened = await openSession(async () => {
    await (session)?.prepare();
  });
  ({ session } = opened);
  const mined = await session.mine(0);
  expect(mined.ok && mined.value.pool.retrieval).toBe("dense");
});
