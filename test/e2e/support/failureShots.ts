import { afterEach } from "vitest";
import { currentJourney } from "./journey";

// What the window looked like when a journey failed, since a message about a missing element seldom says why, and what VS Code has said.
afterEach(async ({ task }) => {
  const journey = currentJourney();
  if (task.result?.state !== "fail" || journey === undefined) return;
  const name = `failed-${task.name.replaceAll(/[^a-z0-9]+/giu, "-")}`;
  await journey.screenshot(name);
  // A dialog that is open would stay before the palette.
  await journey.page.keyboard.press("Escape");
  await journey.command("Notifications: Show Notifications");
  await journey.screenshot(`${name}-notifications`);
  await journey.page.keyboard.press("Escape");
});
