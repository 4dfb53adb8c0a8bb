import type { CancellationToken, SecretStorage } from "vscode";
import type { AskChatParams, ChatModelRef, ChatSettings, ChatText } from "#protocol/chat";
import type { Outcome } from "#protocol/outcome";
import { languageModelSetting } from "../settings";
import { EndpointKeys } from "./endpointKeys";
import { languageModelSettings } from "./languageModelSettings";
import { pickModel } from "./modelPicker";
import type { PickPurpose } from "./modelPicker";
import { setEndpointKey } from "./setEndpointKey";
import { VscodeChat } from "./vscodeChat";

/** What the extension knows of language models: the person's settings and choice, the keys, and VS Code's models. */
export class LanguageModels {
  readonly #keys: EndpointKeys;
  readonly #chat = new VscodeChat();

  constructor(secrets: SecretStorage) {
    this.#keys = new EndpointKeys(secrets);
  }

  /** Has the person choose a model, which may be asked from then on; null where nothing was chosen. */
  async pick(purpose: PickPurpose): Promise<ChatModelRef | null> {
    const picked = await pickModel(purpose, this.#keys);
    if (picked?.selector !== undefined) this.#chat.allow(picked.model, picked.selector);
    return picked?.model ?? null;
  }

  /** Has the person set or remove the key of the endpoint in the settings. */
  async setKey(): Promise<void> {
    await setEndpointKey(this.#keys);
  }

  /** Asks one of VS Code's models that was chosen. */
  async ask(params: AskChatParams, token: CancellationToken): Promise<Outcome<ChatText>> {
    const settings = languageModelSettings(languageModelSetting);
    return settings.ok ? await this.#chat.ask(params, settings.value.timeout, token) : settings;
  }

  /** The settings as a run needs them, with the endpoint's key. */
  async settings(): Promise<Outcome<ChatSettings>> {
    const settings = languageModelSettings(languageModelSetting);
    if (!settings.ok) return settings;
    const { endpoint, models: _, ...rest } = settings.value;
    if (endpoint === undefined) return { ok: true, value: rest };
    const key = await this.#keys.keyOf(endpoint);
    if (!key.ok) return key;
    const access = { url: endpoint.url, ...(key.value === undefined ? {} : { key: key.value }) };
    return { ok: true, value: { ...rest, endpoint: access } };
  }
}
