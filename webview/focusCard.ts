/** Frames to wait for the list to lay a card out: it is hidden, and cannot take the focus, until it has been measured. */
const FRAMES = 12;

/**
 * Puts the focus on a card, or on the list where there is none, so that the keys and a screen reader are there. Leaves it alone while
 * another part of VS Code has it, or while the person types or reads the key sheet.
 */
export function focusCard(list: HTMLElement, id: string | undefined, frames = FRAMES): void {
  if (!document.hasFocus() || document.querySelector("dialog[open]") !== null || isTyping(document.activeElement)) return;
  const card = id === undefined ? list : list.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  card?.focus({ preventScroll: true });
  if (document.activeElement !== card && frames > 0) requestAnimationFrame(() => focusCard(list, id, frames - 1));
}

/** Whether letters typed now are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && ["range", "checkbox"].includes(target.type)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT", "VSCODE-TEXT-FIELD"].includes(target.tagName);
}
