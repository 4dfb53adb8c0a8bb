import type { OpinionVerdict } from "#core/suggestions/suggestion";
import { itemAt } from "#core/util/itemAt";
import { seededRandom } from "#core/util/random";
import type { JudgedCollection } from "../judged/judgedCollection";

export type Stage = "flag" | "confirm";

/** Somebody who answers in a language model's place. */
export interface StandInJudge {
  /** Undefined where nothing says what the answer would be: such a pair is not asked about. */
  verdict(query: number, document: number, stage: Stage): OpinionVerdict | undefined;
}

/** Published agreement of gpt-4o-mini and gpt-4o with people, on 670 pairs (RLHN, 2025). */
export const KAPPAS: Readonly<Record<Stage, number>> = { flag: 0.32, confirm: 0.39 };

/** Shares of the pairs of each kind on which a judge errs. */
export interface ErrorRates {
  /** Of the relevant passages. */
  readonly missed: number;
  /** Of the others. */
  readonly falseAlarms: number;
}

/**
 * The errors of a judge who calls as many passages relevant as are, at this kappa. Then kappa = 1 - missed / (1 - p) = 1 - falseAlarms / p, with p the
 * share of relevant ones: as if the answer were known on a share kappa of the pairs, and guessed on the others.
 */
export function errorRates(kappa: number, relevantShare: number): ErrorRates {
  return { missed: (1 - kappa) * (1 - relevantShare), falseAlarms: (1 - kappa) * relevantShare };
}

/** A judge who errs at random: on the same pairs whenever asked, and in both stages independently. */
export class FallibleJudge implements StandInJudge {
  readonly #relevant: readonly ReadonlySet<number>[];
  readonly #rates: Readonly<Record<Stage, ErrorRates>>;
  readonly #name: string;

  constructor({ whole }: JudgedCollection, rates: Readonly<Record<Stage, ErrorRates>>, seed: number) {
    this.#relevant = whole.queries.map(({ positives }) => new Set(positives));
    this.#rates = rates;
    this.#name = `${String(seed)}:judge`;
  }

  verdict(query: number, document: number, stage: Stage): OpinionVerdict {
    const drawn = seededRandom(`${this.#name}:${stage}:${String(query)} ${String(document)}`)();
    const { missed, falseAlarms } = this.#rates[stage];
    const isCalled = itemAt(this.#relevant, query).has(document) ? drawn >= missed : drawn < falseAlarms;
    return isCalled ? "relevant" : "not_relevant";
  }
}

/** The verdicts that language models gave, stage by stage. */
export class PublishedJudge implements StandInJudge {
  readonly #stages: NonNullable<JudgedCollection["stages"]>;

  constructor(stages: NonNullable<JudgedCollection["stages"]>) {
    this.#stages = stages;
  }

  verdict(query: number, document: number, stage: Stage): OpinionVerdict | undefined {
    const isRelevant = itemAt(this.#stages, query).get(document)?.[stage === "flag" ? 0 : 1];
    return isRelevant === undefined ? undefined : isRelevant ? "relevant" : "not_relevant";
  }
}
