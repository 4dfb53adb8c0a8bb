import type { AuditPair } from "../audit/auditPair";
import { pairName } from "../audit/auditPair";
import { upperBound } from "../audit/upperBound";
import { itemAt } from "../util/itemAt";
import type { KnobSetting, KnobTrial, SourceTrial, ThresholdTrials } from "./proposeThresholds";
import type { SettingCount, TestedSetting } from "./sequenceTest";

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

/** Whether the test at which a knob's sequence ended would pass if all pairs that nobody was asked about were clean. */
export function couldPass(trial: KnobTrial): boolean {
  return hopeOf(lastTested(trial), trial) <= trial.target.maxFalseNegatives;
}

/** Share of false ones among the pairs of a setting that were asked about. */
export function shareSeen({ marked, falseNegatives, newcomers }: SettingCount): number {
  const asked = marked - newcomers.length;
  return asked === 0 ? 0 : (falseNegatives - newcomers.length) / asked;
}

/** Whether other settings than the present one are what helps a source: looser ones where it passes, stricter ones where too much is false. */
export function wantsOthers({ present, target }: SourceTrial): boolean {
  return present.passes || shareSeen(present.count) > target.maxFalseNegatives;
}

/**
 * Pairs that the tests wait for, each once: for each source without a proposal those that its present settings and the nearest other one would emit
 * below the cut-off and nobody was asked about, the latter where it could pass then. What has been audited of a setting is a random sample of it again once all of them have a verdict.
 */
export function pairsToAudit({ trials, proposals }: ThresholdTrials): readonly AuditPair[] {
  const pairs = new Map<string, AuditPair>();
  for (const trial of trials.filter(({ position }) => !proposals.some((made) => made.trial.position === position))) {
    const nearest = wantsOthers(trial) ? nearestTrial(trial.knobs) : undefined;
    const waiting = nearest !== undefined && couldPass(nearest) ? lastTested(nearest).count.newcomers : [];
    const asked = [...trial.present.count.newcomers, ...waiting];
    for (const pair of asked) pairs.set(pairName(pair), pair);
  }
  return [...pairs.values()];
}
