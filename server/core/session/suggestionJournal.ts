import type { Clock } from "../ports";
import { FoldedSuggestions } from "../suggestions/foldedSuggestions";
import { parseSuggestion } from "../suggestions/parseSuggestion";
import type { Suggestions } from "../suggestions/pairOpinion";
import { readSuggestionFiles } from "../suggestions/readSuggestionFiles";
import type { SuggestionProblem } from "../suggestions/readSuggestionFiles";
import type { AttributionSuggestion, JudgementSuggestion, Suggestion } from "../suggestions/suggestion";
import { suggestionLine } from "../suggestions/suggestionLine";
import { ok } from "../util/result";
import type { Result } from "../util/result";
import type { SuggestionLog } from "./suggestionLog";

type Given = "suggestion" | "time" | "author" | "tool";

/** A suggestion before it has a name, a time and an author. */
export type NewSuggestion = Omit<JudgementSuggestion, Given> | Omit<AttributionSuggestion, Given>;

export interface SuggestionJournalPorts {
  readonly log: SuggestionLog;
  readonly author: string;
  readonly clock: Clock;
  /** A fresh name for a suggestion. */
  readonly newId: () => string;
  /** Name and version of this program, kept with each suggestion. */
  readonly tool: string;
}

/**
 * All suggestions of a project in memory and on disk. Memory changes only after the disk has: an answer that was paid for and is used is one that
 * is kept. Changes are carried out one after the other, in the order of the calls.
 */
export class SuggestionJournal {
  readonly #ports: SuggestionJournalPorts;
  #folded = new FoldedSuggestions([]);
  #problems: readonly SuggestionProblem[] = [];
  /** The lines that `#folded` was made from. */
  #lines: Set<string> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(ports: SuggestionJournalPorts) {
    this.#ports = ports;
  }

  static async open(ports: SuggestionJournalPorts): Promise<Result<SuggestionJournal>> {
    const journal = new SuggestionJournal(ports);
    const loaded = await journal.reload();
    return loaded.ok ? ok(journal) : loaded;
  }

  /** The suggestions as they are now. A new one puts another object in its place. */
  get folded(): Suggestions {
    return this.#folded;
  }

  /** What is wrong with the files as they were read last. All that can be used of them is. */
  get problems(): readonly SuggestionProblem[] {
    return this.#problems;
  }

  /** Resolves after the suggestion is on disk. */
  add(parts: NewSuggestion): Promise<Result<Suggestion>> {
    return this.#inTurn(async () => {
      const { newId, clock, author, tool } = this.#ports;
      const suggestion: Suggestion = { ...parts, suggestion: newId(), time: clock(), author, tool };
      const line = suggestionLine(suggestion);
      const { problem } = parseSuggestion(line);
      if (problem !== undefined) throw new RangeError(`A suggestion was made that could not be read again. ${problem}`);
      const written = await this.#ports.log.append(line);
      if (!written.ok) return written;
      this.#lines?.add(line);
      this.#folded = this.#folded.with([suggestion]);
      return ok(suggestion);
    });
  }

  /** Reads the files again: another person's suggestions, a merge, a file that was edited by hand. False where they hold what is known already. */
  reload(): Promise<Result<boolean>> {
    return this.#inTurn(async () => {
      const files = await this.#ports.log.loadAll();
      if (!files.ok) return files;
      const lines = new Set(files.value.flatMap(({ text }) => text.split("\n").filter((line) => line !== "")));
      const known = this.#lines;
      // Each line of this very program is told of by whoever watches the files.
      if (known?.size === lines.size && [...lines].every((line) => known.has(line))) return ok(false);
      this.#lines = lines;
      const { suggestions, problems } = readSuggestionFiles(files.value);
      this.#problems = problems;
      this.#folded = new FoldedSuggestions(suggestions);
      return ok(true);
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    // A bug in one change is seen by its caller and must not block the next change.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
