import type { TrainingConfig } from "../config/trainingSchema";
import { itemAt } from "../util/itemAt";
import { seededRandom, shuffledRange } from "../util/random";
import type { Batches, BatchRow } from "./batchRow";
import { evenOut } from "./evenOut";
import { OpenBatches } from "./openBatches";

export type BatchSettings = Pick<TrainingConfig, "batch_size" | "batches">;

/**
 * Puts the rows of one epoch together in batches of at most `batch_size`, in the order in which they are to be taken. Same rows, settings, seed
 * and epoch: same plan.
 *
 * - Every row stands in one batch, except that `round_robin` ends with the smallest task and leaves rows of larger ones out.
 * - A batch is of one task, unless `blended`.
 * - No two rows share a batch where a document of one is a positive of the other. Rows that fit nowhere make smaller batches, which are filled up from
 *   larger ones (`evenOut`). A row that may meet no other stays alone, and learns from its own negatives.
 * - With `same_topic`, as many full batches as there are rows for come from one topic of their task, before some give rows to small ones; the rest of
 *   the task is mixed.
 *
 * The order of tasks is that of sentence-transformers' samplers of the same names: `proportional` draws the task of each batch in proportion
 * to its number of batches; `round_robin` takes the tasks in turn, in the order of their first rows, until the smallest has no batch left.
 */
export function planEpoch(rows: readonly BatchRow[], settings: BatchSettings, seed: number, epoch: number): Batches {
  const name = `${String(seed)}:epoch ${String(epoch)}`;
  const { blended, multi_dataset_batch_sampler: order } = settings.batches;
  const tasks = gather(rows.keys(), (position) => (blended ? "" : itemAt(rows, position).task));
  const planned = [...tasks].map(([task, positions]) => {
    const batches = taskBatches(rows, positions, settings, `${name}:task ${task}`);
    return shuffled(batches, `${name}:order ${task}`);
  });
  return order === "round_robin" ? inTurn(planned) : inProportion(planned, `${name}:tasks`);
}

function taskBatches(rows: readonly BatchRow[], positions: readonly number[], settings: BatchSettings, name: string): Batches {
  const { batch_size: size, batches } = settings;
  const drawn = shuffled(positions, name);
  const pure = batches.same_topic ? topicBatches(rows, drawn, size) : [];
  const placed = new Set(pure.flat());
  const rest = drawn.filter((position) => !placed.has(position));
  return evenOut(rows, [...pure, ...fill(rows, rest, size)], size);
}

/** Full batches of one topic each. */
function topicBatches(rows: readonly BatchRow[], positions: readonly number[], size: number): Batches {
  const ofTopic = gather(positions, (position) => itemAt(rows, position).topic);
  return [...ofTopic].flatMap(([topic, members]) =>
    topic === undefined || members.length < size ? [] : fill(rows, members, size).filter((batch) => batch.length === size),
  );
}

function fill(rows: readonly BatchRow[], positions: readonly number[], size: number): Batches {
  const open = new OpenBatches(size);
  for (const position of positions) open.place(position, itemAt(rows, position));
  return open.batches;
}

/** As many batches of each task as the one with the fewest has. */
function inTurn(planned: readonly Batches[]): Batches {
  const rounds = planned.reduce((fewest, batches) => Math.min(fewest, batches.length), Number.POSITIVE_INFINITY);
  return planned.length === 0 ? [] : Array.from({ length: rounds }, (_, round) => planned.map((batches) => itemAt(batches, round))).flat();
}

/** Every batch, its task drawn among those of the batches that are left. */
function inProportion(planned: readonly Batches[], name: string): Batches {
  const taken = planned.map(() => 0);
  const turns = planned.flatMap((batches, task) => batches.map(() => task));
  return shuffled(turns, name).map((task) => {
    const next = taken[task] ?? 0;
    taken[task] = next + 1;
    return itemAt(itemAt(planned, task), next);
  });
}

function shuffled<T>(items: readonly T[], name: string): readonly T[] {
  return Array.from(shuffledRange(items.length, seededRandom(name)), (index) => itemAt(items, index));
}

/** Members by what they have in common, both in order of appearance. */
function gather<Key>(positions: Iterable<number>, keyOf: (position: number) => Key): ReadonlyMap<Key, readonly number[]> {
  const found = new Map<Key, number[]>();
  for (const position of positions) {
    const key = keyOf(position);
    const members = found.get(key);
    if (members === undefined) found.set(key, [position]);
    else members.push(position);
  }
  return found;
}
