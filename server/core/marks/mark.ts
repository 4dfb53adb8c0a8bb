/** A person's judgement of one candidate. */
export const PAIR_VERDICTS = ["true_negative", "false_negative", "partly_relevant", "duplicate_of_positive", "cant_tell", "later"] as const;
/** A judgement of a listed positive. */
export const POSITIVE_VERDICTS = ["bad_positive"] as const;
/** A judgement of the query itself. */
export const QUERY_VERDICTS = ["bad_query"] as const;

export type PairVerdict = (typeof PAIR_VERDICTS)[number];
export type PositiveVerdict = (typeof POSITIVE_VERDICTS)[number];
export type QueryVerdict = (typeof QUERY_VERDICTS)[number];
export type Verdict = PairVerdict | PositiveVerdict | QueryVerdict;

/** "adhoc": the person came across it. "second": an audited pair that another person judged before. */
export const MARK_LANES = ["harvest", "audit", "second", "conflicts", "disagreements", "adhoc"] as const;
export type MarkLane = (typeof MARK_LANES)[number];

/** Names a text for good: the hash of its normalised form, and the id it had at the time. */
export interface TextIdentity {
  readonly key: string;
  readonly id?: string;
}

/** What the person saw when judging. */
export interface MarkContext {
  /** The lane that the card was taken from; absent for marks made before there were lanes, which are "adhoc". */
  readonly lane?: MarkLane;
  /** The salt of the audit that the card was drawn by. */
  readonly salt?: string;
  /** What the false-negative model said of the pair then. */
  readonly fn_probability?: number;
  readonly source?: string;
  readonly rank?: number;
  readonly score?: number;
  /** Lowest score of the query's positives at the time. */
  readonly positive_score?: number;
  readonly positive_similarity?: number;
  readonly config_hash?: string;
  readonly model?: string;
  /** A hint only: lines move. */
  readonly file?: string;
  readonly line?: number;
  /** Whether score, rank and source were hidden. */
  readonly blind: boolean;
  /** Whether a machine's opinion was visible. */
  readonly suggestion_shown: boolean;
  /** Whether a language model's verdict on it was visible, be it a dry run's that is on no record; absent where there was none. */
  readonly opinion_shown?: boolean;
}

/** One line of a marks file: a verdict. */
export interface VerdictMark extends MarkContext {
  readonly kind: "verdict";
  /** Unique, and ordered by time within one file. */
  readonly mark: string;
  readonly time: string;
  readonly author: string;
  readonly verdict: Verdict;
  readonly query: TextIdentity;
  /** Absent for verdicts on the query. */
  readonly document?: TextIdentity;
  readonly reason?: string;
  readonly note?: string;
  /** "edit": recognised from a change of the file that the person saved. Absent for verdicts that were given as such. */
  readonly origin?: "edit";
  /** Marks of one group were made together and are taken back together: the name of the group's first. */
  readonly group?: string;
  /** Version of the tool that wrote the line. */
  readonly tool: string;
}

/** One line of a marks file: takes back (`undo`) or restores (`redo`) an earlier verdict. */
export interface RevisionMark {
  readonly kind: "undo" | "redo";
  readonly mark: string;
  readonly time: string;
  readonly author: string;
  /** The verdict concerned. */
  readonly of: string;
  readonly tool: string;
}

export type Mark = VerdictMark | RevisionMark;
