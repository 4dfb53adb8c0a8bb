import type { Adapter } from "#core/adapter/adapter";
import type { Side } from "#core/ports";
import type { Failure } from "#core/util/failure";

/** What is wrong with an adapter for vectors of this length; undefined: nothing. */
export function adapterFailure(name: string, adapter: Adapter, dimensions: number): Failure | undefined {
  if (adapter.dimensions !== dimensions) {
    return {
      reason: "bad-vectors",
      message: `The adapter "${name}" moves vectors of ${String(adapter.dimensions)} dimensions; those of the model have ${String(dimensions)}.`,
      nextStep: "Use an adapter that was trained with this model, or choose the model that it was trained with.",
    };
  }
  if (adapter.weight.length !== dimensions * dimensions) {
    return {
      reason: "bad-vectors",
      message: `The adapter "${name}" has ${String(adapter.weight.length)} weights; ${String(dimensions)} x ${String(dimensions)} are wanted.`,
      nextStep: "Use a whole adapter, one row of weights for each dimension.",
    };
  }
  const place = adapter.weight.findIndex((value) => !Number.isFinite(value));
  if (place === -1) return undefined;
  const [row, column] = [Math.floor(place / dimensions), place % dimensions];
  return {
    reason: "bad-vectors",
    message: `The weight in row ${String(row)}, column ${String(column)} of the adapter "${name}" is ${String(adapter.weight[place])}.`,
    nextStep: "Train the adapter anew, with a smaller learning rate.",
  };
}

/** W v has no direction. */
export function noDirection(name: string, side: Side, slot: number): Failure {
  return {
    reason: "bad-vectors",
    message: `The adapter "${name}" leaves the ${side} in slot ${String(slot)} without a direction (all zeros, or too large).`,
    nextStep: "Train the adapter anew, with a smaller learning rate, or use another adapter.",
  };
}

export function notHeld(name: string): Failure {
  return {
    reason: "not-ready",
    message: `There is no adapter "${name}" among those in use.`,
    nextStep: "Load the adapter again; a model that is opened anew starts without any.",
  };
}

/** What was found so far was found with vectors of another time. */
export function replacedMeanwhile(name: string): Failure {
  return { reason: "superseded", message: `The adapter "${name}" was replaced meanwhile.`, nextStep: "Try again." };
}
