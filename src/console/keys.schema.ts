import { ApiProperty } from '@nestjs/swagger';
import { KEY_ROLES, type KeyRecord, type KeyRole } from '../store/keys.store';
import { Choices, Text } from './fields';
import { instantText } from './money-border';

/** `POST /v1/sellers/:seller/keys`. */
export class NewKey {
  @Text({ about: 'What the key is for.' })
  readonly name!: string;

  @Text({ about: 'The person or system that it belongs to.' })
  readonly person!: string;

  @Choices(KEY_ROLES, { min: 1 })
  readonly roles!: KeyRole[];
}

/** A key as listed, without the key. */
export class KeyView {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly person!: string;

  @ApiProperty({ enum: KEY_ROLES, isArray: true })
  readonly roles!: readonly KeyRole[];

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}

/** A new key: the only answer that holds it. */
export class NewKeyView extends KeyView {
  @ApiProperty({ description: 'Shown this once.' })
  readonly key!: string;
}

export const keyView = ({ id, name, person, roles, createdAt }: KeyRecord): KeyView => ({
  id,
  name,
  person,
  roles,
  createdAt: instantText(createdAt),
});
