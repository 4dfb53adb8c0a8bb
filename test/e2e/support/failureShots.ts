import { afterEach } from "vitest";
import { currentJourney } from "./journey";

// What the window looked like when a journey failed, since a message about a missing element seldom says why.
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await currentJourney()?.screenshot(`failed-${task.name.replaceAll(/[^a-z0-9]+/giu, "-")}`);
});
