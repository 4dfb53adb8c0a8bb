import type { Collection, Query } from "../../collection/collection";
import type { QueryVerdicts } from "../../marks/verdictsForQuery";
import type { DropRule } from "../candidate";
import { marked } from "./marked";
import { ownPositive } from "./ownPositive";
import { queryText } from "./queryText";

/** What rules look at that ask who a candidate is, for one query. */
export interface IdentityContext {
  readonly collection: Collection;
  readonly query: Query;
  readonly verdicts: QueryVerdicts;
  /** sentence-transformers' comparison of texts: exactly, and without a look at the query's own. */
  readonly exactTexts: boolean;
  /** The positives in force, and those of queries with the same text. */
  readonly positives: readonly number[];
  /** Documents that may not be negatives because they, their text or their id is a positive's, by group and by id. */
  readonly positiveGroups: ReadonlyMap<number, number>;
  readonly positiveIds: ReadonlySet<string>;
  readonly exactPositives: ReadonlySet<string>;
  /** Groups of the positives in force. */
  readonly positiveTexts: readonly number[];
}

/** The reason in words why a document may not be a negative of the query, undefined if it may. */
export type IdentityTest = (document: number, group: number, context: IdentityContext) => string | undefined;

export interface IdentityRule {
  readonly rule: DropRule;
  readonly reason: IdentityTest;
}

/** What no setting and no mark can overrule. */
export const identityRules: readonly IdentityRule[] = [
  { rule: "own_positive", reason: ownPositive },
  { rule: "query_text", reason: queryText },
  { rule: "marked", reason: marked },
];
