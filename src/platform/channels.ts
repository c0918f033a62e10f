import type { Connector } from '../../connectors/kit';
import { heedThrottling } from './heed-throttling';
import { BootRefusal } from './hub-error';

/** The channels of this hub by their code, and the base address that was set for one of them. */
export class Channels {
  readonly byCode: ReadonlyMap<string, Connector>;

  /** @throws BootRefusal when two channels have one code. */
  constructor(
    channels: readonly Connector[],
    private readonly baseUrls: Readonly<Record<string, string>>,
  ) {
    this.byCode = new Map(channels.map((channel) => [channel.manifest.code, heedThrottling(channel)]));
    const codes = channels.map((channel) => channel.manifest.code);
    const twice = codes.find((code, index) => codes.indexOf(code) !== index);
    if (twice !== undefined) throw new BootRefusal(`two channels have the code ${twice}`);
  }

  /** `HUB_<CHANNEL>_URL`, where it was set. */
  baseUrlOf(code: string): string | undefined {
    return this.baseUrls[code];
  }
}
