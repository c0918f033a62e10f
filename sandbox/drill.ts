import { manualOf } from './manual';
import type { Sandbox } from './server';

interface Demo {
  channels: { channel: string; app: { key: string; secret: string }; shop: { id: string; name: string } }[];
}

/** Makes the demo shops and prints what can be asked of them: for a seller's own drill. */
export async function openDrill({ url }: Sandbox): Promise<string> {
  const made = await fetch(`${url}/_sandbox/demo`, { method: 'POST' });
  if (made.status !== 201) throw new Error(`the demo was not made: ${await made.text()}`);
  const { channels } = (await made.json()) as Demo;
  const shops = channels.map(
    ({ channel, app, shop }) =>
      `  ${channel}: base ${url}/${channel}, app ${app.key}, secret ${app.secret}, shop ${shop.id}`,
  );
  const hook = JSON.stringify({ hookUrl: 'http://127.0.0.1:3000/hooks/lazada/APP' });
  return [
    `The pretend marketplaces are at ${url}. Everything is in memory; Ctrl+C ends it.\n`,
    manualOf(url),
    'Shops (their tokens: GET /_sandbox/CHANNEL/shops):',
    ...shops,
    '',
    `Where pushes go: PUT ${url}/_sandbox/lazada/apps/100200 with ${hook}`,
    'All of it: sandbox/README.md',
  ].join('\n');
}
