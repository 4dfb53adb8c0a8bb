import type { SamplerProposal } from "#protocol/sampler";
import { count, counted, measure } from "./format";
import { sourceLabel } from "./strings";

/** A bound in per cent is never rounded down. */
function atMost(share: number): string {
  return `${String(Math.ceil(share * 1000 - 1e-9) / 10)} %`;
}

function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(1)))} %`;
}

/** SimANS' two parameters go by its name. */
function knobName({ kind, parameter }: SamplerProposal): string {
  return kind === "simans" ? "SimANS draw" : parameter;
}

function price({ falseNegativesAvoided, falseNegatives, trueNegativesLost, trueNegatives }: SamplerProposal): string {
  if (falseNegatives + trueNegatives === 0) return "no marked pair is emitted now";
  return `keeps out ${count(falseNegativesAvoided)} of ${counted(falseNegatives, "false negative", "false negatives")}, loses ${count(trueNegativesLost)} of ${counted(trueNegatives, "true negative", "true negatives")}`;
}

function testLine({ pairs, falseNegatives, unasked, atMost: bound, target, confidence }: NonNullable<SamplerProposal["test"]>): string {
  const found = falseNegatives === 0 ? "none false" : `${count(falseNegatives)} false`;
  const open = unasked === 0 ? "" : `, ${count(unasked)} not asked about and counted as false`;
  return `${counted(pairs, "audited pair", "audited pairs")}, ${found}${open}: at most ${atMost(bound)} (target ${percent(target)}, ${percent(confidence)} sure)`;
}

/** The words of proposals, above the candidates and in the sampler view. */
export const proposalStrings = {
  region: "Sampler proposal",
  offered: (proposal: SamplerProposal) =>
    `${knobName(proposal)} of ${sourceLabel(proposal.source)} from ${proposal.from} to ${proposal.to}.`,
  offerTest: (test: NonNullable<SamplerProposal["test"]>) => `${testLine(test)}.`,
  offerPrice: (proposal: SamplerProposal) => `Of the marked pairs it ${price(proposal)}.`,
  title: "Your marks suggest a change",
  showChange: "Show the change",
  showChangeOf: (proposal: SamplerProposal) => `Show the change of ${knobName(proposal)}, ${sourceLabel(proposal.source)}`,
  all: (n: number) => `All ${count(n)} proposals`,
  notNow: "Not now",
  saidTesting: "Testing it with your newest marks",
  saidShown: "Diff open: accept or discard it there",
  saidWithdrawn: "Withdrawn: your newest marks are against it",

  list: "Proposals from your marks",
  none: "None",
  searching: "Searching the candidates of the whole file; the tests follow.",
  searchingLabel: "Queries searched",
  name: knobName,
  change: ({ from, to }: SamplerProposal) => `from ${from} to ${to}`,
  test: "Test",
  testLine,
  noTest: "none: it moves how hard the negatives are. The guard max_fn_probability is what keeps false negatives out.",
  price: "Marked pairs",
  priceLine: price,
  file: "Whole file",
  fileLine: ({ hardness, yield: made }: SamplerProposal) =>
    [
      ...(hardness === undefined ? [] : [`mean score ${measure(hardness.before)} to ${measure(hardness.after)}`]),
      `yield ${percent(made.before)} to ${percent(made.after)}`,
    ].join(", "),
  inWords: "In words",
} as const;
