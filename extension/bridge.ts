import { CancellationTokenSource } from "vscode";
import type { Webview } from "vscode";
import { Channel } from "#protocol/channel";
import type { AbortSignalLike } from "#protocol/channel";
import type { ChatModelRef } from "#protocol/chat";
import { openConfig, pickChatModel, revealPlace, reviewConfigChange, saveImage, startExport } from "#protocol/host";
import type { SaveImageParams } from "#protocol/host";
import type { Place } from "#protocol/outcome";
import { panelNotifications, panelRequests } from "#protocol/panelMethods";
import type { DatasetUri } from "#protocol/review";
import type { NotificationType, RequestType } from "#protocol/rpc";
import type { ProposedConfigParams } from "#protocol/sampler";
import type { ServerClient } from "./client";

/** What a panel may ask of the extension itself. */
export interface HostActions {
  revealPlace(place: Place): Promise<void>;
  /** Shows these edits; answers whether the person accepted the change. */
  reviewConfigChange(change: ProposedConfigParams): Promise<boolean>;
  openConfig(dataset: DatasetUri): Promise<void>;
  /** Has the person choose a language model; null where nothing was chosen. */
  pickChatModel(purpose: "ask" | "confirm"): Promise<ChatModelRef | null>;
  startExport(dataset: DatasetUri): Promise<void>;
  /** Saves a picture where the person says; answers whether it was written. */
  saveImage(image: SaveImageParams): Promise<boolean>;
}

/** A panel's connection. The channel is for what the panel itself says and hears. */
export interface PanelConnection {
  readonly channel: Channel;
  dispose(): void;
}

/**
 * Connects a panel with the server. Only the requests of `panelRequests` reach the server, and only notifications about the panel's own
 * data set reach the panel; neither is looked into.
 */
export function connectPanel(webview: Webview, client: ServerClient, actions: HostActions, dataset: DatasetUri): PanelConnection {
  const channel = new Channel(portOf(webview));
  for (const type of panelRequests) relay(channel, client, type as RequestType<unknown, unknown>);
  answerHostRequests(channel, actions);
  const subscriptions = panelNotifications.map((type) => {
    const notice = type as NotificationType<{ readonly dataset: DatasetUri }>;
    return client.onNotification(notice, (params) => {
      if (params.dataset === dataset) channel.notify(notice, params);
    });
  });
  return {
    channel,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      channel.dispose();
    },
  };
}

function relay(channel: Channel, client: ServerClient, type: RequestType<unknown, unknown>): void {
  channel.handle(type, async (params, signal) => {
    const cancellation = cancellationBy(signal);
    try {
      return await client.request(type, params, cancellation.token);
    } finally {
      cancellation.dispose();
    }
  });
}

function answerHostRequests(channel: Channel, actions: HostActions): void {
  channel.handle(revealPlace, async ({ place }) => {
    await actions.revealPlace(place);
    return null;
  });
  channel.handle(reviewConfigChange, async (change) => ({ accepted: await actions.reviewConfigChange(change) }));
  channel.handle(openConfig, async ({ dataset }) => {
    await actions.openConfig(dataset);
    return null;
  });
  channel.handle(pickChatModel, async ({ purpose }) => ({ model: await actions.pickChatModel(purpose) }));
  channel.handle(saveImage, async (image) => ({ saved: await actions.saveImage(image) }));
  channel.handle(startExport, async ({ dataset }) => {
    await actions.startExport(dataset);
    return null;
  });
}

function cancellationBy(signal: AbortSignalLike): CancellationTokenSource {
  const source = new CancellationTokenSource();
  signal.addEventListener("abort", () => {
    source.cancel();
  });
  return source;
}

function portOf(webview: Webview): ConstructorParameters<typeof Channel>[0] {
  return {
    // False means that the page is hidden; when it is shown again it asks for everything anew.
    post: (message) => void webview.postMessage(message),
    onMessage: (listener) => {
      const subscription = webview.onDidReceiveMessage(listener);
      return () => {
        subscription.dispose();
      };
    },
  };
}
