import { auditOrder } from "#core/audit/auditOrder";
import { pairName } from "#core/audit/auditPair";
import { defaultConfig } from "#core/config/config";
import type { VerdictMark } from "#core/marks/mark";
import type { Workbench } from "../judged/workbench";
import { Curator } from "./curator";
import { curationSplitOf } from "./curationSplit";
import { configOf } from "./guardRates";
import { byMost, emittedPairs, markPairs, populationOf } from "./marking";
import type { OpenPair, Order } from "./marking";
import { markedSampler } from "./samplers";

export const GAIN_MARKS = [100, 200, 400] as const;

/** What some marks found. */
export interface Gain {
  readonly marks: number;
  /** False negatives found. */
  readonly found: number;
  /** Share of the softmax weight of all false negatives that were emitted before the first mark that is gone. */
  readonly gradient: number;
}

/** By name of the order. */
export type Gains = Readonly<Record<string, readonly Gain[]>>;

export interface SplitGains {
  /** Pairs emitted before the first mark, and their share of false negatives. */
  readonly pairs: number;
  readonly share: number;
  readonly gains: Gains;
}

export const RANDOM = "random (audit lane)";
export const HARVEST = "P(FN) x softmax weight (harvest lane)";

/** Orders that the harvest lane's is compared with; none stands for the lane's own. */
const orders: Readonly<Record<string, Order | undefined>> = {
  "s(q, d)": byMost(({ score }) => 1 + score),
  "s(d+, d)": byMost(({ positiveSimilarity }) => 1 + positiveSimilarity),
  "P(FN)": byMost(({ probability }) => probability),
  [HARVEST]: undefined,
};

/** What each order finds among the pairs of all queries, with a curator who does not err. */
export async function harvestGains(bench: Workbench, seed: number): Promise<SplitGains> {
  const split = curationSplitOf(bench.judged, seed);
  const all = [...split.marked, ...split.heldOut];
  const labelled = new Map(all.map((one) => [one.query, one.labelled]));
  await bench.enter(bench.judged.whole.queries.map((_, query) => labelled.get(query) ?? []));
  const queries = new Set(labelled.keys());
  const curator = new Curator(bench.judged, { errors: 0, seed });
  await bench.use(configOf(markedSampler));
  await bench.keepCandidates();
  const start = emittedPairs(await bench.mineAll(true), bench, queries);
  const harm = new Harm(start, curator);
  const salt = `audit ${String(seed)}`;
  const gains: Record<string, readonly Gain[]> = { [RANDOM]: harm.gains(randomFirst(start, salt)) };
  const task = { curator, queries, rhythm: { harvest: 1, audit: 0 }, salt, total: Math.max(...GAIN_MARKS) };
  for (const [name, order] of Object.entries(orders)) {
    const marks = await markPairs(bench, configOf(markedSampler), order === undefined ? task : { ...task, order });
    gains[name] = harm.gains(marks.map(namesOf));
  }
  const both = await markPairs(bench, configOf(markedSampler), { ...task, rhythm: defaultConfig.curation });
  gains["both lanes, 40 / 20"] = harm.gains(both.map(namesOf));
  return { pairs: start.length, share: harm.share, gains };
}

interface JudgedPair {
  readonly name: string;
  readonly isFalseNegative: boolean;
}

function namesOf({ query, document, verdict }: VerdictMark): JudgedPair {
  return { name: pairName({ query: query.key, document: document!.key }), isFalseNegative: verdict === "false_negative" };
}

function randomFirst(start: readonly OpenPair[], salt: string): readonly string[] {
  return auditOrder(populationOf(start, salt)).map(({ pair }) => pairName(pair));
}

/** The false negatives that were emitted before the first mark, and how much harm each would do. */
class Harm {
  readonly #weights: ReadonlyMap<string, number>;
  readonly #total: number;
  readonly share: number;

  constructor(start: readonly OpenPair[], curator: Curator) {
    const harmful = start.filter(({ index, passage }) => curator.answer(index, passage) === "false_negative");
    this.#weights = new Map(harmful.map((pair) => [pairName(pair), pair.weight]));
    this.#total = harmful.reduce((sum, { weight }) => sum + weight, 0);
    this.share = harmful.length / start.length;
  }

  /** After the first 100, 200 and 400 of the pairs that were judged; names alone stand for pairs of the start. */
  gains(judged: readonly (JudgedPair | string)[]): readonly Gain[] {
    return GAIN_MARKS.map((marks) => {
      const first = judged.slice(0, marks).map((one) => (typeof one === "string" ? this.#known(one) : one));
      const found = first.filter(({ isFalseNegative }) => isFalseNegative);
      const removed = found.reduce((sum, { name }) => sum + (this.#weights.get(name) ?? 0), 0);
      return { marks: first.length, found: found.length, gradient: removed / this.#total };
    });
  }

  #known(name: string): JudgedPair {
    return { name, isFalseNegative: this.#weights.has(name) };
  }
}
