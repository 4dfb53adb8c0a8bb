/** Which texts a term of a passage is shared with. */
export type Shared = "query" | "positive" | "both";

export interface Segment {
  readonly text: string;
  readonly shared?: Shared;
}

/** Terms that carry no topic in the languages training sets are most often in; marking them would underline half of every text. */
const STOP_WORDS = new Set(
  `a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its may no not of on or
  our she should so such than that the their them then there these they this those to was we were what when where which who why will with
  would you your der die das und ist von zu den im mit des dem ein eine für le la les de du des et est un une que dans pour en el los las
  y que del con para por una`.split(/\s+/),
);

/** Texts longer than this are not searched for terms beyond it, so that a passage of megabytes costs no more than a page. */
const SEARCHED_CHARACTERS = 20_000;

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The topic-carrying terms of some texts, folded so that case, width and a plural s do not matter. */
export function termsOf(texts: readonly string[]): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const text of texts) {
    for (const { segment, isWordLike } of segmenter.segment(text.slice(0, SEARCHED_CHARACTERS))) {
      const term = isWordLike === true ? fold(segment) : undefined;
      if (term !== undefined) terms.add(term);
    }
  }
  return terms;
}

/** Cuts a text at the terms it shares. The segments joined are the text. */
export function segmentsOf(text: string, query: ReadonlySet<string>, positive: ReadonlySet<string>): readonly Segment[] {
  const segments: Segment[] = [];
  let plain = "";
  for (const { segment, isWordLike } of segmenter.segment(text.slice(0, SEARCHED_CHARACTERS))) {
    const shared = isWordLike === true ? sharedWith(fold(segment), query, positive) : undefined;
    if (shared === undefined) {
      plain += segment;
      continue;
    }
    if (plain !== "") segments.push({ text: plain });
    plain = "";
    segments.push({ text: segment, shared });
  }
  plain += text.slice(SEARCHED_CHARACTERS);
  return plain === "" ? segments : [...segments, { text: plain }];
}

/** Segments before a part of the text, in it, and after it; the part by its first character and the one after its last. */
export function cutInThree(segments: readonly Segment[], from: number, to: number): readonly (readonly Segment[])[] {
  const bounds = [0, from, to, Infinity];
  return [0, 1, 2].map((part) => {
    let at = 0;
    return segments.flatMap((segment): readonly Segment[] => {
      const start = at;
      at += segment.text.length;
      const text = segment.text.slice(Math.max(0, (bounds[part] ?? 0) - start), Math.max(0, (bounds[part + 1] ?? 0) - start));
      return text === "" ? [] : [{ ...segment, text }];
    });
  });
}

function sharedWith(term: string | undefined, query: ReadonlySet<string>, positive: ReadonlySet<string>): Shared | undefined {
  if (term === undefined) return undefined;
  if (query.has(term)) return positive.has(term) ? "both" : "query";
  return positive.has(term) ? "positive" : undefined;
}

/** A word as a term, or undefined where it says nothing of the topic. */
function fold(word: string): string | undefined {
  const lower = word.normalize("NFKC").toLowerCase();
  if (STOP_WORDS.has(lower) || (/^[\p{L}]$/u.test(lower) && lower.charCodeAt(0) < 0x250)) return undefined;
  return lower.length > 3 ? lower.replace(/s$/, "") : lower;
}
