import type { Failure } from "#protocol/outcome";
import type { SamplerProposal } from "#protocol/sampler";
import { proposalStrings } from "../proposalStrings";
import { strings } from "../strings";
import type { Review } from "./review.svelte";

/**
 * Shows the diff of a proposed change. It may have been tested some marks ago, so that it is tested with the newest ones first; one that does
 * not pass any more is not shown, and that is said.
 */
export async function showProposal(review: Review, proposal: SamplerProposal): Promise<void> {
  const { proposal: store, dataset } = review;
  const failed = (failure: Failure): void => {
    review.report(strings.actionFailed, failure, () => void showProposal(review, proposal));
  };
  review.say(proposalStrings.saidTesting);
  const present = await store.renewed(proposal, dataset);
  if (store.failure !== undefined) {
    review.say("");
    failed(store.failure);
    return;
  }
  if (present === undefined) {
    review.say(store.mining === undefined ? proposalStrings.saidWithdrawn : proposalStrings.searching);
    return;
  }
  review.say(proposalStrings.saidShown);
  if (await store.show(present, dataset, failed)) review.say(strings.saidConfigSaved);
}
