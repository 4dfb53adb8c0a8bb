import type { TrainingPhase, TrainingStatus } from "#protocol/training";

const phases: Readonly<Record<TrainingPhase, string>> = {
  idle: "",
  embedding: "Training: waiting for vectors",
  mining: "Training: mining",
  training: "Training",
  evaluating: "Training: comparing",
  saving: "Training: saving",
  stopping: "Training: stopping",
};

/** What the status bar says of a run: "Training 3/10, nDCG .41"; undefined while none is under way. */
export function trainingText(status: TrainingStatus): string | undefined {
  if (status.phase === "idle") return undefined;
  const ndcg = status.validations.at(-1)?.ndcg;
  const figure = ndcg === undefined ? "" : `, nDCG ${ndcg.toFixed(2).replace(/^0/u, "")}`;
  return `${phases[status.phase]}${progress(status)}${figure}`;
}

/** The run in a sentence, for the tooltip and for screen readers. */
export function trainingDetail({ run, rounds, round, epoch, step, totalSteps, frozenNdcg }: TrainingStatus): string {
  return [
    `Run ${run ?? ""}`,
    rounds > 1 && round > 0 && `round ${count(round)} of ${count(rounds)}`,
    epoch > 0 && `epoch ${count(epoch)}`,
    totalSteps > 0 && `step ${count(step)} of ${count(totalSteps)}`,
    frozenNdcg !== undefined && `nDCG@10 of the encoder as it is ${frozenNdcg.toFixed(3)}`,
  ]
    .filter((part) => typeof part === "string")
    .join(", ");
}

/** Rounds where there are several, since each can take minutes; else how far the phase is. */
function progress({ phase, round, rounds, done, total }: TrainingStatus): string {
  if (phase === "training" && rounds > 1 && round > 0) return ` ${count(round)}/${count(rounds)}`;
  return total > 0 ? ` ${String(Math.floor((100 * done) / total))} %` : "";
}

function count(value: number): string {
  return value.toLocaleString("en");
}
