/**
 * Proposals of thresholds from audited pairs: for each source of the mix and each knob the loosest value whose emission is shown to hold no more
 * false negatives than the target allows.
 *
 * What is promised. Let E_j be all pairs that the source would emit with the knob at its j-th value, and all else as configured, from the data alone.
 * For each E_j the hypothesis "more than the target's share of E_j is false" is tested on those of its pairs whose permanent random numbers lie
 * below the audit's cut-off: a random sample of E_j without replacement, since the numbers know neither texts nor marks. With the target's
 * confidence 1 - delta, no value is passed whose hypothesis is true: delta is split evenly over the sources and by trust over the knobs
 * (Bonferroni), the values of one knob are tested in a fixed sequence, strict to loose, which costs nothing more, and the bound holds at every number
 * of marks at once (Ville's inequality), so that asking after each mark costs nothing either.
 *
 * What it rests on, and where it ends:
 * - Marks do not act on E_j: barred and pinned pairs would make any setting look clean. What is emitted once a proposal is taken is E_j without the
 *   found false negatives, with refills in their places.
 * - Pairs of E_j below the cut-off that the audit did not ask about count as false, which can only make the test stricter. They are listed.
 * - The guard must not be tested with marks that it has learnt from: it would have learnt which pairs of the sample are false. The test's model is
 *   fitted without the marks that this audit's order chose (see `marksApartFrom`); in force is the model that has learnt from all. Marks of the harvest
 *   lane may serve both, since they were chosen by their features, whatever the salt.
 * - It is about the configuration in force. One that was chosen because of what this audit has shown, by taking a proposal or by hand, is another
 *   start with another chance of error delta; a fresh audit, or the certificate of what is exported, settles it.
 */
import type { AuditTarget } from "../audit/auditBound";
import type { AuditPair } from "../audit/auditPair";
import type { MiningState } from "../mining/miningState";
import { searchShape, serves } from "../mining/searchShape";
import { wantsSecondScores } from "../mining/secondLook";
import type { SourceSettings } from "../mining/sourceSettings";
import { itemAt } from "../util/itemAt";
import { auditedRows } from "./auditedRows";
import type { AuditedQuery, AuditState } from "./auditedRows";
import { auditedEmission, wholeEmission } from "./emission";
import type { WholeEmission } from "./emission";
import type { AgreedPairs } from "./agreedPairs";
import { priceOf } from "./agreedPairs";
import type { Price } from "./agreedPairs";
import { knobGrid } from "./knobGrid";
import { compareStrictness, KNOBS, knobEdits, withKnobEdits } from "./knobs";
import type { Knob, KnobEdit, KnobValue } from "./knobs";
import { PassingValues } from "./passingValues";
import { SimansFits, withSimans } from "./proposeSimans";
import type { FittedSimans } from "./proposeSimans";
import { fixedSequence, partOfDelta, testSetting } from "./sequenceTest";
import type { TestedSetting } from "./sequenceTest";
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
  /** Share of false negatives and confidence that this knob is tested for: its part of delta. */
  readonly target: AuditTarget;
  /** Strict to loose, up to the first that did not pass. */
  readonly tested: readonly TestedSetting<KnobSetting>[];
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
  readonly trials: readonly KnobTrial[];
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
  const fits = new SimansFits(file.state);
  const passing = new PassingValues(file.state, file.queries.length);
  const present = await wholeEmission(file, file.state, judged.byQuery, (decision, facts, index) => {
    passing.add(decision, facts, index);
    fits.add(decision, facts);
  });
  const audited = auditedRows(file.queries, audit);
  const trials: KnobTrial[] = [];
  const proposals: ThresholdProposal[] = [];
  for (const position of sources.keys()) {
    const ofSource: ThresholdProposal[] = [];
    for (const knob of KNOBS.filter((name) => isTried(file.state, position, name))) {
      const trial = await tryKnob(file, { position, knob, values: passing.of(position, knob), audited }, target);
      trials.push(trial);
      const made = ofSource.length === mostForSource ? undefined : await proposalOf(file, trial, { judged, present });
      if (made !== undefined) ofSource.push(made);
    }
    proposals.push(...ofSource);
  }
  const simans: SimansProposal[] = [];
  for (const fitted of fits.fitted()) simans.push(await pricedSimans(file, fitted, { judged, present }));
  return { proposals, trials, simans, isRescored: false };
}

/** Rules that the source's way of mining asks. Under sentence-transformers' rules there is neither a guard nor a ceiling on the second axis. */
function isTried({ config, falseNegatives }: MiningState, _position: number, knob: Knob): boolean {
  if (knob === "max_fn_probability" && falseNegatives?.kind !== "fitted") return false;
  return config.sampler.compat === null || (knob !== "max_fn_probability" && knob !== "max_positive_similarity");
}

interface KnobTask {
  readonly position: number;
  readonly knob: Knob;
  /** The strictest values that emitted pairs still pass. */
  readonly values: Float64Array;
  readonly audited: readonly AuditedQuery[];
}

async function tryKnob(file: TrialFile, { position, knob, values, audited }: KnobTask, target: AuditTarget): Promise<KnobTrial> {
  const { sources } = file.state;
  const settings = itemAt(sources, position);
  const present = settings[knob];
  const delta = ((1 - target.confidence) * partOfDelta(knob)) / sources.length;
  const ofKnob = { ...target, confidence: 1 - delta };
  const grid = knobGrid(knob, present, values)
    .map((value) => settingOf(file, settings, { position, knob, value }))
    .filter(({ state }) => isSearchedFor(file.state, state));
  const tested = await fixedSequence(grid, ({ state }) => auditedEmission(file, state, position, audited), ofKnob);
  return { position, source: settings.source, knob, present, target: ofKnob, tested };
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
 * The loosest value that passed, where it is another than the present one. The sequence was tested with the most pairs that the source can emit, for
 * which the bound is the looser; here they are counted.
 */
async function proposalOf(file: TrialFile, trial: KnobTrial, { judged, present }: Known): Promise<ThresholdProposal | undefined> {
  const loosest = trial.tested.filter(({ passes }) => passes).at(-1);
  if (loosest === undefined || compareStrictness(trial.knob, loosest.setting.value, trial.present) === 0) return undefined;
  const { setting, count } = loosest;
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

/** Pairs that would have to be audited before a test can pass, those of the strictest values that failed for want of them; each once. */
export function pairsToAudit(trials: readonly KnobTrial[]): readonly AuditPair[] {
  const pairs = new Map<string, AuditPair>();
  for (const { tested } of trials) {
    for (const pair of tested.at(-1)?.count.newcomers ?? []) pairs.set(`${pair.query} ${pair.document}`, pair);
  }
  return [...pairs.values()];
}
