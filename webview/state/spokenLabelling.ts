import type { LabellingPhase, LabellingStatus } from "#protocol/labelling";
import { opinionStrings as words } from "../opinionStrings";

/** What was said last about a run of second opinions. */
export interface SpokenLabelling {
  readonly phase: LabellingPhase;
  /** Seconds of the run at which it was said. */
  readonly at: number;
  readonly text: string;
}

/** Seconds of a run between two sentences about the same phase. */
const APART = 10;

/** What to say of a run now, or undefined to let what was said last stand: a new phase at once, figures every few seconds. The end is said by its outcome. */
export function spokenLabelling(status: LabellingStatus, last: SpokenLabelling | undefined): SpokenLabelling | undefined {
  const { phase, seconds } = status;
  if (phase === "idle") return last === undefined || last.phase === "idle" ? undefined : { phase, at: 0, text: "" };
  if (last?.phase === phase && seconds >= last.at && seconds - last.at < APART) return undefined;
  return { phase, at: seconds, text: words.spokenProgress(status) };
}
