import type { TrainingConfig } from "../config/trainingSchema";
import { itemAt } from "../util/itemAt";
import type { ContrastiveBatch, TeacherRow } from "./contrastiveBatch";
import type { Matrix } from "./matrixKernel";

/**
 * InfoNCE over a batch: the mean over rows of -z_0 + logsumexp(z), with logits z = s / tau + alpha s + log(weight), where alpha s is taken as a
 * constant (hardness). With a teacher T a row's loss is (1 - w) of that plus w KL(T || P), where P is the softmax of s / tau over T's documents.
 *
 * `scores` holds s, [rows, columns], and is overwritten with dL/ds = (p - y) / (tau rows) and the teacher's part accordingly.
 */
export function contrastiveLoss(batch: ContrastiveBatch, scores: Matrix, settings: TrainingConfig): number {
  const width = batch.documents.length;
  const gradient = new Float64Array(width);
  let total = 0;
  batch.positives.forEach((positive, row) => {
    const teacher = batch.teachers[row];
    const place = { batch, scores, row, width };
    const shareOfTeacher = teacher === undefined ? 0 : settings.distillation_weight;
    total += (1 - shareOfTeacher) * infoNce(place, positive, { gradient, share: 1 - shareOfTeacher, tau: settings.temperature });
    if (teacher !== undefined) {
      total += shareOfTeacher * divergence(place, teacher, { gradient, share: shareOfTeacher, tau: settings.temperature });
    }
    const scale = 1 / (settings.temperature * batch.positives.length);
    for (let column = 0; column < width; column += 1) scores.values[row * scores.stride + column] = (gradient[column] ?? 0) * scale;
  });
  return total / batch.positives.length;
}

interface BatchRow {
  readonly batch: ContrastiveBatch;
  readonly scores: Matrix;
  readonly row: number;
  readonly width: number;
}

/** Where a part of the loss leaves its gradient: times `share`, and before the division by tau. */
interface GradientRow {
  readonly gradient: Float64Array;
  readonly share: number;
  readonly tau: number;
}

/** Sets the gradient to `share` times p - y. A masked document has a logit of -Infinity, and so exactly no part in either. */
function infoNce({ batch, scores, row, width }: BatchRow, positive: number, { gradient, share, tau }: GradientRow): number {
  const [at, scoresAt] = [row * width, row * scores.stride];
  let largest = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < width; column += 1) {
    const score = scores.values[scoresAt + column] ?? 0;
    const logit = score / tau + (batch.hardness[at + column] ?? 0) * score + (batch.logWeights[at + column] ?? 0);
    gradient[column] = logit;
    largest = Math.max(largest, logit);
  }
  const positiveLogit = gradient[positive] ?? 0;
  let sum = 0;
  for (let column = 0; column < width; column += 1) {
    const part = Math.exp((gradient[column] ?? 0) - largest);
    gradient[column] = part;
    sum += part;
  }
  for (let column = 0; column < width; column += 1) gradient[column] = (share * (gradient[column] ?? 0)) / sum;
  gradient[positive] = (gradient[positive] ?? 0) - share;
  return largest + Math.log(sum) - positiveLogit;
}

/** Adds `share` times P - T. */
function divergence({ scores, row }: BatchRow, { columns, probabilities }: TeacherRow, { gradient, share, tau }: GradientRow): number {
  const logits = columns.map((column) => (scores.values[row * scores.stride + column] ?? 0) / tau);
  const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const logSum = largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  let loss = 0;
  columns.forEach((column, i) => {
    const logProbability = itemAt(logits, i) - logSum;
    const target = itemAt(probabilities, i);
    gradient[column] = (gradient[column] ?? 0) + share * (Math.exp(logProbability) - target);
    // 0 log 0 is 0.
    if (target > 0) loss += target * (Math.log(target) - logProbability);
  });
  return loss;
}
