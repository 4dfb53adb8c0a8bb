import type { MinedQuery } from "../mining/miningState";
import type { GradientClass } from "./gradientClass";
import type { GradientSettings } from "./gradientSettings";
import { kindAt, rowGradients } from "./rowGradients";
import type { RowGradients } from "./rowGradients";

/** What one candidate does to the gradient: a row of `RowGradients`. */
export interface CandidateGradient {
  readonly weight: number;
  readonly share: number;
  readonly norm: number;
  readonly push: number;
  readonly kind: GradientClass;
}

/** The emitted negatives of one query together. */
export interface QueryGradients {
  readonly temperature: number;
  /** 1 / sum w^2; 0 where no negative is emitted. */
  readonly effectiveNegatives: number;
  readonly easy: number;
  readonly useful: number;
  readonly dominant: number;
}

/** Gradients of one query, for whoever shows its candidates one by one. */
export interface CandidateGradients {
  /** By the candidate's document; undefined where nothing is known of it. */
  readonly of: (document: number) => CandidateGradient | undefined;
  /** Undefined where nothing is known of the query. */
  readonly query: QueryGradients | undefined;
}

export function candidateGradients(mined: MinedQuery, settings: GradientSettings): CandidateGradients {
  const rows = rowGradients(mined, settings);
  if (rows === undefined) return { of: () => undefined, query: undefined };
  const rowOf = new Map(Array.from(mined.pool.documents, (document, row) => [document, row]));
  return {
    of: (document) => gradientAt(rows, rowOf.get(document) ?? -1),
    query: {
      temperature: settings.temperature,
      effectiveNegatives: rows.effectiveNegatives,
      ...countClasses(mined.decision.kept, rows),
    },
  };
}

/** How many of these rows are of each class. */
export function countClasses(of: readonly number[], rows: RowGradients): Record<GradientClass, number> {
  const counts = { easy: 0, useful: 0, dominant: 0 };
  for (const row of of) {
    const kind = kindAt(rows, row);
    if (kind !== undefined) counts[kind] += 1;
  }
  return counts;
}

function gradientAt(rows: RowGradients, row: number): CandidateGradient | undefined {
  const kind = kindAt(rows, row);
  if (kind === undefined) return undefined;
  const { weights, shares, norms, pushes } = rows;
  return { weight: weights[row] ?? 0, share: shares[row] ?? 0, norm: norms[row] ?? 0, push: pushes[row] ?? 0, kind };
}
