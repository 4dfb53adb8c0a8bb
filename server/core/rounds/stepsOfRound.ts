import type { TrainingConfig } from "../config/trainingSchema";

/**
 * Steps that a round makes: `rounds.steps`, or its share of `num_train_epochs` passes over the rows, which differ by one at most from round to
 * round and add up to all of them. A round makes one step at least.
 *
 * @param round from 1 to `rounds.count`
 * @param batches batches of one epoch
 */
export function stepsOfRound(settings: Pick<TrainingConfig, "num_train_epochs" | "rounds">, round: number, batches: number): number {
  const { steps, count } = settings.rounds;
  if (steps !== null) return steps;
  const total = settings.num_train_epochs * batches;
  const upTo = (rounds: number): number => Math.floor((total * rounds) / count);
  return Math.max(1, upTo(round) - upTo(round - 1));
}
