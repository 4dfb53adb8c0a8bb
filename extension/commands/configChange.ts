import { Uri, window } from "vscode";
import type { QuickPickItem } from "vscode";
import { proposeSampler } from "#protocol/sampler";
import type { ProposalAnswer, SamplerProposal } from "#protocol/sampler";
import { valueOrShow } from "../showFailure";
import type { Command } from "./services";
import { targetOf } from "./target";

/** Shows a change of the config that the marks speak for; the person chooses where there are several. Without one it says why. */
export const reviewConfigChange: Command = async (services, argument) => {
  const target = await targetOf(services, argument);
  if (target === undefined) return;
  const dataset = target.dataset.toString();
  const answer = valueOrShow(await services.client.request(proposeSampler, { dataset, fresh: true }));
  if (answer === undefined) return;
  const [first, ...others] = answer.proposals;
  if (first === undefined) {
    void window.showInformationMessage(whyNone(answer));
    return;
  }
  const chosen = others.length === 0 ? first : await choose(answer.proposals);
  if (chosen !== undefined) await services.configReview.review({ dataset, edits: chosen.edits });
};

interface ProposalItem extends QuickPickItem {
  readonly proposal: SamplerProposal;
}

async function choose(proposals: readonly SamplerProposal[]): Promise<SamplerProposal | undefined> {
  const items = proposals.map((proposal): ProposalItem => ({
    label: `${proposal.parameter}: ${proposal.from} → ${proposal.to}`,
    description: proposal.source,
    detail: proposal.text,
    proposal,
  }));
  const picked = await window.showQuickPick(items, { title: "Changes that your marks suggest", placeHolder: "Choose one to see its diff" });
  return picked?.proposal;
}

function whyNone({ mining, why }: ProposalAnswer): string {
  if (mining !== undefined) {
    return `The candidates of the whole file are being searched: ${String(mining.done)} of ${String(mining.total)} queries. Ask again when that is done.`;
  }
  return why ?? "The marks suggest no change.";
}

export const acceptConfigChange: Command = async ({ configReview }, argument) => {
  await configReview.accept(argument instanceof Uri ? argument : undefined);
};

export const discardConfigChange: Command = async ({ configReview }, argument) => {
  await configReview.discard(argument instanceof Uri ? argument : undefined);
};
