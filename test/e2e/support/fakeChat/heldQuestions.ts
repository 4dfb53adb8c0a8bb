import type { CancellationToken } from "vscode";

/** Holds questions back until it is told to let them pass, so that a journey can look at a run in its middle. */
export class HeldQuestions {
  readonly #waiting = new Set<() => void>();
  #passed = 0;
  #isReleased = false;

  /** Settles at once for so many questions, then when all are released; and when the question is called off. */
  async pass(free: number, token: CancellationToken): Promise<void> {
    this.#passed += 1;
    if (this.#isReleased || this.#passed <= free) return;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      token.onCancellationRequested(() => {
        resolve();
      });
    });
  }

  release(): void {
    this.#isReleased = true;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
