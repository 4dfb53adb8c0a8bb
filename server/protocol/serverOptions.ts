/** What the client passes to the server as `initializationOptions`. Machine matters only: everything about the data is in the config file. */
export interface ServerOptions {
  /** Folder of the vector cache; null stands for the one that the command line uses too. */
  readonly cacheFolder: string | null;
  /** Name of the marks file of this person; null stands for the name of the operating system's account. */
  readonly author: string | null;
  /** Threads of the vector process; null leaves the choice to it. */
  readonly threads: number | null;
  /** False in a restricted workspace: no model is loaded from a folder or hub that its config names. */
  readonly trusted: boolean;
}
