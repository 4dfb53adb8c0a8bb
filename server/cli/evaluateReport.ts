import type { AdapterCard } from "#core/adapter/adapterCard";
import { signed } from "#core/evaluation/comparison";
import type { Comparison } from "#core/evaluation/comparison";
import { resamplesFor } from "#core/evaluation/pairedBootstrap";
import { aligned } from "./miningTables";
import { counted, printable } from "./words";

/** What an evaluation came to. */
export interface Evaluation {
  readonly tool: string;
  /** Name of the file or folder. */
  readonly dataset: string;
  readonly model: string;
  readonly queries: number;
  readonly documents: number;
  /** Of the bootstrap. */
  readonly seed: number;
  readonly isHeldOut: boolean;
  /** What a reader of the figures must know, one sentence each. */
  readonly notes: readonly string[];
  /** Means over the queries, of the encoder alone. */
  readonly frozen: readonly { readonly name: string; readonly value: number }[];
  readonly adapter?: { readonly name: string; readonly card: AdapterCard };
  /** Where there is an adapter. */
  readonly comparison?: Comparison;
}

/** A table for a terminal: the measures, with an adapter both models and the interval of their difference, what follows, and the notes. */
export function evaluationTable({ queries, documents, model, isHeldOut, notes, frozen, adapter, comparison }: Evaluation): string {
  const counts = `${counted(queries, isHeldOut ? "held-out query" : "query", isHeldOut ? "held-out queries" : "queries")} over ${counted(documents, "document", "documents")}, ${model}`;
  if (adapter === undefined || comparison === undefined) {
    const rows = aligned([["Measure", "Frozen"], ...frozen.map(({ name, value }) => [name, value.toFixed(4)])]);
    return text([counts, ...rows, ...notes]);
  }
  return text([`${counts}, adapter ${adapter.name}`, ...comparisonTable(comparison), ...notes]);
}

/** The measures of both models with the interval of their difference, and what follows. */
export function comparisonTable({ metrics, sentence }: Comparison): readonly string[] {
  const rows = metrics.map(({ name, frozen, adapted, difference, low, high }) => [
    name,
    frozen.toFixed(4),
    adapted.toFixed(4),
    signed(difference),
    `${signed(low)} to ${signed(high)}`,
  ]);
  return [...aligned([["Measure", "Frozen", "Adapted", "Difference", "95 % interval"], ...rows]), sentence];
}

/** The same and more for programs, with every digit. */
export function evaluationJson({ frozen, adapter, comparison, ...rest }: Evaluation): string {
  const { tool, dataset, model, queries, documents, isHeldOut, notes, seed } = rest;
  const common = { tool, dataset, queries, documents, held_out: isHeldOut, model };
  const value =
    adapter === undefined || comparison === undefined
      ? { ...common, adapter: null, measures: frozen.map(({ name, value: mean }) => ({ name, frozen: mean })), notes }
      : {
          ...common,
          adapter: { name: adapter.name, sides: adapter.card.sides, rank: adapter.card.rank, trained_on: adapter.card.data.name },
          measures: comparison.metrics,
          sentence: comparison.sentence,
          is_gain: comparison.isGain,
          interval: { level: 0.95, resamples: resamplesFor(queries), seed },
          notes,
        };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join("");
}
