import path from "node:path";
import { buildModel } from "../../scripts/model/buildModel.mjs";
import { vectorProcessOptions } from "../../scripts/vectorProcessBuild.mjs";
import { bundleOf } from "./bundleOf";

const repository = path.resolve(import.meta.dirname, "../..");

/** Bundles the vector process from the present sources and gives its file. */
export function buildVectorProcess(): Promise<string> {
  return bundleOf("vectorProcess", vectorProcessOptions);
}

/** The folder of the embedded model and the search graph, made where it is missing or old. */
export function builtModels(): string {
  const folder = path.join(repository, "dist/models");
  buildModel(folder);
  return folder;
}
