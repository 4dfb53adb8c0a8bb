import type { Later } from "../../../server/runtime/chat/postJson";

interface Task {
  readonly milliseconds: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so. */
export class ManualTime {
  readonly #tasks = new Set<Task>();
  #now = Date.UTC(2026, 0, 2);
  #changed: () => void = () => undefined;

  readonly now = (): number => this.#now;

  readonly later: Later = (milliseconds, run) => {
    const task = { milliseconds, run };
    this.#tasks.add(task);
    this.#changed();
    return () => void this.#tasks.delete(task);
  };

  /** Waits until something is put off by a time that fits, lets that time pass, and answers it in milliseconds. */
  async pass(fits: (milliseconds: number) => boolean): Promise<number> {
    for (;;) {
      const task = [...this.#tasks].find(({ milliseconds }) => fits(milliseconds));
      if (task !== undefined) {
        this.#tasks.delete(task);
        this.#now += task.milliseconds;
        task.run();
        return task.milliseconds;
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** What is put off now, but for looks at whether somebody has cancelled. */
  get waiting(): readonly number[] {
    return [...this.#tasks].map(({ milliseconds }) => milliseconds).filter((milliseconds) => milliseconds > 100);
  }
}
