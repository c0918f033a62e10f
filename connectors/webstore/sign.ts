import { hmacHex } from '../kit';

/** PROTOCOL 2: a call to the shop. `target` is what follows the shop's address, its query included. */
export interface SignedCall {
  readonly method: string;
  readonly target: string;
  readonly timestamp: string;
  readonly body: string;
}

/** PROTOCOL 2: `TIMESTAMP.METHOD TARGET.BODY` under the app's secret, lower-case hex. */
export const signCall = (secret: string, { method, target, timestamp, body }: SignedCall): string =>
  hmacHex(secret, `${timestamp}.${method} ${target}.`, body);

/** PROTOCOL 2: `TIMESTAMP.BODY` of a message from the shop. */
export const signPush = (secret: string, timestamp: string, body: Buffer | string): string =>
  hmacHex(secret, `${timestamp}.`, body);
