import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from '../say.mjs';
import { jsonCaller } from './call.mjs';
import { HubOutput } from './hub-output.mjs';
import { LogFile } from './log-file.mjs';
import { openMarket, showHubNumbers, startBuyers, stopBuyers, tellHooks } from './market.mjs';
import { finishSome, remindOfOrders } from './old-orders.mjs';
import { bringSupplies, renewTokens, sendAgain } from './rounds.mjs';
import { makeSeller, SELLER } from './seller.mjs';
import { TradeLog } from './trade-log.mjs';

const ROUND_MS = 10_000;
const TRIES = 5;
const BETWEEN_TRIES_MS = 2000;
const STOP_MS = 500;

/** Whether `npm start` plays a demo: beside the sandbox, unless a real database is given or it is switched off. */
export const isWanted = (env, sandbox) => Boolean(sandbox) && (env.HUB_DEMO || (env.MONGO_URL ? 'off' : 'on')) === 'on';

/** A seller with three shops, and buyers who order now and then; told by whoever starts the parts when one is up. */
export class Demo {
  #root;
  #hub;
  #sandbox;
  #address;
  #trade = new TradeLog();
  #output;
  #logFile;
  #market;
  #made;
  /** Orders of an earlier start that are still to be shipped. */
  #reminded = [];
  #isFresh = false;
  #hubIsUp = false;
  #stopped = false;
  #turn = Promise.resolve();

  constructor({ address, ports, env, keys, dataDir }) {
    this.#address = address;
    const authorization = `Bearer ${keys?.admin ?? env.HUB_ADMIN_KEY}`;
    this.#root = jsonCaller(address, { authorization });
    this.#hub = jsonCaller(address, { authorization, 'sluice-seller': SELLER });
    this.#sandbox = jsonCaller(`http://127.0.0.1:${ports.sandbox}`);
    const file = path.join(dataDir, 'hub.log');
    if (!env.HUB_LOG) this.#logFile = file;
    const print = (line) => process.stdout.write(`${line}\n`);
    this.#output = new HubOutput({ file: new LogFile(file), trade: this.#trade, print });
    setInterval(() => void this.#inTurn(() => this.#round().catch(() => {})), ROUND_MS).unref();
  }

  /** The reader of the hub's output streams; none where the user asked for the log as it is. */
  get reader() {
    return this.#logFile && ((stream) => this.#output.read(stream));
  }

  /** A sandbox that was just started knows nothing. Its shops are there before the hub calls them. */
  async sandboxIsUp() {
    await this.#inTurn(() => this.#openMarket());
    if (this.#hubIsUp) void this.#inTurn(() => this.#setUp());
  }

  hubIsUp() {
    this.#hubIsUp = true;
    return this.#inTurn(() => this.#setUp());
  }

  /** Nobody orders any more. */
  async stop() {
    this.#stopped = true;
    await Promise.race([stopBuyers(this.#sandbox).catch(() => {}), delay(STOP_MS)]);
  }

  async #openMarket() {
    this.#isFresh = true;
    this.#market = await openMarket(this.#sandbox);
  }

  async #setUp() {
    if (!this.#isFresh) return this.#goOn();
    this.#output.isQuiet(true);
    if (this.#market === undefined) await this.#openMarket();
    const { skus } = this.#market;
    const [root, hub, sandbox] = [this.#root, this.#hub, this.#sandbox];
    this.#made = await makeSeller({ root, hub, address: this.#address, market: this.#market });
    this.#reminded = await remindOfOrders({ hub, sandbox, made: this.#made });
    const stock = await showHubNumbers({ hub, sandbox, made: this.#made, skus });
    await tellHooks(sandbox, this.#made);
    this.#trade.know({ seller: SELLER, stock, listings: this.#made.flatMap(listingsOf) });
    this.#isFresh = false;
    this.#output.isQuiet(false);
    if (this.#stopped) return;
    await startBuyers(sandbox, this.#made);
    say(`the demo: ${skus.length} skus in ${this.#made.length} shops, and buyers who order now and then`);
    if (this.#logFile) say(`all that the hub logs: ${path.relative('', this.#logFile)}`);
  }

  async #round() {
    if (this.#hubIsUp) await this.#setUp();
  }

  async #goOn() {
    const scene = { hub: this.#hub, sandbox: this.#sandbox, made: this.#made, skus: this.#market.skus };
    this.#reminded = await finishSome({ sandbox: this.#sandbox, reminded: this.#reminded });
    await sendAgain(scene);
    await bringSupplies(scene);
    await renewTokens(scene);
  }

  /** One thing after the other; what fails is tried again, and said when it goes on failing. */
  #inTurn(work) {
    this.#turn = this.#turn.then(() => this.#tried(work));
    return this.#turn;
  }

  async #tried(work) {
    for (let tries = 1; !this.#stopped; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (tries >= TRIES && !this.#stopped) say(`the demo cannot go on for now: ${error.message}`);
        if (tries >= TRIES) return;
        await delay(BETWEEN_TRIES_MS, undefined, { ref: false });
      }
    }
  }
}

function listingsOf({ shop, listings }) {
  return listings.map(({ sku, contains }) => ({
    shop: shop.id,
    listing: sku,
    parts: contains ?? [{ sku, units: 1 }],
  }));
}
