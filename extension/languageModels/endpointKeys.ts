import type { SecretStorage } from "vscode";
import type { Outcome } from "#protocol/outcome";
import { keyName } from "./endpoint";
import type { Endpoint } from "./endpoint";

/** Keys of endpoints, in VS Code's secret store and nowhere else. */
export class EndpointKeys {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** Undefined where none is kept; fails where the store of this machine cannot be read. */
  async keyOf(endpoint: Endpoint): Promise<Outcome<string | undefined>> {
    return await this.#try(endpoint, "read", async () => await this.#secrets.get(keyName(endpoint)));
  }

  /** An empty key removes the one that is kept. */
  async setKey(endpoint: Endpoint, key: string): Promise<Outcome<null>> {
    return await this.#try(endpoint, "kept", async () => {
      if (key === "") await this.#secrets.delete(keyName(endpoint));
      else await this.#secrets.store(keyName(endpoint), key);
      return null;
    });
  }

  async #try<T>({ origin }: Endpoint, doing: "read" | "kept", action: () => Promise<T>): Promise<Outcome<T>> {
    try {
      return { ok: true, value: await action() };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        ok: false,
        failure: {
          reason: "no-permission",
          message: `The key for ${origin} could not be ${doing} in VS Code's secret store: ${why}`,
          nextStep: "Unlock the keyring of this machine, then try again.",
        },
      };
    }
  }
}
