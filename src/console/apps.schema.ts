import { ApiProperty } from '@nestjs/swagger';
import type { AppRecord } from '../store/apps.store';
import { Flag, Pattern, Text } from './fields';
import { instantText } from './money-border';

/** `POST /v1/apps`. */
export class NewApp {
  @Pattern(/^[a-z]{2,32}$/, { says: 'the code of a channel' })
  readonly channel!: string;

  @Text({ max: 32 })
  readonly region!: string;

  @Text({ about: "The channel's key of the app." })
  readonly key!: string;

  @Text({ max: 512, about: 'Never shown again.' })
  readonly secret!: string;

  @Pattern(/^https?:\/\/[^\s]{1,500}$/, {
    optional: true,
    says: 'an http or https address',
    about: 'The address as it was registered at the channel, where that is not the one the hub makes.',
  })
  readonly hookUrl?: string;
}

/** `PATCH /v1/apps/:id`: what is left out stays. */
export class AppChange {
  @Text({ optional: true, max: 32 })
  readonly region?: string;

  @Text({ optional: true })
  readonly key?: string;

  @Text({ optional: true, max: 512, about: 'The secret before it stays good for 24 hours.' })
  readonly secret?: string;

  @Flag({ optional: true, about: 'Makes a new callback address; the one before it stays good for 24 hours.' })
  readonly rotateHook?: boolean;
}

/** An app as answered; its secrets never are. */
export class AppView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiProperty()
  readonly region!: string;

  @ApiProperty({ required: false, description: "Absent on the hub's own apps." })
  readonly key?: string;

  @ApiProperty({ required: false, description: "Absent on the hub's own apps." })
  readonly hookUrl?: string;

  @ApiProperty({ description: 'Where a shop is authorised: POST it.' })
  readonly authorizeUrl!: string;

  @ApiProperty({ description: "Whether it is the hub's own, for every seller." })
  readonly isHubs!: boolean;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}

/** Shows an app; a seller sees of the hub's own ones only that they are there. */
export function appView(app: AppRecord, as: { readonly isOwner: boolean; readonly publicUrl: string }): AppView {
  const own = { key: app.key, hookUrl: app.hooks[0]?.url ?? '' };
  return {
    id: app.id,
    channel: app.channel,
    region: app.region,
    ...(as.isOwner && own),
    authorizeUrl: `${as.publicUrl}/v1/apps/${app.id}/authorize`,
    isHubs: app.seller === undefined,
    createdAt: instantText(app.createdAt),
  };
}
