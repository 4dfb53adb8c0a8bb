import { marksApartFrom } from "../calibration/agreedPairs";
import type { TrialFile } from "../calibration/trialFile";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import { foldMarks } from "../marks/foldMarks";
import type { FoldedMarks } from "../marks/foldMarks";
import { noVerdicts } from "../marks/verdictsForQuery";
import { marksAt } from "../mining/miningState";
import type { MinedQuery, MiningState } from "../mining/miningState";
import { featureSpace } from "../mining/pairFeatures";
import type { PoolFacts } from "../mining/poolFacts";
import { searchShape } from "../mining/searchShape";
import type { Breathe } from "../ports";
import type { Cancellation } from "../util/cancellation";
import { itemAt } from "../util/itemAt";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { Decide } from "./candidateSearch";
import { fitFalseNegatives } from "./fitFalseNegatives";
import type { QueryPairs } from "./fitFalseNegatives";
import { PoolTable } from "./poolTable";
import type { Summariser, WholeFileStep } from "./wholeFileMining";

export interface SettingTrialsPorts {
  /** The state of this moment, with marks that do not change any more. */
  readonly state: () => MiningState;
  /** Shows the whole file, as it is mined now, to a summariser. */
  readonly summarise: <T>(start: () => Summariser<T>) => Promise<Result<WholeFileStep<T>>>;
  /** Mines queries under a state, and keeps their candidates in a table. */
  readonly mine: (
    table: PoolTable,
    state: MiningState,
    queries: readonly number[],
    cancellation: Cancellation,
  ) => Promise<Result<readonly Decide[]>>;
  readonly breathe: Breathe;
}

/** What was searched for without marks, or with a part of them, and holds as long as the data and the search stay the same. */
interface Known {
  readonly collection: MiningState["collection"];
  readonly groupings: MiningState["groupings"];
  /** Names the vectors, and what of the sampler decides about candidates and their features. */
  readonly search: string;
  /** Candidates of marked queries as nobody had marked them, and as without the audit's marks. */
  readonly bare: PoolTable;
  readonly apart: PoolTable;
  readonly pairs: Map<number, QueryPairs>;
  model?: { readonly marks: string; readonly suggestions: MiningState["suggestions"]; readonly fitted: FalseNegativeModel };
}

/** Gives out the file of a data set as settings are tried on it: from its data alone, whatever is marked. */
export class SettingTrials {
  readonly #ports: SettingTrialsPorts;
  #known: Known | undefined;

  constructor(ports: SettingTrialsPorts) {
    this.#ports = ports;
  }

  /**
   * The file without marks, under the configuration in force, with a false-negative model that an audit's own marks did not make. Queries that nobody
   * has marked are those that are kept for the sampler's preview; what has to be searched for is searched in the background.
   *
   * @param salt of the audit
   */
  async file(salt: string, cancellation: Cancellation): Promise<Result<WholeFileStep<TrialFile>>> {
    const step = await this.#ports.summarise(() => new PoolGatherer());
    if (!step.ok || step.value.kind === "mining") return step as Result<WholeFileStep<never>>;
    const present = this.#ports.state();
    const known = this.#knownFor(present);
    const fitted = await this.#model(present, known, { salt, cancellation });
    if (!fitted.ok) return fitted;
    const state = { ...present, marks: foldMarks([]), falseNegatives: fitted.value };
    const gathered = step.value.summary;
    const marked = gathered.filter((one) => isMarked(one, present)).map(({ query }) => query);
    const bare = await this.#ports.mine(known.bare, { ...state, falseNegatives: undefined }, marked, cancellation);
    if (!bare.ok) return bare;
    const factsOfMarked = new Map(marked.map((query, at) => [query, itemAt(bare.value, at)().facts]));
    const queries = gathered.map(({ query, facts }) => factsOfMarked.get(query) ?? facts);
    return ok({ ...step.value, summary: { state, queries, breathe: this.#ports.breathe } });
  }

  #knownFor({ collection, groupings, config, sources }: MiningState): Known {
    const search = JSON.stringify([config.model, config.index, featureSpace(sources), searchShape(config.sampler, sources)]);
    const known = this.#known;
    const isSame =
      known?.collection === collection &&
      known.search === search &&
      known.groupings.article === groupings.article &&
      known.groupings.topic === groupings.topic;
    if (isSame) return known;
    const made: Known = { collection, groupings, search, bare: new PoolTable(), apart: new PoolTable(), pairs: new Map() };
    made.bare.keepAll();
    made.apart.keepAll();
    this.#known = made;
    return made;
  }

  async #model(
    present: MiningState,
    known: Known,
    { salt, cancellation }: { readonly salt: string; readonly cancellation: Cancellation },
  ): Promise<Result<FalseNegativeModel>> {
    const marks = foldMarks(marksApartFrom(salt, present.marks.inForce()));
    const name = namesOf(marks);
    const { suggestions } = present;
    if (known.model?.marks === name && known.model.suggestions === suggestions) return ok(known.model.fitted);
    const fitted = await fitFalseNegatives({
      state: { ...present, marks },
      mine: (state, queries) => this.#ports.mine(known.apart, state, queries, cancellation),
      breathe: this.#ports.breathe,
      known: known.pairs,
      cancellation,
    });
    if (fitted.ok) known.model = { marks: name, suggestions, fitted: fitted.value };
    return fitted;
  }
}

function namesOf(marks: FoldedMarks): string {
  return marks
    .inForce()
    .map(({ mark }) => mark)
    .sort()
    .join(" ");
}

interface Gathered {
  readonly query: number;
  readonly facts: PoolFacts;
}

/** Whether marks have acted on the candidates, or would now. */
function isMarked({ query, facts }: Gathered, present: MiningState): boolean {
  return facts.identity.verdicts !== noVerdicts || marksAt(present, query) !== "";
}

class PoolGatherer implements Summariser<readonly Gathered[]> {
  readonly #gathered: Gathered[] = [];

  add({ query, facts }: MinedQuery): void {
    this.#gathered.push({ query, facts });
  }

  summary(): readonly Gathered[] {
    return this.#gathered;
  }
}
