/** Words of scripts that put no blanks between them have to be found by a dictionary, which is slow: only such runs are given to it. */
const unspacedRun = /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]+/gu;
/** A mark by itself is no word: a heart is often followed by one that asks for its picture. */
const wordRun = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/**
 * Texts of these characters alone are in compatibility form but for punctuation, and none of their letters changes with its neighbours: ASCII,
 * Latin letters with diacritics, Russian and its kin, common punctuation. They are cut several times as quickly.
 */
const simpleText =
  /^[\0-\x7f\xa0-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf-\u012f\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0400-\u045f\u2000-\u2027\u2030-\u205e\u20ac]*$/u;
const simpleWord = /[a-z0-9\xdf-\xf6\xf8-\xff\u0101-\u017e\u0430-\u045f]+/gu;

const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/**
 * The words of a text in order: runs of letters and digits with their combining marks, in compatibility form (NFKC) and lower case. Chinese,
 * Japanese, Thai, Lao, Khmer and Burmese runs are cut into words by the segmentation data of the JavaScript runtime.
 */
export function tokenize(text: string): readonly string[] {
  if (simpleText.test(text)) {
    return text.toLowerCase().match(simpleWord) ?? [];
  }
  const runs = text.normalize("NFKC").toLowerCase().match(wordRun) ?? [];
  return runs.flatMap(wordsOfRun);
}

function wordsOfRun(run: string): readonly string[] {
  const words: string[] = [];
  let end = 0;
  for (const match of run.matchAll(unspacedRun)) {
    if (match.index > end) {
      words.push(run.slice(end, match.index));
    }
    for (const { segment } of segmenter.segment(match[0])) {
      words.push(segment);
    }
    end = match.index + match[0].length;
  }
  if (end < run.length) {
    words.push(run.slice(end));
  }
  return words;
}
