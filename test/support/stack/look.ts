import { until } from '../until';
import type { Api } from './http';
import type { Placed } from './market';

export interface ShownOrder {
  readonly id: string;
  readonly status: string;
  readonly externalId: string;
  readonly reference?: string;
  readonly lines: readonly {
    readonly id: string;
    readonly units: number;
    readonly cancelled: number;
    readonly shipped: number;
    readonly returned: number;
    readonly restocked: number;
  }[];
}

export interface ShownStock {
  readonly onHand: number;
  readonly committed: number;
  readonly free: number;
  readonly shared: number;
  readonly published: readonly { readonly shop: string; readonly listing: string; readonly target: number }[];
}

export interface Problem {
  readonly key: string;
  readonly kind: string;
  readonly shop?: string;
  readonly sku?: string;
  readonly detail: string;
  readonly orders?: readonly string[];
}

export interface Letter {
  readonly id: string;
  readonly cause: string;
  readonly state: string;
  readonly message: string;
  readonly order?: string;
}

/** What an operator sees at the hub, asked until it is there. */
export class Look {
  constructor(private readonly hub: Api) {}

  async stock(sku: string): Promise<ShownStock> {
    return (await this.hub.must('GET', `/v1/stock/${encodeURIComponent(sku)}`)) as ShownStock;
  }

  /** Waits until the stock has these numbers. */
  async untilStock(sku: string, wanted: Partial<ShownStock>): Promise<void> {
    let last: ShownStock | undefined;
    const fits = (): boolean =>
      Object.entries(wanted).every(([name, value]) => last?.[name as keyof ShownStock] === value);
    await until(`the stock of ${sku}`, async () => {
      last = await this.stock(sku);
      return fits();
    }).catch(() => {
      throw new Error(`${sku} is ${JSON.stringify({ ...last, published: undefined })}, not ${JSON.stringify(wanted)}`);
    });
  }

  /** The one order with this id or number at its source; undefined while there is none. */
  async order(externalId: string): Promise<ShownOrder | undefined> {
    const { items } = await this.hub.must('GET', `/v1/orders?externalId=${encodeURIComponent(externalId)}`);
    if (items.length > 1) throw new Error(`${items.length} orders are ${externalId}`);
    return items[0] as ShownOrder | undefined;
  }

  async untilOrder(placed: Placed | string, isSo: (order: ShownOrder) => boolean = () => true): Promise<ShownOrder> {
    const id = typeof placed === 'string' ? placed : placed.orderId;
    return until(`the order ${id}`, async () => {
      const order = await this.order(id);
      return order !== undefined && isSo(order) && order;
    });
  }

  async problems(open = true): Promise<readonly Problem[]> {
    return (await this.hub.must('GET', `/v1/problems?open=${open}&limit=200`)).items as Problem[];
  }

  async untilProblem(isIt: (problem: Problem) => boolean, withinMs = 10_000): Promise<Problem> {
    return until('the problem is open', async () => (await this.problems()).find(isIt), withinMs);
  }

  async untilNoProblem(isIt: (problem: Problem) => boolean, withinMs = 10_000): Promise<void> {
    await until('the problem is closed', async () => !(await this.problems()).some(isIt), withinMs);
  }

  async letters(cause: string): Promise<readonly Letter[]> {
    return (await this.hub.must('GET', `/v1/dead-letters?cause=${cause}`)).items as Letter[];
  }

  async untilLetter(cause: string): Promise<Letter> {
    return until(`a dead letter of the cause ${cause}`, async () => (await this.letters(cause))[0]);
  }
}
