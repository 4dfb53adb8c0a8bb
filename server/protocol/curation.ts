import type { Outcome } from "./outcome";
import type { DatasetParams, DatasetUri, PassageView } from "./review";
import { notification, request } from "./rpc";

/**
 * Where a card comes from: "harvest", the pairs whose false negatives would do the most harm; "audit", pairs drawn at random, which alone say how
 * many false negatives are left; "second", pairs of the audit that another person has judged; "conflicts", pairs that persons judge differently;
 * "disagreements", pairs that the person and a language model judge differently.
 */
export type Lane = "harvest" | "audit" | "second" | "conflicts" | "disagreements";

export interface NextCardParams extends DatasetParams {
  /** Without it the rhythm decides: so many of the harvest, so many of the audit, and again. */
  readonly lane?: Lane;
  /** Pairs that the person put off, by the keys of query and document: they come last. */
  readonly passedOver?: readonly { readonly query: string; readonly document: string }[];
}

/** The one pair to judge next. */
export interface LaneCard {
  readonly lane: Lane;
  /** Position of the query, and the keys of query and passage. */
  readonly index: number;
  readonly query: string;
  readonly document: string;
  /** Why this card now, as one sentence that gives nothing away where the card is blind. */
  readonly why: string;
  /** Whether score, rank, source and others' marks are to be hidden. */
  readonly blind: boolean;
  /** Place in the present stretch of the rhythm, from 1, and its length. */
  readonly place: number;
  readonly of: number;
  /** Pairs left in the lane, this one among them. */
  readonly left: number;
  /** The salt of the audit, for its cards. */
  readonly salt?: string;
  /** The passage itself: a pair of the audit is judged also where the sampler does not find it any more. */
  readonly passage?: PassageView;
}

export type NextCardAnswer =
  | { readonly kind: "card"; readonly card: LaneCard }
  /** The lane is empty; says why and what to do. */
  | { readonly kind: "done"; readonly lane: Lane; readonly text: string }
  /** Candidates of the whole file are being searched for; ask again when `curationDidChange` or `samplerDidAdvance` says so. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };

/** Which pair to judge next. The audit lane begins an audit where there is none. */
export const nextCard = request<NextCardParams, Outcome<NextCardAnswer>>("nearmiss/nextCard");

/** A share of false negatives that is not exceeded, as far as an audit tells. */
export interface BoundView {
  /** Pairs it is about, those marked in the audit's order, and the false ones among them. */
  readonly pairs: number;
  readonly marked: number;
  readonly falseNegatives: number;
  /** Upper bound of the share of false negatives left once the found ones are out, in [0, 1]. */
  readonly atMost: number;
  /** About how many more marks without a false negative until the target; 0 where it is reached, absent where it cannot be. */
  readonly moreCleanMarks?: number;
  /** The whole as a sentence: "n marked, k false, at most x %, about m more clean marks to y %". */
  readonly text: string;
}

export interface SourceBoundView extends BoundView {
  readonly source: string;
}

export interface AgreementView {
  /** Pairs that two persons judged. */
  readonly pairs: number;
  /** Share of them judged alike, and Cohen's kappa; kappa is absent where it is not defined. */
  readonly agreement: number;
  readonly kappa?: number;
  /** What that means, and what it does to the share of false negatives, as sentences. */
  readonly text: string;
}

export interface AuditView {
  readonly name: string;
  readonly begun: string;
  readonly total: BoundView;
  readonly sources: readonly SourceBoundView[];
  /** What of the emission has changed since the audit began, beyond the removal of what was found. Absent where nothing has. */
  readonly changed?: { readonly added: number; readonly gone: number; readonly text: string };
  readonly agreement?: AgreementView;
}

export interface FalseNegativeModelView {
  readonly kind: "prior" | "fitted";
  readonly pairs: number;
  readonly falseNegatives: number;
  readonly calibration: "none" | "platt" | "isotonic";
  /** Largest effect first; a step of one standard deviation multiplies the odds by exp(effect). */
  readonly effects: readonly { readonly feature: string; readonly label: string; readonly effect: number }[];
  readonly reliability: readonly {
    readonly from: number;
    readonly to: number;
    readonly pairs: number;
    readonly predicted: number;
    readonly observed: number;
  }[];
  /** How far it can be trusted, as a sentence. */
  readonly text: string;
}

export interface OpinionsView {
  /** Queries and pairs with an opinion, and the pairs among them that are called relevant, in part or a duplicate. */
  readonly queries: number;
  readonly pairs: number;
  readonly flagged: number;
  /** With the verdicts of persons who had not seen the opinion before their own; absent where there are none. */
  readonly agreement?: AgreementView;
}

export interface CurationState {
  readonly revision: number;
  /** Target share of false negatives and confidence, both in (0, 1). */
  readonly maxFalseNegatives: number;
  readonly confidence: number;
  /** Cards of each lane in one turn of the rhythm. */
  readonly rhythm: { readonly harvest: number; readonly audit: number };
  /** Absent while vectors are being made. */
  readonly model?: FalseNegativeModelView;
  readonly audit?: AuditView;
  /** What language models said, and how far persons agree with them; absent where none was asked. */
  readonly opinions?: OpinionsView;
  /** What is wrong with files of audits that cannot be read, as sentences. Absent where nothing is. */
  readonly problems?: readonly string[];
  /** Cards left in each lane; absent where that is not known yet. */
  readonly left: Readonly<Partial<Record<Lane, number>>>;
}

export interface CurationStateParams extends DatasetParams {
  /** Only what is known already: nothing is searched for, and nobody asks to be told of changes. For a panel that shows a counter and no more. */
  readonly quiet?: boolean;
}

/** Where curation stands: lanes, audit, model. */
export const curationState = request<CurationStateParams, Outcome<CurationState>>("nearmiss/curationState");

/** Begins a new audit of what is emitted now, with a fresh salt. Marks of earlier audits count on as marks. */
export const beginAudit = request<DatasetParams, Outcome<CurationState>>("nearmiss/beginAudit");

/** Server to panel: a lane, the audit or the model may have changed. */
export const curationDidChange = notification<{ readonly dataset: DatasetUri }>("nearmiss/curationDidChange");
