/** Frames to wait for the list to lay a card out: it is hidden, and cannot take the focus, until it has been measured. */
const FRAMES = 60;

/**
 * Puts the focus on a card, or on the list where there is none, so that the keys and a screen reader are there. Leaves it alone while
 * another part of VS Code has it, or while the person types or reads the key sheet.
 */
export function focusCard(list: HTMLElement, id: string | undefined): void {
  newest += 1;
  tryFocus({ list, id, number: newest, before: document.activeElement }, FRAMES);
}

/** One wish for the focus; a later one takes its place. */
interface Wish {
  readonly list: HTMLElement;
  readonly id: string | undefined;
  readonly number: number;
  /** What had the focus when it was wished for. */
  readonly before: Element | null;
}

let newest = 0;

function tryFocus(wish: Wish, frames: number): void {
  if (wish.number !== newest) return;
  const { list, id, before } = wish;
  const active = document.activeElement;
  if (!document.hasFocus() || document.querySelector("dialog[open]") !== null || isTyping(active)) return;
  // The person has gone elsewhere meanwhile.
  if (active !== before && active !== document.body && !list.contains(active)) return;
  const card = id === undefined ? list : list.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  card?.focus({ preventScroll: true });
  if (document.activeElement !== card && frames > 0) requestAnimationFrame(() => tryFocus(wish, frames - 1));
}

/** Whether letters typed now are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && ["range", "checkbox", "radio"].includes(target.type)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT", "VSCODE-TEXT-FIELD"].includes(target.tagName);
}
