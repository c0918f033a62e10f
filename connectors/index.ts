import type { Connector } from './kit';
import { lazada } from './lazada';
import { shopee } from './shopee';
import { webstore } from './webstore';
import { zalora } from './zalora';

/** Every channel the hub speaks to. A new one is one line here. */
export const CHANNELS: readonly Connector[] = [lazada, shopee, zalora, webstore];
