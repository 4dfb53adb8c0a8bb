import type { AuditPair } from "../audit/auditPair";
import { pairName } from "../audit/auditPair";
import { PINNED, SAMPLED } from "../mining/candidate";
import type { Decision } from "../mining/decision";
import type { MiningState } from "../mining/miningState";
import type { PoolFacts } from "../mining/poolFacts";
import { wantedOf } from "../mining/sourceSettings";
import { itemAt } from "../util/itemAt";
import type { AuditedQuery, AuditedRow } from "./auditedRows";
import type { SettingCount } from "./sequenceTest";
import { eachDecision } from "./trialFile";
import type { TrialFile } from "./trialFile";

/** Up to so many pairs are counted exactly: that is quick, and in few pairs the rounding to whole ones matters. */
const fewPairs = 5000;

/**
 * What the source at a position of the mix would emit of the audited pairs. Of a large file only queries with audited candidates are looked at, and the
 * population is the most pairs that the source can emit: with at most a quarter of them audited, what passes for these passes for fewer.
 */
export async function auditedEmission(
  file: TrialFile,
  state: MiningState,
  position: number,
  audited: readonly AuditedQuery[],
): Promise<SettingCount> {
  const { source, n } = itemAt(state.sources, position);
  const counter = new AuditedCounter(position, source);
  const queries = audited.map(({ facts }) => facts);
  await eachDecision(file, state, queries, (decision, _facts, index) => {
    counter.add(decision, itemAt(audited, index).rows);
  });
  const counted = counter.counted;
  const most = n * file.queries.length;
  if (most > fewPairs && counted.marked <= most / 4) return { ...counted, population: most };
  const { pairs } = await wholeEmission(file, state, new Map());
  return { ...counted, population: itemAt(pairs, position) };
}

/** Counts what one source emits of the audited pairs, query by query. */
export class AuditedCounter {
  readonly #position: number;
  readonly #source: string;
  readonly #seen = new Set<string>();
  readonly #newcomers: AuditPair[] = [];
  #falseNegatives = 0;

  constructor(position: number, source: string) {
    this.#position = position;
    this.#source = source;
  }

  /** @param rows audited rows of the query that was decided about */
  add(decision: Decision, rows: readonly AuditedRow[]): void {
    for (const { row, pair, name, verdict } of rows) {
      if (!isEmitted(decision, row) || decision.decidedBy[row] !== this.#position || this.#seen.has(name)) continue;
      // Queries with the same text have the same pairs: each counts once.
      this.#seen.add(name);
      this.#falseNegatives += Number(verdict !== "clean");
      if (verdict === undefined) this.#newcomers.push({ ...pair, source: this.#source });
    }
  }

  get counted(): Omit<SettingCount, "population"> {
    return { marked: this.#seen.size, falseNegatives: this.#falseNegatives, newcomers: this.#newcomers };
  }
}

function isEmitted({ fates }: Decision, row: number): boolean {
  return fates[row] === SAMPLED || fates[row] === PINNED;
}

/** What a configuration comes to over the whole file, as mined from its data alone. */
export interface WholeEmission {
  /** Different pairs that each source emits, by its position. */
  readonly pairs: readonly number[];
  /** Mean score of the emitted negatives; NaN where there is none. */
  readonly hardness: number;
  /** Emitted negatives over those wanted. */
  readonly yield: number;
  /** Names of the emitted pairs among those of interest. */
  readonly emitted: ReadonlySet<string>;
}

/**
 * @param named queries by key, with the passages that are of interest
 * @param alsoSee is shown each decision
 */
export async function wholeEmission(
  file: TrialFile,
  state: MiningState,
  named: ReadonlyMap<string, ReadonlySet<string>>,
  alsoSee: (decision: Decision, facts: PoolFacts, index: number) => void = () => undefined,
): Promise<WholeEmission> {
  const pairs = state.sources.map(() => 0);
  const emitted = new Set<string>();
  const twins = new TwinPairs(file.queries);
  let [scores, scored, kept] = [0, 0, 0];
  await eachDecision(file, state, file.queries, (decision, facts, index) => {
    const { query, collection } = facts.identity;
    const ofInterest = named.get(query.key);
    for (const row of decision.kept) {
      const position = decision.decidedBy[row] ?? -1;
      const document = collection.groupKeys[facts.groups[row] ?? -1] ?? "";
      const score = facts.pool.scores[row] ?? Number.NaN;
      kept += 1;
      if (!Number.isNaN(score)) {
        scores += score;
        scored += 1;
      }
      if (twins.isNew(query.key, document)) pairs[position] = (pairs[position] ?? 0) + 1;
      if (ofInterest?.has(document) === true) emitted.add(pairName({ query: query.key, document }));
    }
    alsoSee(decision, facts, index);
  });
  const wanted = wantedOf(state.sources) * file.queries.length;
  return { pairs, hardness: scored === 0 ? Number.NaN : scores / scored, yield: wanted === 0 ? 0 : kept / wanted, emitted };
}

/** Tells the first of equal pairs: queries with the same text have the same pairs. */
class TwinPairs {
  readonly #twins: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  constructor(queries: readonly PoolFacts[]) {
    const seen = new Set<string>();
    const twins = new Set<string>();
    for (const { identity } of queries) {
      const { key } = identity.query;
      if (seen.has(key)) twins.add(key);
      seen.add(key);
    }
    this.#twins = twins;
  }

  isNew(query: string, document: string): boolean {
    if (!this.#twins.has(query)) return true;
    const name = pairName({ query, document });
    const isNew = !this.#seen.has(name);
    this.#seen.add(name);
    return isNew;
  }
}
