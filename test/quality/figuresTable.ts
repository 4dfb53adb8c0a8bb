import type { Trial } from "./experiment";
import { markdownTable } from "../judged/markdownTable";
import { methods, TOP } from "./methods";
import type { Method } from "./methods";
import { meanDifference, meanOf, pairedDifference } from "../judged/pairedDifference";
import type { Difference, PairedDifference } from "../judged/pairedDifference";

/** What was measured in one split, by name of the method. */
export type SplitFigures = Readonly<Record<string, Trial>>;

/** What was measured on one collection. */
export interface CollectionFigures {
  readonly name: string;
  readonly documents: number;
  readonly trainingQueries: number;
  readonly testQueries: number;
  readonly splits: readonly SplitFigures[];
  readonly seconds: number;
  /** The machine and how busy it was, in a sentence. */
  readonly machine: string;
}

const COLUMNS = ["negatives", "FN %", "hardness", "yield", "nDCG@10", "less frozen", "wins", "less top", "wins", "epoch"];

/** The figures of a collection as Markdown. */
export function collectionTable({ splits, ...collection }: CollectionFigures): readonly string[] {
  const { documents, trainingQueries, testQueries, seconds, machine } = collection;
  const frozen = meanOf(splits.map((split) => split[TOP]!.frozen));
  return [
    `${documents.toLocaleString("en")} documents, ${String(trainingQueries)} training and ${String(testQueries)} test queries, ${String(splits.length)} splits, ${seconds.toFixed(0)} s.`,
    "",
    ...markdownTable(COLUMNS, [
      ["frozen encoder", "", "", "", frozen.toFixed(4), "", "", "", "", ""],
      ...methods.map((method) => methodCells(method, splits)),
    ]),
    "",
    machine,
  ];
}

function methodCells({ name }: Method, splits: readonly SplitFigures[]): readonly string[] {
  const trials = trialsOf(name, splits);
  const toFrozen = differenceToFrozen(trials);
  const toTop = pairedDifference(adaptedOf(trials), adaptedOf(trialsOf(TOP, splits)));
  return [
    name,
    (100 * meanOf(trials.map(({ emission }) => emission.falseNegatives))).toFixed(1),
    meanOf(trials.map(({ emission }) => emission.hardness)).toFixed(3),
    meanOf(trials.map(({ emission }) => emission.yield)).toFixed(2),
    meanOf(adaptedOf(trials)).toFixed(4),
    differenceText(toFrozen),
    winsText(toFrozen),
    ...(name === TOP ? ["", ""] : [differenceText(toTop), winsText(toTop)]),
    meanOf(trials.map(({ epoch }) => epoch)).toFixed(1),
  ];
}

/** Differences to the frozen encoder, one collection a column, then their mean and that of the differences to `top`. */
export function summaryTable(collections: readonly CollectionFigures[]): readonly string[] {
  return markdownTable(
    ["less frozen", ...collections.map(({ name }) => name), "mean", "less top, mean"],
    methods.map(({ name }) => {
      const toFrozen = collections.map(({ splits }) => differenceToFrozen(trialsOf(name, splits)));
      const toTop = collections.map(({ splits }) => pairedDifference(adaptedOf(trialsOf(name, splits)), adaptedOf(trialsOf(TOP, splits))));
      return [
        name,
        ...[...toFrozen, meanDifference(toFrozen)].map(differenceText),
        name === TOP ? "" : differenceText(meanDifference(toTop)),
      ];
    }),
  );
}

function trialsOf(name: string, splits: readonly SplitFigures[]): readonly Trial[] {
  return splits.map((split) => split[name]!);
}

function adaptedOf(trials: readonly Trial[]): readonly number[] {
  return trials.map(({ adapted }) => adapted);
}

function differenceToFrozen(trials: readonly Trial[]): PairedDifference {
  return pairedDifference(
    adaptedOf(trials),
    trials.map(({ frozen }) => frozen),
  );
}

function differenceText({ mean, standardError }: Difference): string {
  return `${signed(mean)} ± ${standardError.toFixed(4)}`;
}

function winsText({ wins, count }: PairedDifference): string {
  return `${String(wins)}/${String(count)}`;
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}
