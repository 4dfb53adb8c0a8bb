import type { Config } from "../config/config";
import type { SettingPath } from "../config/settingPath";
import { gradientSettings } from "../gradients/gradientSettings";
import { UNDECIDED } from "../mining/candidate";
import type { Decision } from "../mining/decision";
import { probabilitiesFor } from "../mining/falseNegativeProbabilities";
import { decisionContext } from "../mining/miningState";
import type { MiningState } from "../mining/miningState";
import type { PoolFacts } from "../mining/poolFacts";
import { itemAt } from "../util/itemAt";
import { SimansFit } from "./fitSimans";
import type { SimansParameters } from "./fitSimans";
import type { KnobEdit } from "./knobs";

/** Parameters of a source that draws by SimANS' kernel, fitted to useful gradients. */
export interface FittedSimans {
  readonly position: number;
  readonly source: string;
  readonly from: SimansParameters;
  readonly to: SimansParameters;
  readonly edits: readonly KnobEdit[];
  /** The guard of the source, which is what keeps false negatives out. */
  readonly guard: number | null;
}

/** So many queries say where the gradients are; probabilities are dear to compute. */
const mostQueries = 1000;
/** Changes smaller than these are noise: a by its ratio, b in units of sigma. */
const leastRatio = 1.1;
const leastShift = 0.05;

/** Fits the parameters of each source that draws by the square kernel, from decisions that are shown one by one. */
export class SimansFits {
  readonly #state: MiningState;
  readonly #every: number;
  readonly #fits: readonly (SimansFit | undefined)[];

  /**
   * @param state with a false-negative model that has learnt from marks, else nothing is fitted
   * @param queries that will be shown: an even choice of them is looked at
   */
  constructor(state: MiningState, queries: number) {
    this.#state = state;
    this.#every = Math.max(1, Math.ceil(queries / mostQueries));
    const { temperature } = gradientSettings(state.config.training);
    const isFitted = state.falseNegatives?.kind === "fitted";
    this.#fits = state.sources.map(({ draw, simans }) =>
      isFitted && draw === "simans" && simans.kernel === "square" ? new SimansFit(temperature) : undefined,
    );
  }

  add({ sources }: Decision, facts: PoolFacts, index: number): void {
    if (index % this.#every !== 0) return;
    for (const [position, fit] of this.#fits.entries()) {
      const decision = sources[position];
      if (fit === undefined || decision === undefined) continue;
      const context = decisionContext(this.#state, facts);
      const probabilities = probabilitiesFor(facts, context, decision.settings.source);
      const { simansAnchor, spread } = decision;
      for (const row of facts.pool.lists[position]?.rows ?? []) {
        if (facts.fates[row] !== UNDECIDED) continue;
        const score = facts.pool.scores[row] ?? Number.NaN;
        fit.add(score - simansAnchor, spread.sigma, probabilities?.[row] ?? Number.NaN);
      }
    }
  }

  /** Those whose parameters are worth changing. */
  fitted(): readonly FittedSimans[] {
    return this.#fits.flatMap((fit, position): FittedSimans[] => {
      const found = fit?.parameters();
      if (found === undefined) return [];
      const settings = itemAt(this.#state.sources, position);
      const from = { a: settings.simans.a, b: settings.simans.b };
      const to = { a: rounded(found.a), b: rounded(found.b) };
      const isSame = Math.max(to.a / from.a, from.a / to.a) < leastRatio && Math.abs(to.b - from.b) < leastShift;
      const place: SettingPath = this.#state.config.sampler.mix === null ? ["sampler", "simans"] : ["sampler", "mix", position, "simans"];
      const edits = [
        { path: [...place, "a"], value: to.a },
        { path: [...place, "b"], value: to.b },
      ];
      return isSame ? [] : [{ position, source: settings.source, from, to, edits, guard: settings.max_fn_probability }];
    });
  }
}

/** The configuration with fitted parameters. */
export function withSimans(config: Config, { position, to }: Pick<FittedSimans, "position" | "to">): Config {
  const { sampler } = config;
  if (sampler.mix === null) return { ...config, sampler: { ...sampler, simans: { ...sampler.simans, ...to } } };
  const mix = sampler.mix.map((entry, at) => (at === position ? { ...entry, simans: { ...entry.simans, ...to } } : entry));
  return { ...config, sampler: { ...sampler, mix } };
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
