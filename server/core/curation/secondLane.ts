import { auditPosition } from "../audit/auditPosition";
import type { AuditProgress } from "./auditProgress";
import type { LaneAnswer, PairKeys } from "./card";
import { firstNotPassed } from "./passedOver";

export interface SecondState {
  readonly progress: AuditProgress;
  readonly gone: ReadonlySet<number>;
  readonly author: string;
  /** Share of the audited pairs that a second person judges, in [0, 1]. */
  readonly share: number;
  readonly isPutOff: (pair: PairKeys) => boolean;
  readonly passedOver: readonly PairKeys[];
}

/** A pair of the sample that another person judged and this one did not, of the share that chance picks for two persons. */
export function nextSecond(state: SecondState): LaneAnswer {
  const due = seconds(state);
  const { isPutOff } = state;
  const next = firstNotPassed([...due.filter((pair) => !isPutOff(pair)), ...due.filter(isPutOff)], state.passedOver);
  if (next === undefined) return { left: 0, text: "No audited pair waits for a second person's verdict." };
  return { next, left: due.length, text: "Another person judged it too: your verdict says how far the two of you agree." };
}

/** Pairs that wait for this person, in the order of the audit. */
export function seconds({ progress, gone, author, share }: Omit<SecondState, "isPutOff" | "passedOver">): readonly PairKeys[] {
  const { order, population, total } = progress;
  const due: PairKeys[] = [];
  for (let place = 0; place < total.count.marked; place += 1) {
    const pair = order[place]?.pair;
    const verdict = progress.verdictAt(place);
    if (pair === undefined || verdict === undefined || verdict.authors.includes(author) || gone.has(place)) continue;
    // A number of its own, so that early pairs are no likelier to be picked than late ones.
    if (auditPosition(`${population.salt} second`, pair) < share) due.push(pair);
  }
  return due;
}
