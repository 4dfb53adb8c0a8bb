import { quantile } from "../mining/simans";
import { compareStrictness, isStricterAbove } from "./knobs";
import type { Knob, KnobValue } from "./knobs";

/** Shares of what the source emits now that stricter values would still let through. */
const stricterShares = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95] as const;
/** How far looser values lie on the way from the present one to the end of the scale. */
const looserSteps = [0.25, 0.5, 0.75, 1] as const;

/**
 * Values of a knob that are stricter than the present one, strict to loose: those that half, 60 %, ... 95 % of what the source emits now would pass, so
 * that they mean the same for any encoder and none of them empties the file. They are made of scores and similarities alone: a grid must not know
 * a mark, since the sequence has to be fixed before the marks are looked at.
 *
 * @param passing for each emitted pair the strictest value of the knob that it still passes; NaN where the rule is not asked
 */
export function stricterGrid(knob: Knob, present: KnobValue, passing: Float64Array): readonly KnobValue[] {
  const known = passing.filter((value) => !Number.isNaN(value)).sort();
  return inOrder(
    knob,
    stricterValues(knob, known).filter((value) => compareStrictness(knob, value, present) < 0),
  );
}

/** Values that are looser than the present one, strict to loose: in four steps to where the rule drops nothing, and then the rule switched off. */
export function looserGrid(knob: Knob, present: KnobValue): readonly KnobValue[] {
  return inOrder(
    knob,
    looserValues(knob, present).filter((value) => compareStrictness(knob, value, present) > 0),
  );
}

function inOrder(knob: Knob, values: readonly KnobValue[]): readonly KnobValue[] {
  return [...new Set(values)].sort((a, b) => compareStrictness(knob, a, b));
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
