import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import { featureSpace } from "../mining/pairFeatures";
import { heldFast } from "../mining/miningState";
import type { MiningState } from "../mining/miningState";
import { searchShape } from "../mining/searchShape";
import { isSaidAnew } from "../suggestions/isSaidAnew";
import type { Breathe } from "../ports";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { err, ok } from "../util/result";
import type { Result } from "../util/result";
import { fitFalseNegatives } from "./fitFalseNegatives";
import type { QueryPairs } from "./fitFalseNegatives";
import type { MineAndKeep } from "./wholeFileMining";

export interface FalseNegativeStorePorts {
  /** Under the adapter in use. */
  readonly mine: MineAndKeep;
  readonly breathe: Breathe;
  /** Told when the model in force has become another one. */
  readonly changed: () => void;
}

/** So many changed marks have the model fitted again in the background. */
const BATCH = 10;

/** What a model was fitted to. */
interface Origin {
  readonly collection: MiningState["collection"];
  readonly groupings: MiningState["groupings"];
  /** Names what of the sampler decides about candidates and their features. */
  readonly search: string;
  /** Names of the marks in force. */
  readonly marks: ReadonlySet<string>;
  readonly suggestions: MiningState["suggestions"];
}

/** The model that the marks of one data set have taught, and what is known of the marked pairs. */
export class FalseNegativeStore {
  readonly #ports: FalseNegativeStorePorts;
  #model: FalseNegativeModel | undefined;
  #origin: Origin | undefined;
  #known = new Map<number, QueryPairs>();
  /** The vectors of before are gone where it has risen. */
  #vectors = 0;
  #last: Promise<unknown> = Promise.resolve();
  #inBackground = false;

  constructor(ports: FalseNegativeStorePorts) {
    this.#ports = ports;
  }

  /** The model in force, which may be some marks behind; undefined until one was fitted to vectors like those of now. */
  get model(): FalseNegativeModel | undefined {
    return this.#model;
  }

  /** Forgets all: other vectors have other features. */
  drop(): void {
    this.#vectors += 1;
    this.#model = undefined;
    this.#origin = undefined;
    this.#known = new Map();
  }

  /**
   * The model that the marks of a state teach, which is then the one in force. One fit at a time; the next one begins with what the last one found.
   *
   * @param state of the configuration in use, with marks that do not change any more
   */
  async fit(state: MiningState, cancellation: Cancellation): Promise<Result<FalseNegativeModel>> {
    const fitted = this.#last.then(() => this.#fit(state, cancellation));
    // A bug is thrown at who asked, not at the next one.
    this.#last = fitted.catch(() => undefined);
    return await fitted;
  }

  /** Begins to fit in the background where there is no model yet, where the data or the search changed, or after a batch of marks or suggestions. */
  refresh(state: MiningState): void {
    if (this.#inBackground || !this.#isBehind(state)) return;
    this.#inBackground = true;
    // A failure is told to whoever needs the model; a look at the next query tries again.
    void this.fit(heldFast(state), neverCancelled).finally(() => {
      this.#inBackground = false;
    });
  }

  #isBehind(state: MiningState): boolean {
    const origin = this.#origin;
    if (origin === undefined || !isSameSearch(origin, state)) return true;
    return changesBetween(origin.marks, marksOf(state)) >= BATCH || isSaidAnew(origin.suggestions, state.suggestions);
  }

  async #fit(state: MiningState, cancellation: Cancellation): Promise<Result<FalseNegativeModel>> {
    const origin = this.#origin;
    const marks = marksOf(state);
    const isSame = origin !== undefined && isSameSearch(origin, state);
    const isSaid = origin?.suggestions === state.suggestions && changesBetween(origin.marks, marks) === 0;
    if (isSame && isSaid && this.#model !== undefined) return ok(this.#model);
    if (!isSame) this.#known = new Map();
    const vectors = this.#vectors;
    const fitted = await fitFalseNegatives({
      state,
      mine: (mined, queries) => this.#ports.mine(mined, queries, cancellation),
      breathe: this.#ports.breathe,
      known: this.#known,
      cancellation,
    });
    if (!fitted.ok) return fitted;
    if (vectors !== this.#vectors) {
      return err({ reason: "superseded", message: "The vectors changed meanwhile.", nextStep: "Try again." });
    }
    this.#origin = {
      collection: state.collection,
      groupings: state.groupings,
      search: searchOf(state),
      marks,
      suggestions: state.suggestions,
    };
    // The same model again keeps what was computed with it.
    if (JSON.stringify(fitted.value) !== JSON.stringify(this.#model)) {
      this.#model = fitted.value;
      this.#ports.changed();
    }
    return ok(this.#model ?? fitted.value);
  }
}

function isSameSearch({ collection, groupings, search }: Origin, state: MiningState): boolean {
  return (
    collection === state.collection &&
    groupings.article === state.groupings.article &&
    groupings.topic === state.groupings.topic &&
    search === searchOf(state)
  );
}

function searchOf({ config, sources }: MiningState): string {
  return `${featureSpace(sources)} ${searchShape(config.sampler, sources).key}`;
}

function marksOf({ marks }: MiningState): ReadonlySet<string> {
  return new Set(marks.inForce().map(({ mark }) => mark));
}

/** Marks that are in force in one of two moments and not in the other. */
function changesBetween(before: ReadonlySet<string>, now: ReadonlySet<string>): number {
  const came = [...now].filter((mark) => !before.has(mark)).length;
  return came + before.size - (now.size - came);
}
