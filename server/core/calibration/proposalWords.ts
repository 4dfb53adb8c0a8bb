import type { AuditTarget } from "../audit/auditBound";
import { percent, percentAtMost } from "../audit/boundWords";
import { cleanMarksTo } from "../audit/upperBound";
import { itemAt } from "../util/itemAt";
import type { Price } from "./agreedPairs";
import type { KnobValue } from "./knobs";
import { compareStrictness } from "./knobs";
import type { EmissionFigures, KnobSetting, KnobTrial, ThresholdProposal, ThresholdTrials } from "./proposeThresholds";
import type { TestedSetting } from "./sequenceTest";

/** A knob's value as people read it. */
export function valueWords(value: KnobValue): string {
  return value === null ? "off" : String(value);
}

/** The proposal as sentences: what moves, what it rests on, what it buys and what it costs. */
export function proposalText(proposal: ThresholdProposal, target: AuditTarget): string {
  const { trial, value, test, price, before, after } = proposal;
  const isTighter = compareStrictness(trial.knob, value, trial.present) < 0;
  return [
    `${trial.knob} of ${trial.source} from ${valueWords(trial.present)} to ${valueWords(value)}, which ${isTighter ? "tightens" : "loosens"} it.`,
    `${testWords(test, target)}.`,
    priceWords(price),
    figureWords(before, after),
  ].join(" ");
}

/** What a test on audited pairs has shown. */
function testWords({ count: { marked, falseNegatives }, atMost }: TestedSetting<unknown>, { confidence }: AuditTarget): string {
  const pairs = marked === 1 ? "the one audited pair" : `${String(marked)} audited pairs`;
  return `Of ${pairs} that it would emit ${falseOf(falseNegatives)}: at most ${percentAtMost(atMost)} of what it emits, at ${percent(confidence)} confidence`;
}

function falseOf(count: number): string {
  return count === 0 ? "none is false" : count === 1 ? "1 is false" : `${String(count)} are false`;
}

function priceWords(price: Price): string {
  const { falseNegatives, falseNegativesAvoided, falseNegativesAdmitted, trueNegatives, trueNegativesLost, trueNegativesGained } = price;
  const out = `Of the marked pairs that are emitted now it keeps out ${String(falseNegativesAvoided)} of ${String(falseNegatives)} false negatives and ${String(trueNegativesLost)} of ${String(trueNegatives)} true negatives`;
  const comes =
    falseNegativesAdmitted + trueNegativesGained === 0
      ? ""
      : `; it lets in ${String(falseNegativesAdmitted)} marked false and ${String(trueNegativesGained)} true ones`;
  return `${out}${comes}.`;
}

export function figureWords(before: EmissionFigures, after: EmissionFigures): string {
  return `Over the whole file the mean score goes from ${fixed(before.hardness)} to ${fixed(after.hardness)} and the yield from ${wholePercent(before.yield)} to ${wholePercent(after.yield)}.`;
}

function fixed(value: number): string {
  return Number.isNaN(value) ? "unknown" : value.toFixed(3);
}

function wholePercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Why there is no proposal, or no more: for each source where the tests stand and what would help. */
export function whyText({ trials, proposals, isRescored }: ThresholdTrials, target: AuditTarget): string {
  if (isRescored) {
    return "With a rescorer each threshold has other candidates scored anew, so that settings cannot be tried on the known ones. Audit what is emitted, or tighten a threshold by hand.";
  }
  const positions = [...new Set(trials.map(({ position }) => position))];
  const guard = trials.some(({ knob }) => knob === "max_fn_probability") ? [] : [noGuard];
  const said = positions.flatMap((position) =>
    sourceText(
      trials.filter((trial) => trial.position === position),
      proposals.some(({ trial }) => trial.position === position),
      target,
    ),
  );
  return [...said, ...guard].join(" ");
}

const noGuard =
  "The guard max_fn_probability is not tested yet: its model has to be learnt from at least 30 marks that this audit did not choose, false negatives among them. Mark in the harvest lane.";

function sourceText(trials: readonly KnobTrial[], isProposed: boolean, target: AuditTarget): readonly string[] {
  const standing = presentTest(trials);
  const [source] = trials.map((trial) => trial.source);
  if (standing !== undefined) {
    const { marked, falseNegatives } = standing.count;
    const known = `${String(marked)} audited pairs, ${falseOf(falseNegatives)}`;
    return [
      `The present settings of ${source ?? ""} pass (${known}, at most ${percentAtMost(standing.atMost)})${isProposed ? "." : ", and no looser value does."}`,
    ];
  }
  if (isProposed) return [];
  const nearest = nearestTrial(trials);
  return nearest === undefined ? [] : [nearestText(nearest, target)];
}

/** The test of the present settings, where some knob's sequence came as far and they passed: the one of the most trusted. */
function presentTest(trials: readonly KnobTrial[]): TestedSetting<KnobSetting> | undefined {
  return trials.flatMap(({ tested, present }) => tested.filter(({ passes, setting }) => passes && setting.value === present)).at(0);
}

/** The knob whose sequence ended nearest to the target. */
function nearestTrial(trials: readonly KnobTrial[]): KnobTrial | undefined {
  const ended = trials.filter(({ tested }) => tested.length > 0);
  return [...ended].sort((a, b) => lastOf(a).atMost - lastOf(b).atMost)[0];
}

function lastOf({ tested }: KnobTrial): TestedSetting<KnobSetting> {
  return itemAt(tested, tested.length - 1);
}

function nearestText(trial: KnobTrial, target: AuditTarget): string {
  const { knob, source, target: ofKnob } = trial;
  const last = lastOf(trial);
  const { count, setting, atMost } = last;
  const { marked, falseNegatives, newcomers } = count;
  const start = `Nothing passes for ${source} yet. Nearest is ${knob} ${valueWords(setting.value)}`;
  const to = percent(target.maxFalseNegatives);
  if (marked === 0) {
    const more = cleanMarksTo(count, ofKnob, { found: 0, size: count.population });
    return `${start}, of which no pair is audited: ${aboutMarks(more, to)}.`;
  }
  const known = `${start}: of ${String(marked)} audited pairs that it would emit ${falseOf(falseNegatives)}, at most ${percentAtMost(atMost)}`;
  if (newcomers.length > 0) {
    const [pairs, one] = newcomers.length === 1 ? ["1 pair", "counts"] : [`${String(newcomers.length)} pairs`, "count"];
    return `${known}. ${pairs} of these nobody has been asked about yet; they ${one} as false until they are audited.`;
  }
  if (falseNegatives / marked > target.maxFalseNegatives) {
    return `${known}. That is above ${to} by what was seen, so that marking on will not help: mark in the harvest lane for the guard to learn, or tighten a threshold by hand.`;
  }
  return `${known}. ${aboutMarks(cleanMarksTo(count, ofKnob, { found: 0, size: count.population }), to)}.`;
}

function aboutMarks(more: number | undefined, to: string): string {
  return more === undefined
    ? `${to} cannot be shown with so few pairs`
    : `It takes about ${String(more)} more clean ${more === 1 ? "mark" : "marks"} in the audit lane to show ${to}`;
}

/** What it takes before there is any audit. */
export function noAuditText(wanted: number, target: AuditTarget): string {
  const more = cleanMarksTo({ population: wanted, marked: 0, falseNegatives: 0 }, target);
  const about = more === undefined ? "" : ` About ${String(more)} of them, all clean, show ${percent(target.maxFalseNegatives)} for what is emitted now.`;
  return `Thresholds are proposed from pairs drawn at random only, and no audit has begun: harvested pairs are chosen for being suspect and say nothing about shares. Mark in the audit lane.${about}`;
}
