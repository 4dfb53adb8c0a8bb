import { setImmediate as untilInputIsRead } from "node:timers/promises";

/** A long computation in slices: each `yield` lets more urgent work in. */
export type SlicedWork<T> = AsyncGenerator<undefined, T, undefined>;
/** The same for work that waits for nothing. */
export type SlicedCalculation<T> = Generator<undefined, T, undefined>;

/** Smaller goes first; equals go in the order they came. */
export const URGENCY = { open: 0, visible: 1, retrieve: 2, index: 3, embed: 4, topics: 5 } as const;
export type Urgency = (typeof URGENCY)[keyof typeof URGENCY];

interface Task {
  readonly id: number;
  readonly urgency: Urgency;
  readonly work: SlicedWork<unknown> | SlicedCalculation<unknown>;
  readonly onDone: (value: unknown) => void;
  readonly onThrown: (error: unknown) => void;
}

/** Runs one slice at a time of the most urgent task, and reads new messages between slices. */
export class TaskQueue {
  #tasks: Task[] = [];
  #running = false;

  add<T>(id: number, urgency: Urgency, work: SlicedWork<T> | SlicedCalculation<T>): Promise<T> {
    const { promise, resolve, reject } = withResolvers<T>();
    this.#tasks.push({ id, urgency, work, onDone: (value) => resolve(value as T), onThrown: reject });
    if (!this.#running) void this.#run();
    return promise;
  }

  /** Ends a task after its present slice. Its promise stays unsettled: whoever cancelled does not wait for it. */
  cancel(id: number): void {
    this.#remove((task) => task.id === id);
  }

  cancelAll(): void {
    this.#remove(() => true);
  }

  /** Runs the tasks' `finally` blocks, at the end of a slice that is under way. */
  #remove(isGone: (task: Task) => boolean): void {
    const gone = this.#tasks.filter(isGone);
    this.#tasks = this.#tasks.filter((task) => !isGone(task));
    for (const { work } of gone) void work.return(undefined);
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let task = this.#next(); task !== undefined; task = this.#next()) {
      try {
        const slice = await task.work.next();
        if (slice.done === true) {
          this.cancel(task.id);
          task.onDone(slice.value);
        }
      } catch (error) {
        this.cancel(task.id);
        task.onThrown(error);
      }
      await untilInputIsRead();
    }
    this.#running = false;
  }

  #next(): Task | undefined {
    let best: Task | undefined;
    for (const task of this.#tasks) if (best === undefined || task.urgency < best.urgency) best = task;
    return best;
  }
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
