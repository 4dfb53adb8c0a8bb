import type { TrainingPhase, TrainingStatus } from "#protocol/training";
import { measure } from "../format";
import { trainingPhaseLabels, trainingStrings as words } from "../trainingStrings";

/** What was said last about a run. */
export interface Spoken {
  readonly run: string | undefined;
  readonly phase: TrainingPhase;
  readonly round: number;
  /** Seconds of the run at which it was said. */
  readonly at: number;
  readonly text: string;
}

/** Seconds of a run between two sentences about the same phase. */
const APART = 6;

/** What to say of a run now, or undefined to let what was said last stand: a new phase or round at once, figures every few seconds. */
export function spokenStatus(status: TrainingStatus, last: Spoken | undefined): Spoken | undefined {
  const { run, phase, round, rounds, seconds } = status;
  const isSame = last !== undefined && last.run === run && last.phase === phase && last.round === round;
  if (isSame && (phase === "idle" || seconds - last.at < APART)) return undefined;
  if (phase === "idle") return { run, phase, round, at: seconds, text: last === undefined ? "" : words.spokenEnd };
  const loss = status.losses.at(-1)?.loss;
  const ndcg = status.validations.at(-1)?.ndcg;
  const text = words.spoken(
    trainingPhaseLabels[phase],
    rounds > 1 && round > 0 ? words.roundOf(round, rounds) : "",
    loss === undefined ? undefined : measure(loss),
    ndcg === undefined ? undefined : measure(ndcg),
  );
  return { run, phase, round, at: seconds, text };
}
