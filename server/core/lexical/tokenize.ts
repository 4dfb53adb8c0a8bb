/** Words of scripts that put no blanks between them have to be found by a dictionary, which is slow: only such runs are given to it. */
const unspacedRun = /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]+/gu;
/** A mark by itself is no word: a heart is often followed by one that asks for its picture. */
const wordRun = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const asciiText = /^[\0-\x7f]*$/u;
const asciiWord = /[a-z0-9]+/gu;

const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/**
 * The words of a text in order: runs of letters and digits with their combining marks, in compatibility form (NFKC) and lower case. Chinese,
 * Japanese, Thai, Lao, Khmer and Burmese runs are cut into words by the segmentation data of the JavaScript runtime.
 */
export function tokenize(text: string): readonly string[] {
  if (asciiText.test(text)) {
    return text.toLowerCase().match(asciiWord) ?? [];
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
