/** What a job says when it ends: go on with the next one, or keep this one at the head until `resume` or `clear`. */
export type JobEnd = "done" | "hold";
export type Job = () => Promise<JobEnd>;

interface Queued {
  readonly run: Job;
  /** Work that nobody pressed a key for. */
  readonly background: boolean;
}

/** Runs jobs one after another in the order in which they were asked for, so that fast keys keep their order. */
export class CommandQueue {
  readonly #onChange: () => void;
  #jobs: readonly Queued[] = [];
  #running = false;
  #held = false;

  /** `onChange` is called whenever `held` or `waiting` may have changed. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whether nothing that a person asked for is under way. */
  get quiet(): boolean {
    return this.#jobs.every((job) => job.background);
  }

  get held(): boolean {
    return this.#held;
  }

  /** What a person asked for behind the job at the head. */
  get waiting(): number {
    return this.#jobs.slice(1).filter((job) => !job.background).length;
  }

  push(run: Job, background = false): void {
    this.#jobs = [...this.#jobs, { run, background }];
    this.#onChange();
    void this.#run();
  }

  /** Runs the held job again, and then the ones behind it. */
  resume(): void {
    this.#held = false;
    this.#onChange();
    void this.#run();
  }

  /** Gives up the held job and all that a person asked for behind the job at the head. */
  clear(): void {
    const head = this.#held ? [] : this.#jobs.slice(0, 1);
    this.#jobs = [...head, ...this.#jobs.slice(1).filter((job) => job.background)];
    this.#held = false;
    this.#onChange();
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#held) return;
    this.#running = true;
    try {
      await this.#runAll();
    } finally {
      this.#running = false;
      this.#onChange();
    }
  }

  async #runAll(): Promise<void> {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      let end: JobEnd = "done";
      try {
        end = await job.run();
      } finally {
        // A job that throws is a bug; it must not come round again with the next key.
        if (end === "done") this.#jobs = this.#jobs.slice(1);
        else this.#held = true;
        this.#onChange();
      }
      if (this.#held) return;
    }
  }
}
