import type { Attachment } from "svelte/attachments";

/** Names a control of the toolkit for screen readers. The toolkit overwrites an `aria-label` when it connects, so this comes after. */
export function named(label: string): Attachment<HTMLElement> {
  return (element) => {
    element.setAttribute("aria-label", label);
  };
}

/** Hides a control that only repeats what words beside it say. The toolkit's progress ring would else be announced as an alert. */
export const decorative: Attachment<HTMLElement> = (element) => {
  for (const name of ["role", "aria-live", "aria-label"]) element.removeAttribute(name);
  element.setAttribute("aria-hidden", "true");
};
