/**
 * Reads something again whenever it may have changed, one reading at a time. What is asked for while one is under way comes to a single
 * reading after it, so that the last answer is never older than the last request.
 */
export class Rereading {
  readonly #read: () => Promise<void>;
  readonly #isWanted: () => boolean;
  #isDue = false;
  #reading = false;

  /** While `isWanted` says no nothing is read; a request of that time waits for the first one after it. */
  constructor(read: () => Promise<void>, isWanted: () => boolean = () => true) {
    this.#read = read;
    this.#isWanted = isWanted;
  }

  /** Whether a reading was asked for that has not begun. */
  get isDue(): boolean {
    return this.#isDue;
  }

  request(): void {
    this.#isDue = true;
    if (!this.#reading) void this.#readAll();
  }

  async #readAll(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#isDue && this.#isWanted()) {
        this.#isDue = false;
        await this.#read();
      }
    } finally {
      this.#reading = false;
    }
  }
}
