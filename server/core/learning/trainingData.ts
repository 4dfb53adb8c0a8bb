import type { BatchRow } from "../batches/batchRow";
import { makeBatchRow } from "../batches/makeBatchRow";
import type { BatchKeys } from "../batches/makeBatchRow";
import type { Collection } from "../collection/collection";
import type { TrainingConfig } from "../config/trainingSchema";
import { fittedProbabilities } from "../mining/falseNegativeProbabilities";
import type { MinedQuery } from "../mining/miningState";
import { teacherInForce } from "../softLabels/teacherInForce";
import type { TeacherSource } from "../softLabels/teacherInForce";
import type { SoftTargets, TrainingExample } from "../training/trainingSet";
import { itemAt } from "../util/itemAt";

/** What of the training's settings decides what is learnt from. */
export type DataSettings = Pick<TrainingConfig, "weight_by_false_negatives" | "distillation_weight">;

/** What can be learnt from mined queries, before their vectors are there. Lists of examples run beside each other. */
export interface TrainingData {
  /** The query of each example, and what it means to the planning of batches. */
  readonly queries: readonly number[];
  readonly rows: readonly BatchRow[];
  readonly examples: readonly TrainingExample[];
  /** The documents behind the rows of `TrainingSet.documents`. */
  readonly documents: readonly number[];
}

interface TaughtQuery {
  readonly targets: SoftTargets;
  readonly alone: readonly number[];
}

/**
 * Makes examples of mined queries: the positives in force, promoted ones among them, against the emitted negatives. Whatever a person marked
 * as other than a true negative, and every passage of such a text, is barred from pushing the query as a negative of the batch. Queries marked
 * bad and queries without positives are left out. Once marks have taught the false-negative model, a negative weighs 1 - P(false negative), its
 * expected share of a true negative; one that people call a true negative weighs 1.
 *
 * Where language models said enough of a query, it has a teacher (see `teacherInForce`). Passages that only the teacher names are barred from
 * pushing the query as well. A negative that the teacher ranks stays a negative of the contrastive part: a suggestion is no mark. Nothing is
 * asked of teachers where distillation has no part in the loss.
 */
export class TrainingDataBuilder {
  readonly #collection: Collection;
  readonly #keysOf: BatchKeys;
  readonly #settings: DataSettings;
  readonly #teachers: TeacherSource | undefined;
  readonly #queries: number[] = [];
  readonly #rows: BatchRow[] = [];
  readonly #listed: Pick<TrainingExample, "positives" | "negatives" | "teacher">[] = [];
  readonly #barredGroups: ReadonlySet<number>[] = [];
  readonly #documents: number[] = [];
  readonly #rowOfDocument = new Map<number, number>();

  constructor(collection: Collection, keysOf: BatchKeys, settings: DataSettings, teachers?: TeacherSource) {
    this.#collection = collection;
    this.#keysOf = keysOf;
    this.#settings = settings;
    this.#teachers = settings.distillation_weight > 0 ? teachers : undefined;
  }

  add(mined: MinedQuery): void {
    const { verdicts, pool, decision } = mined;
    if (verdicts.badQuery || pool.positives.length === 0) return;
    const negatives = decision.kept.map((row) => pool.documents[row] ?? -1);
    const suspected = this.#settings.weight_by_false_negatives ? fittedProbabilities(mined) : undefined;
    this.#queries.push(mined.query);
    this.#rows.push(makeBatchRow(this.#collection, { query: mined.query, positives: pool.positives, negatives }, this.#keysOf));
    const listed = {
      positives: pool.positives.map((document) => this.#rowOf(document)),
      negatives: decision.kept.map((row, at) => ({ document: this.#rowOf(negatives[at] ?? -1), weight: 1 - (suspected?.[row] ?? 0) })),
    };
    const teacher = this.#teacherFor(mined, negatives);
    this.#barredGroups.push(new Set([...this.#barredFor(mined), ...(teacher?.alone ?? [])]));
    this.#listed.push(teacher === undefined ? listed : { ...listed, teacher: teacher.targets });
  }

  data(): TrainingData {
    const rowsOfGroup = this.#rowsByGroup();
    return {
      queries: this.#queries,
      rows: this.#rows,
      documents: this.#documents,
      examples: this.#listed.map((listed, i) => ({
        query: i,
        ...listed,
        barred: [...itemAt(this.#barredGroups, i)].flatMap((group) => rowsOfGroup.get(group) ?? []).sort((a, b) => a - b),
      })),
    };
  }

  /** The teacher's distribution over rows of documents, and the groups of texts that neither positives nor negatives have. */
  #teacherFor({ query, pool, verdicts }: MinedQuery, negatives: readonly number[]): TaughtQuery | undefined {
    if (this.#teachers === undefined) return undefined;
    const teacher = teacherInForce(this.#collection, query, verdicts, this.#teachers);
    if (teacher === undefined) return undefined;
    const { groups, probabilities } = teacher;
    const named = new Map([...negatives, ...pool.positives].map((document) => [this.#groupOf(document), document]));
    // Any document of a group will do, since equal texts have equal vectors.
    const documents = groups.map((group) => this.#rowOf(named.get(group) ?? itemAt(itemAt(this.#collection.groups, group), 0)));
    return { targets: { documents, probabilities }, alone: groups.filter((group) => !named.has(group)) };
  }

  /** Groups of texts that are never negatives of the query. */
  #barredFor({ query, pool, verdicts }: MinedQuery): ReadonlySet<number> {
    const { positives, twinPositives, group } = itemAt(this.#collection.queries, query);
    const documents = [...pool.positives, ...positives, ...twinPositives];
    return new Set([...documents.map((document) => this.#groupOf(document)), ...verdicts.excluded.keys(), group]);
  }

  #groupOf(document: number): number {
    return itemAt(this.#collection.documents, document).group;
  }

  /** Documents are numbered in the order in which they are first met. */
  #rowOf(document: number): number {
    const known = this.#rowOfDocument.get(document);
    if (known !== undefined) return known;
    const row = this.#documents.push(document) - 1;
    this.#rowOfDocument.set(document, row);
    return row;
  }

  #rowsByGroup(): ReadonlyMap<number, readonly number[]> {
    const rows = new Map<number, number[]>();
    for (const [row, document] of this.#documents.entries()) {
      const known = rows.get(this.#groupOf(document));
      if (known === undefined) rows.set(this.#groupOf(document), [row]);
      else known.push(row);
    }
    return rows;
  }
}
