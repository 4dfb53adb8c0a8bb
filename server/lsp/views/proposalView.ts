import type { AuditTarget } from "#core/audit/auditBound";
import { proposalText, simansText, simansWords, valueWords } from "#core/calibration/proposalWords";
import type { SimansProposal, ThresholdProposal } from "#core/calibration/proposeThresholds";
import type { Proposals } from "#core/curation/proposals";
import type { ProposalAnswer, SamplerProposal } from "#protocol/sampler";

/** Proposals as the panel shows them. */
export function proposalView({ proposals, simans, target, why }: Proposals): ProposalAnswer {
  return {
    proposals: [...proposals.map((made) => thresholdView(made, target)), ...simans.map(simansView)],
    ...(why === "" ? {} : { why }),
  };
}

function thresholdView(proposal: ThresholdProposal, target: AuditTarget): SamplerProposal {
  const { trial, value, edits, test } = proposal;
  const unasked = test.count.newcomers.length;
  return {
    kind: "threshold",
    source: trial.source,
    position: trial.position,
    edits,
    parameter: trial.knob,
    from: valueWords(trial.present),
    to: valueWords(value),
    test: {
      pairs: test.count.marked - unasked,
      falseNegatives: test.count.falseNegatives - unasked,
      unasked,
      atMost: test.atMost,
      target: target.maxFalseNegatives,
      confidence: target.confidence,
    },
    ...priceView(proposal),
    text: proposalText(proposal, target),
  };
}

function simansView(proposal: SimansProposal): SamplerProposal {
  const { source, position, edits, from, to } = proposal;
  return {
    kind: "simans",
    source,
    position,
    edits,
    parameter: "simans",
    from: simansWords(from),
    to: simansWords(to),
    ...priceView(proposal),
    text: simansText(proposal),
  };
}

type PriceView = Pick<
  SamplerProposal,
  "falseNegativesAvoided" | "falseNegatives" | "trueNegativesLost" | "trueNegatives" | "hardness" | "yield"
>;

function priceView({ price, before, after }: Pick<ThresholdProposal, "price" | "before" | "after">): PriceView {
  const { falseNegativesAvoided, falseNegatives, trueNegativesLost, trueNegatives } = price;
  const isKnown = !Number.isNaN(before.hardness) && !Number.isNaN(after.hardness);
  return {
    falseNegativesAvoided,
    falseNegatives,
    trueNegativesLost,
    trueNegatives,
    ...(isKnown ? { hardness: { before: before.hardness, after: after.hardness } } : {}),
    yield: { before: before.yield, after: after.yield },
  };
}
