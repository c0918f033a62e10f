import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One order that a buyer made. */
export interface Sale {
  readonly order: string;
  readonly itemId: string;
  readonly units: number;
  /** Seconds. */
  readonly at: number;
  readonly isCancelled?: boolean;
}

/** A number that the hub wrote, and when the call arrived (ms). */
export interface Written {
  readonly shop: string;
  readonly itemId: string;
  readonly stock: number;
  readonly at: number;
}

interface StockBody {
  readonly item_id: number;
  readonly stock_list: readonly { readonly model_id: number; readonly seller_stock: readonly { stock: number }[] }[];
}

/**
 * The least of a marketplace that the hub needs: it tells orders and takes quantities. It checks nothing and waits for
 * nothing, so that the hub is what is measured.
 */
export class Market {
  readonly sales = new Map<string, Sale>();
  written: Written[] = [];
  reads = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.#serve(request, response),
    );
  }

  open(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
      });
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const url = new URL(request.url ?? '/', 'http://market');
    const body = request.method === 'POST' ? await textOf(request) : '';
    const answer = this.#answer(url, body, at);
    const text = JSON.stringify({ request_id: 'bench', message: '', ...answer });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  }

  #answer(url: URL, body: string, at: number): { error: string; response?: unknown } {
    switch (url.pathname) {
      case '/api/v2/order/get_order_detail':
        return { error: '', response: { order_list: this.#orders(url.searchParams.get('order_sn_list') ?? '') } };
      case '/api/v2/product/update_stock':
        return { error: '', response: this.#take(url.searchParams.get('shop_id') ?? '', body, at) };
      default:
        return { error: 'error_not_found' };
    }
  }

  #orders(list: string): readonly unknown[] {
    this.reads += 1;
    return list.split(',').flatMap((order) => {
      const sale = this.sales.get(order);
      return sale === undefined ? [] : [detailOf(sale)];
    });
  }

  #take(shop: string, body: string, at: number): unknown {
    const { item_id: itemId, stock_list: lines } = JSON.parse(body) as StockBody;
    for (const { seller_stock: stocks } of lines) {
      this.written.push({ shop, itemId: String(itemId), stock: stocks[0]?.stock ?? 0, at });
    }
    return { success_list: lines.map(({ model_id: model }) => ({ model_id: model })), failure_list: [] };
  }
}

/** An order as `get_order_detail` tells it, of the length that real ones have. */
function detailOf({ order, itemId, units, at, isCancelled = false }: Sale): unknown {
  return {
    order_sn: order,
    region: 'SG',
    currency: 'SGD',
    cod: false,
    total_amount: 12.5 * units,
    order_status: isCancelled ? 'CANCELLED' : 'READY_TO_SHIP',
    create_time: at,
    update_time: at,
    ship_by_date: at + 172_800,
    fulfillment_flag: 'fulfilled_by_local_seller',
    recipient_address: { name: 'A****n', phone: '****17', full_address: '1 Marina Boulevard, Singapore 018989' },
    estimated_shipping_fee: 0,
    item_list: [
      {
        item_id: Number(itemId),
        item_name: 'Cotton T-shirt with a printed front',
        item_sku: `SKU-${itemId}`,
        model_id: 0,
        model_name: '',
        model_sku: '',
        model_quantity_purchased: units,
        model_original_price: 15,
        model_discounted_price: 12.5,
      },
    ],
    package_list: [
      { package_number: `P${order}`, logistics_status: 'LOGISTICS_READY', shipping_carrier: 'Standard', item_list: [] },
    ],
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
