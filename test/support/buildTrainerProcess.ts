import { trainerProcessOptions } from "../../scripts/trainerProcessBuild.mjs";
import { bundleOf } from "./bundleOf";

/** Bundles the training process from the present sources and gives its file. */
export function buildTrainerProcess(): Promise<string> {
  return bundleOf("trainerProcess", trainerProcessOptions);
}
