import type { Connector } from '../../connectors/kit';

/** What the console needs to know of this process's settings; app.module.ts hangs it. */
export abstract class ConsoleOptions {
  /** `HUB_PUBLIC_URL`: what marketplaces call. */
  abstract readonly publicUrl: string;
  /** `HUB_ADMIN_KEY`: the root key. */
  abstract readonly adminKey: string;
  /** Most calls of one key in a minute, per process. */
  abstract readonly callsPerMinute: number;
}

/** The channels of this hub by their code; app.module.ts hangs the list. */
export abstract class Channels {
  abstract readonly byCode: ReadonlyMap<string, Connector>;
}
