import type { Trainer } from "#core/training/trainer";
import { TrainerClient } from "../../server/runtime/training/trainerClient";
import { buildTrainerProcess } from "../support/buildTrainerProcess";

/** The product's training process, started when a run needs it. */
export async function trainers(): Promise<() => Trainer> {
  const processFile = await buildTrainerProcess();
  return () => new TrainerClient({ processFile, log: () => undefined, background: true });
}
