import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AppId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { HubOptions } from '../platform/options';
import { AppCalls } from '../store/app-calls.store';
import { AppsStore } from '../store/apps.store';
import { ConsentsStore } from '../store/consents.store';
import { instantText } from './money-border';
import type { SellerCall } from './principal';
import { conflict, notFound } from './refusal';
import type { ConsentView } from './consents.schema';

const STATE_BYTES = 32;
const OPEN_MS = 30 * 60_000;

/** Begins the consent of a seller's shops. */
@Injectable()
export class ConsentsService {
  constructor(
    private readonly apps: AppsStore,
    private readonly consents: ConsentsStore,
    private readonly channels: Channels,
    private readonly calls: AppCalls,
    private readonly options: HubOptions,
    private readonly clock: Clock,
  ) {}

  /** Where the seller says yes, once and within half an hour. */
  async begin({ seller, key, person }: SellerCall, id: string): Promise<ConsentView> {
    const app = await this.apps.find(id as AppId);
    if (!app || (app.seller !== undefined && app.seller !== seller)) throw notFound();
    const connector = this.channels.byCode.get(app.channel);
    const credentials = await this.apps.credentials(app.id);
    if (connector?.authorisation === undefined || credentials === undefined) {
      throw conflict('no-consent', `${app.channel} asks for no consent: make the shop itself.`);
    }
    const now = this.clock.now();
    const state = randomBytes(STATE_BYTES).toString('base64url');
    const until = now + OPEN_MS;
    const starter = { key, person };
    const { channel } = app;
    await this.consents.insert(state, { seller, app: app.id, channel, starter, createdAt: now, until });
    const ask = { state, redirectUrl: `${this.options.publicUrl}/oauth/${channel}/callback` };
    const known = this.calls.access(credentials, connector);
    return {
      authorizeUrl: connector.authorisation.consentUrl(known, ask, now),
      expiresAt: instantText(until),
    };
  }
}
