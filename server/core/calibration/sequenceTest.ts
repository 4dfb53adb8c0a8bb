import type { AuditCount, AuditTarget } from "../audit/auditBound";
import type { AuditPair } from "../audit/auditPair";
import { upperBound } from "../audit/upperBound";
import type { Knob } from "./knobs";

/** What a setting would emit of the audited pairs. */
export interface SettingCount extends AuditCount {
  /** Pairs it would emit below the cut-off that nobody has been asked about: counted as false, and to be audited first. */
  readonly newcomers: readonly AuditPair[];
}

/** A setting that was tested. */
export interface TestedSetting<S> {
  readonly setting: S;
  readonly count: SettingCount;
  /** Upper bound of the share of false negatives among all pairs that the setting would emit. */
  readonly atMost: number;
  readonly passes: boolean;
}

/**
 * The part of delta that a knob may use up: 1/2, 1/4, 1/8, ... in the order of trust, the last one as much as the one before it, in all 1. Which knobs
 * share it must not depend on marks.
 */
export function partOfDelta(knob: Knob, sharing: readonly Knob[]): number {
  return 1 / 2 ** Math.min(sharing.indexOf(knob) + 1, sharing.length - 1);
}

/**
 * Tests settings strict to loose and stops at the first that does not pass: learn then test with a fixed sequence (Angelopoulos et al. 2021,
 * "Learn then Test", section 4.1). The sequence must be fixed before the marks are looked at. Then the probability that any setting is passed
 * wrongly is at most that for the first wrong one alone, which has to be passed before any other can be, and no more has to be paid for testing
 * many. The bound holds after every number of marks at once, so the test may be asked again after each.
 */
export async function fixedSequence<S>(
  settings: readonly S[],
  countOf: (setting: S) => Promise<SettingCount>,
  target: AuditTarget,
): Promise<readonly TestedSetting<S>[]> {
  const tested: TestedSetting<S>[] = [];
  for (const setting of settings) {
    const made = testSetting(setting, await countOf(setting), target);
    tested.push(made);
    if (!made.passes) break;
  }
  return tested;
}

/** One false negative more than the target allows has to be ruled out, so that rounding to whole pairs does not decide where the population is an upper limit. */
export function testSetting<S>(setting: S, count: SettingCount, target: AuditTarget): TestedSetting<S> {
  const { population, marked } = count;
  const bound = upperBound(count, target.confidence);
  const atMost = population === 0 ? 0 : bound / population;
  return { setting, count, atMost, passes: marked > 0 && bound + 1 <= target.maxFalseNegatives * population };
}
