import type { Collection } from "../collection/collection";
import { mostPositives } from "../collection/mostPositives";
import type { Config } from "../config/config";
import type { FalseNegativeModel } from "../falseNegatives/falseNegativeModel";
import { heldFast } from "../mining/miningState";
import type { MiningState } from "../mining/miningState";
import { isGuarded, sourcesOf } from "../mining/sourceSettings";
import type { Breathe } from "../ports";
import { neverCancelled } from "../util/cancellation";
import type { Cancellation } from "../util/cancellation";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { DenseSearch } from "./denseSearch";
import { FalseNegativeStore } from "./falseNegativeStore";
import type { SessionData } from "./sessionData";
import type { MineAndKeep } from "./wholeFileMining";

export interface MiningStatesPorts {
  /** What the session was given, as it is at this moment. */
  readonly data: () => SessionData;
  /** Whose own verdicts are shown. */
  readonly author: string;
  /** Whether the vectors of this collection are there. */
  readonly ready: (collection: Collection) => Result<null>;
  /** Search in a collection, where the vectors of this very one are there. */
  readonly search: (collection: Collection) => Result<DenseSearch>;
  /** Under the adapter in use. */
  readonly mine: MineAndKeep;
  readonly breathe: Breathe;
  /** Told when the false-negative model in force has become another one. */
  readonly taught: () => void;
  /** Told when groups of the present collection were found: every query looks different then. */
  readonly regrouped: () => void;
}

/** What the decisions of one session rest on: as far as it is known at this moment, or with the groups found and the model fitted that it asks for. */
export class MiningStates {
  readonly falseNegatives: FalseNegativeStore;
  readonly #ports: MiningStatesPorts;

  constructor(ports: MiningStatesPorts) {
    this.#ports = ports;
    const { mine, breathe, taught } = ports;
    this.falseNegatives = new FalseNegativeStore({ mine, breathe, changed: taught });
  }

  /** As far as it is known at this moment. */
  now(): MiningState {
    const { groupings, ...given } = this.#ports.data();
    const { author } = this.#ports;
    return { ...given, groupings: groupings.now(given.config.sampler), author, falseNegatives: this.falseNegatives.model };
  }

  /**
   * The state of this moment, held fast, with the model that its marks teach where a guard asks for it, and otherwise without one.
   *
   * @param wantsModel has the model fitted also where no guard asks for it
   */
  async fitted(cancellation: Cancellation, wantsModel: boolean): Promise<Result<MiningState>> {
    const isWanted = wantsModel || this.#ports.data().sources.some(isGuarded);
    const grouped = await this.completeGroupings(cancellation);
    if (!grouped.ok) return grouped;
    const state = { ...heldFast(this.now()), falseNegatives: undefined };
    if (!isWanted) return ok(state);
    const fitted = await this.falseNegatives.fit(state, cancellation);
    return fitted.ok ? ok({ ...state, falseNegatives: fitted.value }) : fitted;
  }

  /** What deciding about the whole file with a configuration rests on. The vectors must be ready. */
  async under(config: Config): Promise<Result<MiningState>> {
    const { data, ready } = this.#ports;
    const isReady = ready(data().collection);
    if (!isReady.ok) return isReady;
    if (data().groupings.isMissing(config.sampler)) {
      const grouped = await this.completeGroupings(neverCancelled, config);
      if (!grouped.ok) return grouped;
    }
    const sources = sourcesOf(config.sampler, mostPositives(data().collection));
    // Another configuration is looked at with the model of the one in use: what is compared must not change with what is tried.
    const fitted = sources.some(isGuarded) ? await this.refit(neverCancelled) : ok(null);
    if (!fitted.ok) return fitted;
    return ok({ ...this.now(), config, sources, groupings: data().groupings.now(config.sampler) });
  }

  /** Brings the false-negative model up to date with the data and the marks of this moment. The vectors must be ready. */
  async refit(cancellation: Cancellation): Promise<Result<FalseNegativeModel>> {
    const grouped = await this.completeGroupings(cancellation);
    return grouped.ok ? await this.falseNegatives.fit(heldFast(this.now()), cancellation) : grouped;
  }

  /** Finds the groups that a configuration, by default the one in use, asks for and that are not known yet. */
  async completeGroupings(cancellation: Cancellation, { sampler }: Config = this.#ports.data().config): Promise<Result<null>> {
    const { data, search, regrouped } = this.#ports;
    const { collection, groupings } = data();
    if (!groupings.isMissing(sampler)) return ok(null);
    const dense = search(collection);
    if (!dense.ok) return dense;
    const found = await groupings.complete(sampler, (...asked) => dense.value.topics(...asked), { cancellation });
    if (!found.ok) return found;
    if (groupings === data().groupings) regrouped();
    return ok(null);
  }
}
