import type { AuditTarget } from "../audit/auditBound";
import { percent, percentAtMost } from "../audit/boundWords";
import { cleanMarksTo } from "../audit/upperBound";
import type { Price } from "./agreedPairs";
import { couldPass, lastTested, nearestTrial, shareSeen, wantsOthers } from "./nearestTrial";
import type { KnobValue } from "./knobs";
import type { SimansParameters } from "./fitSimans";
import { isPassed } from "./proposeThresholds";
import type { EmissionFigures, KnobTrial, SimansProposal, SourceTrial, ThresholdProposal, ThresholdTrials } from "./proposeThresholds";
import type { SettingCount, TestedSetting } from "./sequenceTest";

/** A knob's value as people read it. */
export function valueWords(value: KnobValue): string {
  return value === null ? "off" : String(value);
}

/** The proposal as sentences: what moves, what it rests on, what it buys and what it costs. */
export function proposalText(proposal: ThresholdProposal, target: AuditTarget): string {
  const { trial, value, test, price, before, after } = proposal;
  return [
    `${trial.knob} of ${trial.source} from ${valueWords(trial.present)} to ${valueWords(value)}, which ${trial.loosens ? "loosens" : "tightens"} it.`,
    `${testWords(test, target)}.`,
    priceWords(price),
    figureWords(before, after),
  ].join(" ");
}

/** What a test on audited pairs has shown. */
function testWords({ count, atMost }: TestedSetting<unknown>, { confidence }: AuditTarget): string {
  return `${capital(testedPairs(count))}: at most ${percentAtMost(atMost)} of what it emits, at ${percent(confidence)} confidence`;
}

function falseOf(count: number): string {
  return count === 0 ? "none is false" : count === 1 ? "1 is false" : `${String(count)} are false`;
}

function priceWords(price: Price): string {
  const { falseNegatives, falseNegativesAvoided, falseNegativesAdmitted, trueNegatives, trueNegativesLost, trueNegativesGained } = price;
  if (falseNegatives + trueNegatives + falseNegativesAdmitted + trueNegativesGained === 0) return "No marked pair is emitted now or then.";
  const out = `Of the marked pairs that are emitted now it keeps out ${String(falseNegativesAvoided)} of ${String(falseNegatives)} false negatives and ${String(trueNegativesLost)} of ${String(trueNegatives)} true negatives`;
  const comes =
    falseNegativesAdmitted + trueNegativesGained === 0
      ? ""
      : `; it lets in ${String(falseNegativesAdmitted)} marked false and ${String(trueNegativesGained)} marked true negatives`;
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
  // Where the present settings pass, a guard that is off has nothing to be loosened.
  const isMissed = trials.some(({ present, knobs }) => !present.passes && !knobs.some(({ knob }) => knob === "max_fn_probability"));
  const guard = isMissed ? [noGuard] : [];
  const said = trials.map((trial) =>
    sourceText(
      trial,
      proposals.some((made) => made.trial.position === trial.position),
      target,
    ),
  );
  return [...said, ...guard].filter((text) => text !== "").join(" ");
}

const noGuard =
  "The guard max_fn_probability is not tested yet: its model has to be learnt from at least 30 marks that this audit did not choose, false negatives among them. Mark in the harvest lane.";

function sourceText(trial: SourceTrial, isProposed: boolean, target: AuditTarget): string {
  const { source, present, knobs, target: ofPresent } = trial;
  const { count, passes } = present;
  const nearest = nearestTrial(knobs);
  if (passes) {
    const start = `The present settings of ${source} pass: ${testedPairs(count)}, at most ${percentAtMost(present.atMost)}.`;
    if (isProposed || nearest === undefined) return start;
    if (knobs.some(isPassed)) return `${start} Looser values pass as well, and would hardly change what is emitted.`;
    return `${start} No looser value passes yet; ${nearestText(nearest, target)}`;
  }
  if (isProposed) return "";
  const to = percent(target.maxFalseNegatives);
  const start = `The present settings of ${source} are not shown to stay below ${to}: ${testedPairs(count)}${count.marked === 0 ? "" : `, at most ${percentAtMost(present.atMost)}`}.`;
  if (wantsOthers(trial) && nearest !== undefined) {
    return `${start} More than that is false by what was seen, so that marking on will not help: tighten. ${capital(nearestText(nearest, target))}`;
  }
  const more = cleanMarksTo(count, ofPresent, { found: 0, size: count.population });
  return `${start} ${more === undefined ? `With so few pairs it cannot be shown.` : `${aboutMarks(more)}.`}`;
}

/** "of 61 audited pairs 2 are false", and how many nobody was asked about. */
function testedPairs({ marked, falseNegatives, newcomers }: SettingCount): string {
  const asked = marked - newcomers.length;
  const known =
    asked === 0 ? "no pair of them is audited" : `of ${counted(asked, "audited pair")} ${falseOf(falseNegatives - newcomers.length)}`;
  return newcomers.length === 0
    ? known
    : `${known}, and ${counted(newcomers.length, "pair")} nobody was asked about, which ${newcomers.length === 1 ? "counts" : "count"} as false`;
}

function counted(count: number, one: string): string {
  return `${String(count)} ${one}${count === 1 ? "" : "s"}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What the nearest setting of a source lacks. */
function nearestText(trial: KnobTrial, target: AuditTarget): string {
  const { count, setting, atMost } = lastTested(trial);
  const start = `nearest is ${trial.knob} ${valueWords(setting.value)}: ${testedPairs(count)}`;
  if (count.newcomers.length > 0) {
    return couldPass(trial)
      ? `${start}. The audit lane asks for ${count.newcomers.length === 1 ? "it" : "these"} first.`
      : `${start}. It would not pass if all of these were clean: it takes more audited pairs first.`;
  }
  const known = `${start}, at most ${percentAtMost(atMost)}.`;
  if (shareSeen(count) > target.maxFalseNegatives) return `${known} Mark in the harvest lane, so that the guard can tell more of them.`;
  const more = cleanMarksTo(count, trial.target, { found: 0, size: count.population });
  return more === undefined ? known : `${known} ${aboutMarks(more)}.`;
}

/** At least one: a test asks for one false negative more to be ruled out than the bound. */
function aboutMarks(more: number): string {
  return `It takes about ${counted(Math.max(1, more), "more clean mark")} in the audit lane`;
}

/** What it takes before there is any audit. */
export function noAuditText(wanted: number, target: AuditTarget): string {
  const more = cleanMarksTo({ population: wanted, marked: 0, falseNegatives: 0 }, target);
  const about =
    more === undefined
      ? ""
      : ` About ${String(more)} of them, all clean, show ${percent(target.maxFalseNegatives)} for what is emitted now.`;
  return `Thresholds are proposed from pairs drawn at random only, and no audit has begun: harvested pairs are chosen for being suspect and say nothing about shares. Mark in the audit lane.${about}`;
}

/** What has to be said of a very large file; nothing where all queries were looked at. */
export function sampledText(sampled: number, queries: number): string {
  return sampled === queries ? "" : `Tests and figures are of an even sample of ${String(sampled)} of ${String(queries)} queries.`;
}

/** Fitted SimANS parameters as sentences: what they do, and what they do not. */
export function simansText({ source, from, to, guard, price, before, after }: SimansProposal): string {
  const isOff = guard === null ? "is off" : `stands at ${String(guard)}`;
  return [
    `a and b of ${source} from ${simansWords(from)} to ${simansWords(to)}: the band has the mean and the spread of the candidates that would teach most.`,
    figureWords(before, after),
    priceWords(price),
    `a and b move how hard the negatives are. They do not keep false negatives out where a score hardly tells them apart, and no test stands behind them: that is what the guard max_fn_probability is for, which ${isOff} here.`,
  ].join(" ");
}

export function simansWords({ a, b }: SimansParameters): string {
  return `a ${String(a)}, b ${String(b)}`;
}
