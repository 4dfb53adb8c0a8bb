import { neighbour, nextOpen, type Row } from "./cards";

/**
 * The card that the next key press is meant for while earlier ones are still under way. It is worked out when the key is pressed, from
 * the list that the person sees, and compared with the current card when the key's turn comes: a key never acts on another card.
 */
export class Plan {
  #id: string | undefined;
  /** False once something is under way whose outcome only the server knows: an undo, another query. */
  #known = true;
  #judged: ReadonlySet<string> = new Set();

  /** Starts anew from the current card, for a key pressed while nothing is under way. */
  restart(currentId: string | undefined): void {
    this.#id = currentId;
    this.#known = true;
    this.#judged = new Set();
  }

  get known(): boolean {
    return this.#known;
  }

  /** The card, where it is known. */
  get id(): string | undefined {
    return this.#known ? this.#id : undefined;
  }

  judge(rows: readonly Row[], id: string): void {
    this.#judged = new Set([...this.#judged, id]);
    this.#id = nextOpen(rows, id, this.#judged) ?? id;
  }

  move(rows: readonly Row[], step: 1 | -1): void {
    this.#id = neighbour(rows, this.#id, step);
  }

  go(id: string): void {
    this.#id = id;
  }

  lose(): void {
    this.#known = false;
  }
}
