import type { AuditPair } from "../audit/auditPair";
import { pairName } from "../audit/auditPair";
import { upperBound } from "../audit/upperBound";
import { itemAt } from "../util/itemAt";
import type { KnobSetting, KnobTrial, ThresholdTrials } from "./proposeThresholds";
import type { TestedSetting } from "./sequenceTest";

/** The test at which a knob's sequence ended. */
export function lastTested({ tested }: KnobTrial): TestedSetting<KnobSetting> {
  return itemAt(tested, tested.length - 1);
}

/** The knob whose sequence would end nearest to the target if all pairs that nobody was asked about were clean; the most trusted of equals. */
export function nearestTrial(trials: readonly KnobTrial[]): KnobTrial | undefined {
  const ended = trials.filter(({ tested }) => tested.length > 0);
  const placed = ended.map((trial) => ({ trial, hope: hopeOf(lastTested(trial), trial) }));
  return placed.sort((a, b) => a.hope - b.hope)[0]?.trial;
}

function hopeOf({ count }: TestedSetting<KnobSetting>, { target }: KnobTrial): number {
  const falseNegatives = count.falseNegatives - count.newcomers.length;
  return upperBound({ ...count, falseNegatives }, target.confidence) / Math.max(1, count.population);
}

/**
 * Pairs that the tests wait for, each once: for each source without a proposal those that the nearest setting would emit below the cut-off and nobody
 * was asked about. What has been audited of that setting is a random sample of it again once all of them have a verdict.
 */
export function pairsToAudit({ trials, proposals }: ThresholdTrials): readonly AuditPair[] {
  const pairs = new Map<string, AuditPair>();
  for (const { position, present, knobs } of trials) {
    if (proposals.some(({ trial }) => trial.position === position)) continue;
    const nearest = nearestTrial(knobs);
    const asked = [...present.count.newcomers, ...(nearest === undefined ? [] : lastTested(nearest).count.newcomers)];
    for (const pair of asked) pairs.set(pairName(pair), pair);
  }
  return [...pairs.values()];
}
