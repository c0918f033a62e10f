import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { STANDINGS, seenByBuyers, standingOf, type Standing, type Target } from '../domain';
import { PageQuery } from './border.schema';
import { Choice } from './fields';
import { instantText } from './money-border';
import { present } from './present';

const ABOUT =
  '`uncounted`: nothing is written. `drifted`: somebody changed it at the marketplace. `doubted`: it was read as ' +
  'something else, and is read again. `refused`: the channel does not take the number. `waiting`: to be written, or on ' +
  'its way. `unread`: the channel said yes, and was not asked since. `proved`: it was read back.';

/** `GET /v1/shops/:id/publications`. */
export class PublicationQuery extends PageQuery {
  @Choice(STANDINGS, { optional: true })
  readonly state?: Standing;
}

/** A number of a listing, and how old it is. */
export class ProofView {
  @ApiProperty({ type: 'integer' })
  readonly units!: number;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ type: 'integer' })
  readonly ageS!: number;
}

/** What is known of what a listing shows, step by step; in units of the listing. */
export class ProofsView {
  @ApiProperty({ enum: STANDINGS, description: ABOUT })
  readonly standing!: Standing;

  @ApiPropertyOptional({ type: () => ProofView, description: 'What it should show.' })
  readonly wanted?: ProofView;

  @ApiPropertyOptional({ type: () => ProofView, description: 'What was sent last.' })
  readonly sent?: ProofView;

  @ApiPropertyOptional({ type: () => ProofView, description: 'What the channel said yes to.' })
  readonly acknowledged?: ProofView;

  @ApiPropertyOptional({ type: () => ProofView, description: 'What the channel showed when it was asked.' })
  readonly readBack?: ProofView;

  @ApiPropertyOptional({ type: 'integer', description: 'What buyers may see now.' })
  readonly seen?: number;
}

/** A number that somebody changed at the marketplace. */
export class DriftView {
  @ApiProperty({ type: 'integer', description: 'What it was read as.' })
  readonly units!: number;

  @ApiProperty({ type: 'integer', description: 'What it should have shown.' })
  readonly expected!: number;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ description: 'It stands until our own number changes.' })
  readonly accepted!: boolean;
}

/** The channel's last no. */
export class RefusalView {
  @ApiProperty()
  readonly code!: string;

  @ApiProperty()
  readonly message!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;
}

/** One listing of a shop, and the proof of what it shows. */
export class PublicationView extends ProofsView {
  @ApiProperty()
  readonly listing!: string;

  @ApiProperty({ type: [String] })
  readonly skus!: readonly string[];

  @ApiPropertyOptional({ type: () => DriftView })
  readonly drifted?: DriftView;

  @ApiPropertyOptional({ type: () => RefusalView })
  readonly refusal?: RefusalView;
}

type Known = { readonly units: number; readonly at: number } | undefined;

/** Wanted, sent, acknowledged and read back, each with its age. */
export function proofsOf(target: Target, now: number): ProofsView {
  const { wanted, acknowledged, readBack } = target;
  const proof = (known: Known): ProofView | undefined =>
    known && {
      units: known.units,
      at: instantText(known.at),
      ageS: Math.max(0, Math.round((now - known.at) / 1000)),
    };
  const sent = target.sent ?? target.lastSent;
  return {
    standing: standingOf(target),
    ...present({
      wanted: proof(wanted),
      sent: proof(sent),
      acknowledged: proof(acknowledged),
      readBack: proof(readBack),
      seen: seenByBuyers(target),
    }),
  };
}

export function publicationView(target: Target, now: number): PublicationView {
  const { listing, skus, drifted, refusal, accepted, wanted } = target;
  return Object.assign(proofsOf(target, now), {
    ...{ listing, skus },
    ...(drifted !== undefined && {
      drifted: {
        ...{ units: drifted.units, expected: drifted.expected, at: instantText(drifted.at) },
        accepted: accepted !== undefined && accepted === wanted?.version,
      },
    }),
    ...(refusal !== undefined && {
      refusal: { code: refusal.code, message: refusal.message, at: instantText(refusal.at) },
    }),
  });
}
