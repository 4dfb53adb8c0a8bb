/** Longest time, in milliseconds, over which restarts are counted. */
const window = 3 * 60_000;
const restartsPerWindow = 4;

/** Decides whether a server that ended is started again: yes, unless it keeps ending. */
export class RestartPolicy {
  readonly #now: () => number;
  #ends: readonly number[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Counts one end of the server. Answers whether to start it again. */
  ended(): boolean {
    const now = this.#now();
    this.#ends = [...this.#ends.filter((end) => now - end < window), now];
    return this.#ends.length <= restartsPerWindow;
  }

  /** The person asked for a restart: earlier ends no longer count. */
  forgive(): void {
    this.#ends = [];
  }
}
