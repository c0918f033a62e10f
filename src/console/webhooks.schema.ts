import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { partsOf } from '../domain';
import { EVENT_STATES, type EventState, type WebhookEvent } from '../store/webhook-events.store';
import { EVENT_TYPES, type EventType, type WebhookRecord } from '../store/webhooks.store';
import { Choices, Text } from './fields';
import { instantText } from './money-border';
import { present } from './present';

/** `POST /v1/webhooks`. */
export class NewWebhook {
  @Text({ max: 2048, example: 'https://shop.example/sluice', about: 'An https address that leads to public hosts.' })
  readonly url!: string;

  @Choices(EVENT_TYPES, { min: 1 })
  readonly events!: EventType[];
}

/** A webhook as answered, without its secret. */
export class WebhookView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly url!: string;

  @ApiProperty({ enum: EVENT_TYPES, isArray: true })
  readonly events!: readonly EventType[];

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Since when nothing that was sent is taken.' })
  readonly failingSince?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Since when nothing is sent, until `/resume`.' })
  readonly pausedAt?: string;
}

/** A new webhook: the only answer that holds its secret. */
export class NewWebhookView extends WebhookView {
  @ApiProperty({ description: 'Shown this once; signs every event.', example: 'whsec_…' })
  readonly secret!: string;
}

/** What was sent, or is to be. */
export class WebhookDeliveryView {
  @ApiProperty({ description: '`webhook-id`: the same for every try.' })
  readonly id!: string;

  @ApiProperty({ enum: [...EVENT_TYPES, 'test'] })
  readonly type!: EventType | 'test';

  @ApiProperty({ type: Object })
  readonly data!: object;

  @ApiProperty({ enum: EVENT_STATES })
  readonly state!: EventState;

  @ApiProperty({ type: 'integer' })
  readonly tries!: number;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly triedAt?: string;

  @ApiPropertyOptional({ type: 'integer', description: "The receiver's answer to the last try." })
  readonly status?: number;

  @ApiPropertyOptional({ description: 'Why there was none.' })
  readonly why?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  readonly nextTry?: string;
}

const instantOf = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : instantText(ms));

export function webhookView({ id, url, events, createdAt, failingSince, pausedAt }: WebhookRecord): WebhookView {
  return {
    ...{ id: partsOf(id)[1] ?? '', url, events, createdAt: instantText(createdAt) },
    ...present({ failingSince: instantOf(failingSince), pausedAt: instantOf(pausedAt) }),
  };
}

export function webhookDeliveryView(event: WebhookEvent): WebhookDeliveryView {
  const { id, type, data, state, tries, at, triedAt, status, why, due } = event;
  return {
    ...{ id, type, data, state, tries, at: instantText(at) },
    ...present({ triedAt: instantOf(triedAt), status, why, nextTry: instantOf(due) }),
  };
}
