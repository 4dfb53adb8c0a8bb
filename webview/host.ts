import { Channel, type Port } from "#protocol/channel";
import type { SavedState } from "./state/saved";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension behind the panel: requests and notifications over a channel, and a place for state that survives a reload. */
export interface Host {
  readonly channel: Channel;
  /** What `save` kept, as it was kept; of any shape, since an earlier version may have written it. */
  saved(): unknown;
  save(state: SavedState): void;
}

/** Connects to the extension. VS Code allows one call for the life of the page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  const port: Port = {
    post: (message) => {
      api.postMessage(message);
    },
    onMessage: (listener) => {
      const onMessage = (event: MessageEvent): void => {
        listener(event.data);
      };
      window.addEventListener("message", onMessage);
      return () => {
        window.removeEventListener("message", onMessage);
      };
    },
  };
  return {
    channel: new Channel(port),
    saved: () => api.getState(),
    save: (state) => {
      api.setState(state);
    },
  };
}
