/**
 * Proposals of thresholds from audited pairs: for each source of the mix and each knob the loosest value whose emission is shown to hold no more
 * false negatives than the target allows.
 *
 * What is promised. Let E be all pairs that a source would emit under a setting, with all else as configured, from the data alone. The hypothesis
 * "more than the target's share of E is false" is tested on those of its pairs whose permanent random numbers lie below the audit's cut-off: a
 * random sample of E without replacement, since the numbers know neither texts nor marks. With the target's confidence 1 - delta no setting is passed
 * whose hypothesis is true:
 * - delta is split evenly over the sources (Bonferroni). One half of a source's part is for its present setting and, if that passes, is handed on to
 *   looser values; the other half is for stricter values where the present setting does not pass.
 * - Each half is split by trust, 1/2, 1/4, ..., over the knobs that the configuration lets move that way. The values of one knob are tested in a fixed sequence, strict to loose, up to the first
 *   that fails: that costs nothing more, and neither does handing on what a passed test has not used up (Bretz et al. 2009, "A graphical approach to
 *   sequentially rejective multiple test procedures").
 * - The bound holds at every number of marks at once (Ville's inequality), so that asking after each mark costs nothing either.
 *
 * What it rests on, and where it ends:
 * - Marks do not act on E: barred and pinned pairs would make any setting look clean. What is emitted once a proposal is taken is E without the
 *   found false negatives, with refills in their places.
 * - Pairs of E below the cut-off that the audit did not ask about count as false, which can only make the test stricter. They are listed.
 * - The guard must not be tested with marks that it has learnt from, since it would have learnt which pairs of the sample are false. A model fitted
 *   out of fold does not help: it would not say what is emitted. So the test's model is fitted without the marks that this audit's order chose
 *   (`marksApartFrom`), and where these are too few the guard is not tested. Harvested marks may serve both, since they were chosen by their features
 *   and not by their numbers. The model in force has learnt from the audit's marks too: it is another one than was tested, and should be the better.
 * - It is about the configuration in force. One that was chosen because of what this audit has shown, by taking a proposal or by hand, is another
 *   start with another chance of error delta; a fresh audit, or the certificate of what is exported, settles it.
 */
import type { AuditTarget } from "../audit/auditBound";
import type { MiningState } from "../mining/miningState";
import { searchShape, serves } from "../mining/searchShape";
import { wantsSecondScores } from "../mining/secondLook";
import type { SourceSettings } from "../mining/sourceSettings";
import { itemAt } from "../util/itemAt";
import { auditedRows } from "./auditedRows";
import type { AuditedQuery, AuditState } from "./auditedRows";
import { AuditedCounter, auditedEmission, wholeEmission } from "./emission";
import type { WholeEmission } from "./emission";
import type { AgreedPairs } from "./agreedPairs";
import { priceOf } from "./agreedPairs";
import type { Price } from "./agreedPairs";
import { looserGrid, stricterGrid } from "./knobGrid";
import { KNOBS, knobEdits, withKnobEdits } from "./knobs";
import type { Knob, KnobEdit, KnobValue } from "./knobs";
import { PassingValues } from "./passingValues";
import { SimansFits, withSimans } from "./proposeSimans";
import type { FittedSimans } from "./proposeSimans";
import { fixedSequence, partOfDelta, testSetting } from "./sequenceTest";
import type { SettingCount, TestedSetting } from "./sequenceTest";
import { underConfig } from "./trialFile";
import type { TrialFile } from "./trialFile";

/** A value of a knob, and the state that it would make. */
export interface KnobSetting {
  readonly value: KnobValue;
  readonly edits: readonly KnobEdit[];
  readonly state: MiningState;
}

/** The sequence test of one knob of one source. */
export interface KnobTrial {
  readonly position: number;
  readonly source: string;
  readonly knob: Knob;
  readonly present: KnobValue;
  /** Whether the values are looser than the present one, which passed, or stricter. */
  readonly loosens: boolean;
  /** Share of false negatives, and the confidence that the knob's part of delta leaves. */
  readonly target: AuditTarget;
  /** Strict to loose, up to the first that did not pass. */
  readonly tested: readonly TestedSetting<KnobSetting>[];
}

/** The tests of one source. */
export interface SourceTrial {
  readonly position: number;
  readonly source: string;
  readonly target: AuditTarget;
  /** Of what it emits as it is configured. */
  readonly present: TestedSetting<MiningState>;
  /** The most trusted knob first. */
  readonly knobs: readonly KnobTrial[];
}

/** What a configuration comes to over the whole file. */
export type EmissionFigures = Pick<WholeEmission, "hardness" | "yield">;

export interface ThresholdProposal {
  readonly trial: KnobTrial;
  readonly value: KnobValue;
  readonly edits: readonly KnobEdit[];
  /** With the number of pairs that the source would emit as it is. */
  readonly test: TestedSetting<KnobSetting>;
  readonly price: Price;
  readonly before: EmissionFigures;
  readonly after: EmissionFigures;
}

export interface ThresholdTrials {
  /** Source by source, the most trusted knob first. */
  readonly proposals: readonly ThresholdProposal[];
  readonly trials: readonly SourceTrial[];
  readonly simans: readonly SimansProposal[];
  /** Whether settings cannot be tried, since each would have other candidates scored anew. */
  readonly isRescored: boolean;
}

/** Parameters of SimANS for a source that draws by it. They are for hardness: nothing is promised about false negatives. */
export interface SimansProposal extends FittedSimans {
  readonly price: Price;
  readonly before: EmissionFigures;
  readonly after: EmissionFigures;
}

/** Proposals with their prices are this many for one source at most: the most trusted say enough. */
const mostForSource = 3;

export async function proposeThresholds(
  file: TrialFile,
  audit: AuditState,
  judged: AgreedPairs,
  target: AuditTarget,
): Promise<ThresholdTrials> {
  const { sources } = file.state;
  if (wantsSecondScores(sources)) return { proposals: [], trials: [], simans: [], isRescored: true };
  const fits = new SimansFits(file.state, file.queries.length);
  const passing = new PassingValues(file.state, file.queries.length);
  const audited = await auditedRows(file, audit);
  const rowsOf = new Map(audited.map(({ facts, rows }) => [facts, rows]));
  const counters = sources.map(({ source }, position) => new AuditedCounter(position, source));
  const present = await wholeEmission(file, file.state, judged.byQuery, (decision, facts, index) => {
    passing.add(decision, facts, index);
    fits.add(decision, facts, index);
    const rows = rowsOf.get(facts) ?? [];
    for (const counter of counters) counter.add(decision, rows);
  });
  const trials: SourceTrial[] = [];
  const proposals: ThresholdProposal[] = [];
  for (const [position, counter] of counters.entries()) {
    const ofSource = { ...target, confidence: 1 - (1 - target.confidence) / sources.length };
    const count = { ...counter.counted, population: itemAt(present.pairs, position) };
    const trial = await trySource(file, { position, passing, audited, count }, ofSource);
    trials.push(trial);
    for (const knob of trial.knobs.filter(isPassed).slice(0, mostForSource)) {
      const proposal = await proposalOf(file, knob, { judged, present });
      if (isWorthwhile(proposal)) proposals.push(proposal);
    }
  }
  const simans: SimansProposal[] = [];
  for (const fitted of fits.fitted()) simans.push(await pricedSimans(file, fitted, { judged, present }));
  return { proposals, trials, simans, isRescored: false };
}

interface SourceTask {
  readonly position: number;
  readonly passing: PassingValues;
  readonly audited: readonly AuditedQuery[];
  /** Of what the source emits as it is configured. */
  readonly count: SettingCount;
}

/** @param target with the part of delta that the source has */
async function trySource(file: TrialFile, task: SourceTask, target: AuditTarget): Promise<SourceTrial> {
  const { position, count } = task;
  const half = { ...target, confidence: 1 - (1 - target.confidence) / 2 };
  const { source } = itemAt(file.state.sources, position);
  const present = testSetting(file.state, count, half);
  const knobs: KnobTrial[] = [];
  const sharing = KNOBS.filter((knob) => canMove(file.state, position, knob, present.passes));
  for (const knob of sharing.filter((name) => isTold(file.state, name))) {
    const ofKnob = { ...half, confidence: 1 - (1 - half.confidence) * partOfDelta(knob, sharing) };
    knobs.push(await tryKnob(file, task, { knob, loosens: present.passes, target: ofKnob }));
  }
  return { position, source, target: half, present, knobs };
}

/**
 * Whether the configuration leaves a knob room to be loosened or tightened, whatever is marked. Under sentence-transformers' rules there is neither a
 * guard nor a ceiling on the second axis.
 */
function canMove({ config, sources }: MiningState, position: number, knob: Knob, loosens: boolean): boolean {
  const isKnown = config.sampler.compat === null || (knob !== "max_fn_probability" && knob !== "max_positive_similarity");
  return isKnown && (!loosens || looserGrid(knob, itemAt(sources, position)[knob]).length > 0);
}

/** The guard is tested where its model has learnt from marks. */
function isTold({ falseNegatives }: MiningState, knob: Knob): boolean {
  return knob !== "max_fn_probability" || falseNegatives?.kind === "fitted";
}

interface KnobTask {
  readonly knob: Knob;
  readonly loosens: boolean;
  /** With the knob's part of delta. */
  readonly target: AuditTarget;
}

async function tryKnob(
  file: TrialFile,
  { position, passing, audited }: SourceTask,
  { knob, loosens, target }: KnobTask,
): Promise<KnobTrial> {
  const settings = itemAt(file.state.sources, position);
  const present = settings[knob];
  const values = loosens ? looserGrid(knob, present) : stricterGrid(knob, present, passing.of(position, knob));
  const grid = values
    .map((value) => settingOf(file, settings, { position, knob, value }))
    .filter(({ state }) => isSearchedFor(file.state, state));
  const tested = await fixedSequence(grid, ({ state }) => auditedEmission(file, state, position, audited), target);
  return { position, source: settings.source, knob, present, loosens, target, tested };
}

/** Less than this, of the mean score or of the yield, nobody would loosen a threshold for. */
const leastHardness = 0.005;
const leastYield = 0.01;

/** A stricter value makes a source pass that does not; a looser one has to bring harder negatives or more of them. */
function isWorthwhile({ trial, before, after }: ThresholdProposal): boolean {
  return trial.loosens ? after.hardness - before.hardness >= leastHardness || after.yield - before.yield >= leastYield : true;
}

/** Whether some value of the knob passed its test. */
export function isPassed({ tested }: KnobTrial): boolean {
  return tested.some(({ passes }) => passes);
}

function settingOf(
  file: TrialFile,
  source: SourceSettings,
  target: { readonly position: number; readonly knob: Knob; readonly value: KnobValue },
): KnobSetting {
  const { config } = file.state;
  const edits = knobEdits(config, source, target);
  return { value: target.value, edits, state: underConfig(file, withKnobEdits(config, edits)) };
}

/** Whether the candidates that are known are those that a setting would search for. */
function isSearchedFor(present: MiningState, asked: MiningState): boolean {
  const shapeOf = ({ config, sources }: MiningState): ReturnType<typeof searchShape> => searchShape(config.sampler, sources);
  return serves(shapeOf(present), shapeOf(asked));
}

interface Known {
  readonly judged: AgreedPairs;
  /** What the configuration in force comes to. */
  readonly present: WholeEmission;
}

/**
 * The loosest value that passed, its bound with the pairs of a large file counted.
 */
async function proposalOf(file: TrialFile, trial: KnobTrial, { judged, present }: Known): Promise<ThresholdProposal> {
  const passed = trial.tested.filter(({ passes }) => passes);
  const { setting, count } = itemAt(passed, passed.length - 1);
  const after = await wholeEmission(file, setting.state, judged.byQuery);
  const population = Math.max(count.marked, after.pairs[trial.position] ?? 0);
  return {
    trial,
    value: setting.value,
    edits: setting.edits,
    test: testSetting(setting, { ...count, population }, trial.target),
    price: priceOf(judged, present.emitted, after.emitted),
    before: present,
    after,
  };
}

async function pricedSimans(file: TrialFile, fitted: FittedSimans, { judged, present }: Known): Promise<SimansProposal> {
  const state = underConfig(file, withSimans(file.state.config, fitted));
  const after = await wholeEmission(file, state, judged.byQuery);
  return { ...fitted, price: priceOf(judged, present.emitted, after.emitted), before: present, after };
}
