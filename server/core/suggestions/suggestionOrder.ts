import type { Suggestion } from "./suggestion";
import { suggestionLine } from "./suggestionLine";

/** A suggestion with its moment in milliseconds since 1970, which tells times of different zones apart. */
export interface TimedSuggestion {
  readonly suggestion: Suggestion;
  readonly moment: number;
}

export function timed(suggestion: Suggestion): TimedSuggestion {
  return { suggestion, moment: Date.parse(suggestion.time) };
}

/**
 * By time, the earlier first. Not by file and line as marks are: a run asks many questions at once, and which of two answers is the later one has
 * to be the same however files were merged. Names, and at last the lines themselves, decide between equal times.
 */
export function byTime(a: TimedSuggestion, b: TimedSuggestion): number {
  return (
    a.moment - b.moment ||
    compare(a.suggestion.suggestion, b.suggestion.suggestion) ||
    compare(suggestionLine(a.suggestion), suggestionLine(b.suggestion))
  );
}

/** In order of time; of those with one name, the first. */
export function distinctByTime(suggestions: readonly TimedSuggestion[]): readonly TimedSuggestion[] {
  const names = new Set<string>();
  return [...suggestions].sort(byTime).filter(({ suggestion: { suggestion } }) => {
    const isNew = !names.has(suggestion);
    names.add(suggestion);
    return isNew;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
