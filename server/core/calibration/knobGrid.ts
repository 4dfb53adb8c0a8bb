import { quantile } from "../mining/simans";
import { compareStrictness, isStricterAbove } from "./knobs";
import type { Knob, KnobValue } from "./knobs";

/** Shares of what the source emits now that stricter values would still let through. */
const stricterShares = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95] as const;
/** How far looser values lie on the way from the present one to the end of the scale. */
const looserSteps = [0.25, 0.5, 0.75, 1] as const;

/**
 * The values of a knob to be tested, strict to loose, 12 at most, the present one among them. Stricter ones are those that half, 60 %, ... 95 % of
 * what the source emits now would pass, so that they mean the same for any encoder and none of them empties the file; looser ones go in four steps
 * to where the rule drops nothing, and end with the rule switched off. The grid is made of scores and similarities alone: it must not know a mark,
 * since the sequence has to be fixed before the marks are looked at.
 *
 * @param passing for each emitted pair the strictest value of the knob that it still passes; NaN where the rule is not asked
 */
export function knobGrid(knob: Knob, present: KnobValue, passing: Float64Array): readonly KnobValue[] {
  const known = passing.filter((value) => !Number.isNaN(value)).sort();
  const stricter = stricterValues(knob, known).filter((value) => compareStrictness(knob, value, present) < 0);
  const looser = looserValues(knob, present).filter((value) => compareStrictness(knob, value, present) > 0);
  return [...new Set<KnobValue>([...stricter, present, ...looser])].sort((a, b) => compareStrictness(knob, a, b));
}

function stricterValues(knob: Knob, known: Float64Array): readonly number[] {
  if (known.length === 0) return [];
  return stricterShares.map((share) => rounded(knob, Math.max(0, quantile(known, isStricterAbove(knob) ? 1 - share : share))));
}

function looserValues(knob: Knob, present: KnobValue): readonly KnobValue[] {
  if (present === null) return [];
  const end = isStricterAbove(knob) ? 0 : 1;
  const steps = looserSteps.map((step) => rounded(knob, present + (end - present) * step));
  return knob === "range_min" ? steps : [...steps, null];
}

/** To the looser side, so that at least the share passes. Two digits are what people remember; small numbers get a third. */
function rounded(knob: Knob, value: number): number {
  if (knob === "range_min") return Math.floor(value);
  const unit = Math.abs(value) < 0.1 ? 1000 : 100;
  return (isStricterAbove(knob) ? Math.floor(value * unit + 1e-9) : Math.ceil(value * unit - 1e-9)) / unit;
}
