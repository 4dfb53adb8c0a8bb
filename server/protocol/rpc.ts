/**
 * Messages are values. A request is a constant that carries its method name and its types; the server registers a handler for it,
 * the extension and the webview send it, and none of them writes the types down again.
 */
export interface RequestType<Params, Answer> {
  readonly kind: "request";
  readonly method: string;
  /** Never set: carries the types. */
  readonly types?: (params: Params) => Answer;
}

export interface NotificationType<Params> {
  readonly kind: "notification";
  readonly method: string;
  /** Never set: carries the type. */
  readonly types?: (params: Params) => void;
}

export function request<Params, Answer>(method: string): RequestType<Params, Answer> {
  return { kind: "request", method };
}

export function notification<Params>(method: string): NotificationType<Params> {
  return { kind: "notification", method };
}
