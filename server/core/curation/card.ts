import type { AuditPair } from "../audit/auditPair";
import type { MarkLane } from "../marks/mark";

/** The lanes that cards come from. */
export type Lane = Exclude<MarkLane, "adhoc">;

/** A pair by the text keys of its query and passage. */
export type PairKeys = Pick<AuditPair, "query" | "document">;

/** What a lane gives: the pair to judge next, and how many there are with it. */
export interface LaneAnswer {
  readonly next?: PairKeys;
  readonly left: number;
  /** Why this pair now; or, where there is none, why the lane is empty and what to do. */
  readonly text: string;
}

/** The one pair to judge next. */
export interface Card extends PairKeys {
  readonly lane: Lane;
  /** Position of the query in the collection. */
  readonly index: number;
  /** One sentence that gives nothing away where the card is blind. */
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
}

export type CardAnswer =
  | { readonly kind: "card"; readonly card: Card }
  | { readonly kind: "done"; readonly lane: Lane; readonly text: string }
  /** Candidates of the whole file are being searched for. */
  | { readonly kind: "mining"; readonly done: number; readonly total: number };
