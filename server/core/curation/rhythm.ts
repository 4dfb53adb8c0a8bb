import type { MarkLane, VerdictMark } from "../marks/mark";

/** Cards of each lane in a row. */
export interface Rhythm {
  readonly harvest: number;
  readonly audit: number;
}

/** The lanes that take turns. */
export type RhythmLane = "harvest" | "audit";

/** Where a card stands in a stretch of one lane. */
export interface Stretch {
  readonly lane: RhythmLane;
  /** From 1. */
  readonly place: number;
  readonly of: number;
}

/**
 * The stretch that the next card belongs to, from the person's own marks alone, so that it is the same after a restart: as long as the last
 * marks were made in one lane, and as many as the rhythm wants there are not yet, it goes on. Marks of no lane, of conflicts and of disagreements do not count.
 *
 * @param history the person's verdicts, in the order in which they were made
 */
export function nextStretch(history: readonly VerdictMark[], rhythm: Rhythm): Stretch {
  const last = lastRun(history);
  const lane =
    last === undefined || rhythm[last.lane] === 0 ? first(rhythm) : last.cards < rhythm[last.lane] ? last.lane : next(last.lane, rhythm);
  return stretchOf(lane, history, rhythm);
}

/** The stretch of a lane that the person chose, whether or not it is this lane's turn. */
export function stretchOf(lane: RhythmLane, history: readonly VerdictMark[], rhythm: Rhythm): Stretch {
  const last = lastRun(history);
  const of = Math.max(1, rhythm[lane]);
  return { lane, place: (last?.lane === lane ? last.cards % of : 0) + 1, of };
}

function first({ harvest, audit }: Rhythm): RhythmLane {
  return harvest === 0 && audit > 0 ? "audit" : "harvest";
}

function next(lane: RhythmLane, rhythm: Rhythm): RhythmLane {
  const other = lane === "harvest" ? "audit" : "harvest";
  return rhythm[other] === 0 ? lane : other;
}

/** The lane of the last cards, and how many they are. Marks that were made with another one's card are no cards of their own. */
function lastRun(history: readonly VerdictMark[]): { readonly lane: RhythmLane; readonly cards: number } | undefined {
  let run: { readonly lane: RhythmLane; readonly cards: number } | undefined;
  for (let at = history.length - 1; at >= 0; at -= 1) {
    const mark = history[at];
    const lane = mark === undefined || (mark.group !== undefined && mark.group !== mark.mark) ? undefined : laneInRhythm(mark.lane);
    if (lane === undefined) continue;
    if (run !== undefined && run.lane !== lane) break;
    run = { lane, cards: (run?.cards ?? 0) + 1 };
  }
  return run;
}

/** Pairs that are judged a second time are part of the audit. */
function laneInRhythm(lane: MarkLane | undefined): RhythmLane | undefined {
  if (lane === "second") return "audit";
  return lane === "harvest" || lane === "audit" ? lane : undefined;
}
