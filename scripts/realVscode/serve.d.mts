export interface Profile {
  readonly user: string;
  readonly extensions: string;
  readonly server: string;
}

/** Installs a .vsix into the profile's extensions folder. */
export function installVsix(vsix: string, profile: Profile): void;
