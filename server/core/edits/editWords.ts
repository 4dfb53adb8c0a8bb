import type { EditMarks } from "./editMarks";
import type { EditVerdict } from "./rowDelta";

const verdictWords: Readonly<Record<EditVerdict, readonly [one: string, many: string]>> = {
  false_negative: ["false negative", "false negatives"],
  true_negative: ["true negative", "true negatives"],
  bad_positive: ["bad positive", "bad positives"],
  cant_tell: ["deleted negative (can't tell)", "deleted negatives (can't tell)"],
};

/** "1 false negative and 2 bad positives", in the order in which the verdicts first come. */
function listed(verdicts: EditMarks["verdicts"]): string {
  const kinds = [...new Set(verdicts.map(({ verdict }) => verdict))];
  const parts = kinds.map((kind) => {
    const count = verdicts.filter(({ verdict }) => verdict === kind).length;
    return `${String(count)} ${verdictWords[kind][count === 1 ? 0 : 1]}`;
  });
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}

/** What a save was recognised as, in one or two sentences; undefined where there is nothing to tell. */
export function editWords({ verdicts, takenBack, madeAnew, tooMany }: EditMarks): string | undefined {
  if (tooMany > 0) return tooManyWords(tooMany);
  const recorded = verdicts.length === 1 ? "a mark" : `${String(verdicts.length)} marks`;
  const undone = takenBack.length === 1 ? "the mark" : `${String(takenBack.length)} marks`;
  const sentences = [
    ...(verdicts.length === 0 ? [] : [`Your edit was recorded as ${recorded}: ${listed(verdicts)}.`]),
    ...(takenBack.length === 0 ? [] : [`Your edit took back ${undone} of an earlier edit.`]),
    ...(madeAnew === 0
      ? []
      : ["A list of passages was emptied or replaced as a whole, which judges none of them: no marks were made of it."]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/** That more changed than a person changes by hand. */
export function tooManyWords(records: number): string {
  return `${records.toLocaleString("en-US")} records changed in one save, as a script or a replacement does it: no marks were made of them.`;
}
