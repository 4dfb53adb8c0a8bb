import { auditOrder } from "#core/audit/auditOrder";
import type { AuditPair } from "#core/audit/auditPair";
import { pairName } from "#core/audit/auditPair";
import { EmissionSummariser } from "#core/curation/emission";
import type { EmittedPair } from "#core/curation/emission";
import { harvestOrder, PAGE } from "#core/curation/harvestOrder";
import { nextStretch } from "#core/curation/rhythm";
import type { Rhythm } from "#core/curation/rhythm";
import type { Config } from "#core/config/config";
import { gradientSettings } from "#core/gradients/gradientSettings";
import type { MarkLane, VerdictMark } from "#core/marks/mark";
import type { MinedQuery } from "#core/mining/miningState";
import { hash128 } from "#core/util/random";
import { judgedMark } from "../judged/judgedMark";
import type { Workbench } from "../judged/workbench";
import type { Curator } from "./curator";

/** Marks between two fits, as in the product. */
const BATCH = 10;

/** How the next pairs are chosen among those that are emitted and have no mark. */
export type Order = (open: readonly OpenPair[]) => readonly OpenPair[];

/** An emitted pair, and what the model and the gradients say of it. */
export interface OpenPair extends EmittedPair {
  /** Position of the passage in the collection. */
  readonly passage: number;
  /** Cosine similarity to the query, and the highest to a positive. */
  readonly score: number;
  readonly positiveSimilarity: number;
}

/** Who marks, and which queries. */
export interface MarkingTask {
  readonly curator: Curator;
  /** Queries whose pairs are marked. */
  readonly queries: ReadonlySet<number>;
  /** Cards of the two lanes in a row. */
  readonly rhythm: Rhythm;
  /** Names the random order of the audit lane. */
  readonly salt: string;
  /** Marks to be made. */
  readonly total: number;
  /** Order of the harvest lane where it is not the product's. */
  readonly order?: Order;
}

/**
 * A curator who marks card by card: in the product's rhythm of lanes, each in the product's order, the model fitted anew after every ten marks. The
 * audit is about what was emitted before the first mark. Ends early where nothing without a mark is emitted any more.
 */
export async function markPairs(bench: Workbench, config: Config, task: MarkingTask): Promise<readonly VerdictMark[]> {
  const marks: VerdictMark[] = [];
  let audited: readonly OpenPair[] | undefined;
  while (marks.length < task.total) {
    await bench.use(config, marks);
    const emitted = emittedPairs(await bench.mineAll(true), bench, task.queries);
    audited ??= inAuditOrder(emitted, task.salt);
    const batch = Math.min(BATCH, task.total - marks.length);
    const added = nextCards(emitted, audited, { marks, task, batch });
    if (added.length === 0) return marks;
    for (const { pair, lane } of added) marks.push(markOf(pair, lane, { bench, task }));
  }
  return marks;
}

/** What is emitted now for some queries, with the model's probabilities where there is one. */
export function emittedPairs(mined: readonly MinedQuery[], bench: Workbench, queries: ReadonlySet<number>): readonly OpenPair[] {
  const { collection, config } = bench.session;
  const emission = new EmissionSummariser(collection, gradientSettings(config.training));
  for (const one of mined) if (queries.has(one.query)) emission.add(one);
  return [...emission.summary().ofQuery.values()].flat().map((pair) => {
    const { pool, facts } = mined[pair.index]!;
    const group = collection.groupOfKey.get(pair.document) ?? -1;
    const row = facts.groups.indexOf(group);
    const passage = pool.documents[row]!;
    return { ...pair, passage, score: pool.scores[row]!, positiveSimilarity: pool.positiveSimilarity[row]! };
  });
}

function inAuditOrder(emitted: readonly OpenPair[], salt: string): readonly OpenPair[] {
  const byName = new Map(emitted.map((pair) => [pairName(pair), pair]));
  return auditOrder(populationOf(emitted, salt)).map(({ pair }) => byName.get(pairName(pair))!);
}

/** As much of an audit as its order depends on. */
export function populationOf(pairs: readonly AuditPair[], salt: string): Parameters<typeof auditOrder>[0] {
  const ofText = hash128(salt).map((word) => (word >>> 0).toString(16).padStart(8, "0"));
  const rest = { name: "", begun: "", author: "", tool: "", configHash: "", model: "", dataset: "", hash: "" };
  return { ...rest, salt: ofText.join(""), pairs: pairs.map(({ query, document, source }) => ({ query, document, source })) };
}

interface Card {
  readonly pair: OpenPair;
  readonly lane: Extract<MarkLane, "harvest" | "audit">;
}

function nextCards(
  emitted: readonly OpenPair[],
  audited: readonly OpenPair[],
  { marks, task, batch }: { readonly marks: readonly VerdictMark[]; readonly task: MarkingTask; readonly batch: number },
): readonly Card[] {
  const marked = new Set(marks.map(({ query, document }) => pairName({ query: query.key, document: document!.key })));
  const harvest = (task.order ?? productOrder)(emitted.filter((pair) => !marked.has(pairName(pair))));
  const history: VerdictMark[] = [...marks];
  const cards: Card[] = [];
  while (cards.length < batch) {
    const { lane } = nextStretch(history, task.rhythm);
    const isOpen = (pair: OpenPair): boolean => !marked.has(pairName(pair));
    const [first, other] = lane === "harvest" ? [harvest, audited] : [audited, harvest];
    const pair = first.find(isOpen) ?? other.find(isOpen);
    if (pair === undefined) break;
    marked.add(pairName(pair));
    cards.push({ pair, lane });
    // The rhythm counts the lanes of marks alone.
    history.push({ lane } as VerdictMark);
  }
  return cards;
}

function productOrder(open: readonly OpenPair[]): readonly OpenPair[] {
  // The order is of the very pairs that it was given.
  return harvestOrder(open) as readonly OpenPair[];
}

function markOf(
  { index, passage, source }: OpenPair,
  lane: Card["lane"],
  { bench, task }: { readonly bench: Workbench; readonly task: MarkingTask },
): VerdictMark {
  const verdict = task.curator.answer(index, passage);
  return judgedMark(bench.session.collection, { query: index, document: passage, verdict, lane, source });
}

/** Orders to compare the harvest lane with: most first, at most one pair of a query in a page, as the product has it. */
export function byMost(value: (pair: OpenPair) => number): Order {
  return (open) => {
    // harvestOrder goes by probability times weight.
    const valued = open.map((pair) => ({ ...pair, probability: value(pair), weight: 1 }));
    return harvestOrder(valued) as readonly OpenPair[];
  };
}

/** Cards that are looked at together. */
export const CARDS_OF_A_PAGE = PAGE;
