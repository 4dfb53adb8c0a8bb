/** The part of the configuration that says how people's marks are gathered, and what has to be shown of what is left. */
import * as v from "valibot";
import { count, flag, group, number, share } from "./schemaParts";

/** Between 0 and 1, both left out. */
const strictShare = v.pipe(number, v.gtValue(0, "must be above 0"), v.ltValue(1, "must be below 1"));

export const curationSchema = v.strictObject(
  {
    max_false_negatives: v.optional(
      v.pipe(
        strictShare,
        v.description(
          "Largest share of false negatives among the emitted negatives that is accepted: what proposals and certificates aim at.",
        ),
      ),
      0.05,
    ),
    confidence: v.optional(
      v.pipe(strictShare, v.description("Probability with which a statement of a proposal or a certificate has to hold.")),
      0.95,
    ),
    harvest: v.optional(
      v.pipe(count(0), v.description("Cards in a row from the harvest lane: the pairs whose false negatives would do the most harm.")),
      40,
    ),
    audit: v.optional(
      v.pipe(count(0), v.description("Cards in a row from the audit lane, which are drawn at random; then the harvest lane again.")),
      20,
    ),
    blind_audit: v.optional(
      v.pipe(flag, v.description("Hide score, rank, source, suspicion and others' marks on the cards of the audit lane.")),
      true,
    ),
    double_mark_share: v.optional(
      v.pipe(share, v.description("Share of the audited pairs that are offered to a second person, to see how far persons agree.")),
      0.1,
    ),
    show_opinions: v.optional(
      v.pipe(
        v.picklist(["after_verdict", "always"], 'must be "after_verdict" or "always"'),
        v.description(
          "When a language model's verdict is shown: after the person's own, or always. Each mark records whether it was on show.",
        ),
      ),
      "after_verdict",
    ),
    harvest_order: v.optional(
      v.pipe(
        v.picklist(["harm", "opinions"], 'must be "harm" or "opinions"'),
        v.description("Order of the harvest lane: by expected harm, or with the pairs first that a language model calls relevant."),
      ),
      "harm",
    ),
    edits_are_marks: v.optional(
      v.pipe(
        flag,
        v.description(
          "Record a mark where a person moves a passage between pos and neg, deletes a negative or swaps a positive by hand, and saves.",
        ),
      ),
      true,
    ),
  },
  group,
);

export type CurationConfig = v.InferOutput<typeof curationSchema>;
