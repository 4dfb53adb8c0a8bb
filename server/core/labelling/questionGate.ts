/** Lets so many questions through at once, and none while a run is paused. */
export class QuestionGate {
  #free: number;
  #isPaused = false;
  #isOpen = false;
  #waiting: (() => void)[] = [];

  /** @param places questions under way at once */
  constructor(places: number) {
    this.#free = places;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Resolves when there is a place, which `leave` gives back. */
  async enter(): Promise<void> {
    while (!this.#isOpen && (this.#isPaused || this.#free <= 0)) await this.#change();
    this.#free -= 1;
  }

  leave(): void {
    this.#free += 1;
    this.#tell();
  }

  /** Resolves when the run is not paused. */
  async unpaused(): Promise<void> {
    while (this.#isPaused && !this.#isOpen) await this.#change();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#tell();
  }

  /** Nobody waits here any more: the run ends, and who comes through sees that. */
  open(): void {
    this.#isOpen = true;
    this.#isPaused = false;
    this.#tell();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
