/** The server's settings for the page, in attributes of its body. */
export interface Settings {
  /** The server's base path: empty, or `/photos`. */
  readonly base: string;
  readonly title: string;
  readonly hasLogout: boolean;
  readonly hasThumbnails: boolean;
  /** Where `reso get` finds the same images. */
  readonly protocol: Protocol;
  readonly assets: { readonly style: string; readonly zoom: string; readonly hashWorker: string };
}

export interface Protocol {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

export const DEFAULT_PORT = 5005;

export function settingsOf({ dataset }: HTMLElement, host: string): Settings {
  return {
    base: dataset['base'] ?? '',
    title: dataset['title'] ?? '',
    hasLogout: dataset['logout'] !== undefined,
    hasThumbnails: dataset['thumbnails'] !== undefined,
    protocol: { host, port: Number(dataset['port'] ?? DEFAULT_PORT), isSecure: dataset['tls'] !== undefined },
    assets: {
      style: dataset['style'] ?? '',
      zoom: dataset['zoom'] ?? '',
      hashWorker: dataset['hashWorker'] ?? '',
    },
  };
}
