// Proposals of thresholds: which value passes, what it costs, and what is said where none does.
import { expect, test } from "vitest";
import { agreedPairs } from "#core/calibration/agreedPairs";
import type { AuditState } from "#core/calibration/auditedRows";
import { proposalText, simansText, whyText } from "#core/calibration/proposalWords";
import { pairsToAudit } from "#core/calibration/nearestTrial";
import { proposeThresholds } from "#core/calibration/proposeThresholds";
import type { ThresholdTrials } from "#core/calibration/proposeThresholds";
import { eachDecision } from "#core/calibration/trialFile";
import { foldMarks } from "#core/marks/foldMarks";
import type { VerdictMark } from "#core/marks/mark";
import { seededRandom } from "#core/util/random";
import { verdict } from "../mining/miningFixture";
import { auditOf, auditUpTo, learntModel, trialOf } from "./trialFixture";
import type { CandidateSpec, Trial } from "./trialFixture";

const target = { maxFalseNegatives: 0.05, confidence: 0.95 };

/** Queries with ten candidates each; those more similar to the positive than 0.8 are relevant after all. */
function separable(queries: number): readonly (readonly CandidateSpec[])[] {
  const random = seededRandom("separable");
  return Array.from({ length: queries }, () =>
    Array.from({ length: 10 }, (_, place) => {
      const similarity = Math.round(random() * 100) / 100;
      return { score: 0.8 - place * 0.02, similarity, isFalse: similarity > 0.8 };
    }),
  );
}

async function proposed(trial: Trial, audit: AuditState, marks: Parameters<typeof foldMarks>[0] = []): Promise<ThresholdTrials> {
  return await proposeThresholds(trial.file, audit, agreedPairs(foldMarks(marks)), target);
}

test("a ceiling that separates is proposed at its loosest value that passes, with its price", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4 });
  const trials = await proposed(trial, auditUpTo(0.6, trial));
  expect(trials.proposals.map(({ trial: { knob }, value }) => [knob, value])).toMatchInlineSnapshot(`
    [
      [
        "max_positive_similarity",
        0.78,
      ],
    ]
  `);
  const [first] = trials.proposals;
  expect(first && proposalText(first, target)).toMatchInlineSnapshot(
    `"max_positive_similarity of top from off to 0.78, which tightens it. Of 348 audited pairs none is false: at most 1.5 % of what it emits, at 95 % confidence. No marked pair is emitted now or then. Over the whole file the mean score goes from 0.770 to 0.758 and the yield from 100.0 % to 100.0 %."`,
  );
  expect(whyText(trials, target)).toMatchInlineSnapshot(
    `"The guard max_fn_probability is not tested yet: its model has to be learnt from at least 30 marks that this audit did not choose, false negatives among them. Mark in the harvest lane."`,
  );
});

test("pairs that nobody has been asked about count as false and are named", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4 });
  const all = auditUpTo(0.6, trial);
  const emitted = trial.file.queries.flatMap(({ identity, groups }) =>
    [...groups.slice(0, 4)].map((group) => `${identity.query.key} ${trial.collection.groupKeys[group]!}`),
  );
  const trials = await proposed(trial, auditOf(new Set(emitted), all.cutOff, trial));
  expect(trials.proposals).toEqual([]);
  expect(whyText(trials, target)).toMatchInlineSnapshot(
    `"The present settings of top are not shown to stay below 5 %: of 343 audited pairs 60 are false, at most 23.2 %. More than that is false by what was seen, so that marking on will not help: tighten. Nearest is max_positive_similarity 0.48: of 168 audited pairs none is false, and 152 pairs nobody was asked about, which count as false. The audit lane asks for these first. The guard max_fn_probability is not tested yet: its model has to be learnt from at least 30 marks that this audit did not choose, false negatives among them. Mark in the harvest lane."`,
  );
  const asked = pairsToAudit(trials);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.every(({ query, document }) => !emitted.includes(`${query} ${document}`))).toBe(true);
});

/** Marks on what is emitted now, told by the truth. */
function harvested(trial: Trial, emitted: number): readonly VerdictMark[] {
  return trial.file.queries.flatMap(({ identity, groups }) =>
    [...groups.slice(0, emitted)].map((group) => {
      const isFalse = trial.truth.get(`${identity.query.key} ${trial.collection.groupKeys[group]!}`) === true;
      const text = trial.collection.documents[trial.collection.groups[group]![0]!]!.text;
      return verdict(identity.query.text, text, isFalse ? "false_negative" : "true_negative", { lane: "harvest" });
    }),
  );
}

test("without audited pairs nothing is proposed, whatever the harvest lane has found", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4 }, learntModel());
  const trials = await proposed(trial, { salt: "salt", cutOff: 0, verdictOf: () => undefined }, harvested(trial, 4));
  expect(trials.proposals).toEqual([]);
  expect(trials.simans).toEqual([]);
  expect(whyText(trials, target)).toMatchInlineSnapshot(
    `"The present settings of top are not shown to stay below 5 %: no pair of them is audited. It takes about 95 more clean marks in the audit lane."`,
  );
});

test("the price counts marked pairs that are emitted now: false ones kept out, true ones lost, and what comes in their place", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4 });
  const trials = await proposed(trial, auditUpTo(0.6, trial), harvested(trial, 5));
  expect(trials.proposals[0]?.price).toMatchInlineSnapshot(`
    {
      "falseNegatives": 105,
      "falseNegativesAdmitted": 0,
      "falseNegativesAvoided": 105,
      "trueNegatives": 495,
      "trueNegativesGained": 65,
      "trueNegativesLost": 9,
    }
  `);
});

test("the guard is tested where its model has learnt from marks, and comes first", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4 }, learntModel());
  const trials = await proposed(trial, auditUpTo(0.8, trial), harvested(trial, 5));
  expect(trials.proposals.map((made) => proposalText(made, target))).toMatchInlineSnapshot(`
    [
      "max_fn_probability of top from off to 0.41, which tightens it. Of 475 audited pairs none is false: at most 0.7 % of what it emits, at 95 % confidence. Of the marked pairs that are emitted now it keeps out 105 of 105 false negatives and 9 of 495 true negatives; it lets in 0 marked false and 65 marked true negatives. Over the whole file the mean score goes from 0.770 to 0.758 and the yield from 100.0 % to 100.0 %.",
      "max_positive_similarity of top from off to 0.78, which tightens it. Of 475 audited pairs none is false: at most 0.9 % of what it emits, at 95 % confidence. Of the marked pairs that are emitted now it keeps out 105 of 105 false negatives and 9 of 495 true negatives; it lets in 0 marked false and 65 marked true negatives. Over the whole file the mean score goes from 0.770 to 0.758 and the yield from 100.0 % to 100.0 %.",
    ]
  `);
  const prior = trialOf(separable(150), { num_negatives: 4 }, { ...learntModel(), kind: "prior" });
  const untold = await proposed(prior, auditUpTo(0.8, prior));
  expect(untold.trials.flatMap(({ knobs }) => knobs.map(({ knob }) => knob))).not.toContain("max_fn_probability");
});

test("a guard at its loosest value that passes: what it emits is below the target in truth", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4 }, learntModel());
  const [guard] = (await proposed(trial, auditUpTo(0.8, trial))).proposals;
  let [emitted, falseOnes] = [0, 0];
  await eachDecision(trial.file, guard!.test.setting.state, trial.file.queries, ({ kept }, { identity, groups }) => {
    for (const row of kept) {
      emitted += 1;
      falseOnes += Number(trial.truth.get(`${identity.query.key} ${trial.collection.groupKeys[groups[row]!]!}`));
    }
  });
  expect(falseOnes / emitted).toBeLessThanOrEqual(target.maxFalseNegatives);
});

test("SimANS' parameters are fitted to useful gradients, and say that they promise nothing", async () => {
  const mix = [{ source: "simans", n: 4 }] as const;
  const trial = trialOf(separable(100), { mix: [...mix] }, learntModel());
  const { simans } = await proposed(trial, auditUpTo(0.2, trial));
  expect(simans.map(({ edits }) => edits)).toMatchInlineSnapshot(`
    [
      [
        {
          "path": [
            "sampler",
            "mix",
            0,
            "simans",
            "a",
          ],
          "value": 1.29,
        },
        {
          "path": [
            "sampler",
            "mix",
            0,
            "simans",
            "b",
          ],
          "value": -2.08,
        },
      ],
    ]
  `);
  expect(simans.map(simansText)).toMatchInlineSnapshot(`
    [
      "a and b of simans from a 1, b 0 to a 1.29, b -2.08: the band has the mean and the spread of the candidates that would teach most. Over the whole file the mean score goes from 0.768 to 0.749 and the yield from 100.0 % to 100.0 %. No marked pair is emitted now or then. a and b move how hard the negatives are. They do not keep false negatives out where a score hardly tells them apart, and no test stands behind them: that is what the guard max_fn_probability is for, which is off here.",
    ]
  `);
});

test("where the present settings pass, it says so and how far one can loosen", async () => {
  const trial = trialOf(separable(150), { num_negatives: 4, max_positive_similarity: 0.6 });
  const trials = await proposed(trial, auditUpTo(0.8, trial));
  expect(trials.proposals.map(({ trial: { knob, present }, value }) => [knob, present, value])).toMatchInlineSnapshot(`
    [
      [
        "max_positive_similarity",
        0.6,
        0.8,
      ],
    ]
  `);
  expect(whyText(trials, target)).toMatchInlineSnapshot(
    `"The present settings of top pass: of 464 audited pairs none is false, at most 0.7 %."`,
  );
});

test("each source of a mix has its own values, and an equal part of delta", async () => {
  const mix = [
    { source: "top", n: 2 },
    { source: "window", n: 2, max_positive_similarity: 0.5 },
  ] as const;
  const trial = trialOf(separable(200), { mix: [...mix] });
  const trials = await proposed(trial, auditUpTo(0.9, trial));
  expect(trials.proposals.map(({ edits }) => edits)).toMatchInlineSnapshot(`
    [
      [
        {
          "path": [
            "sampler",
            "mix",
            0,
            "max_positive_similarity",
          ],
          "value": 0.78,
        },
      ],
      [
        {
          "path": [
            "sampler",
            "mix",
            1,
            "max_positive_similarity",
          ],
          "value": 0.75,
        },
      ],
    ]
  `);
  const parts = trials.trials.flatMap(({ source, target: whole, knobs }) => [
    `${source} ${whole.confidence.toFixed(5)}`,
    ...knobs.map((made) => `${source} ${made.knob} ${made.target.confidence.toFixed(5)}`),
  ]);
  expect(parts).toMatchInlineSnapshot(`
    [
      "top 0.98750",
      "top max_positive_similarity 0.99687",
      "top relative_margin 0.99844",
      "top absolute_margin 0.99922",
      "top max_score 0.99961",
      "top range_min 0.99961",
      "window 0.98750",
      "window max_positive_similarity 0.98750",
    ]
  `);
});

test("the same file, marks and configuration give the same proposals", async () => {
  const trial = trialOf(separable(60), { num_negatives: 4, relative_margin: 0.05 });
  const again = trialOf(separable(60), { num_negatives: 4, relative_margin: 0.05 });
  const [one, other] = [await proposed(trial, auditUpTo(0.9, trial)), await proposed(again, auditUpTo(0.9, again))];
  const plain = ({ proposals }: ThresholdTrials): unknown =>
    proposals.map((made) => [proposalText(made, target), made.edits, made.test.atMost]);
  expect(plain(one)).toEqual(plain(other));
});

test("with a rescorer no setting can be tried on the known candidates", async () => {
  const rescore = {
    kind: "maxsim",
    model: "",
    precision: "fp32",
    top_n: 30,
    absolute_margin: null,
    relative_margin: null,
    max_score: null,
    min_score: null,
  } as const;
  const trial = trialOf(separable(5), { num_negatives: 4, rescore });
  expect(whyText(await proposed(trial, auditUpTo(0.9, trial)), target)).toMatchInlineSnapshot(
    `"With a rescorer each threshold has other candidates scored anew, so that settings cannot be tried on the known ones. Audit what is emitted, or tighten a threshold by hand."`,
  );
});
