import { ApiProperty } from '@nestjs/swagger';

/** A consent that was begun. */
export class ConsentView {
  @ApiProperty({ description: 'Where the seller says yes, in a browser; good once.' })
  readonly authorizeUrl!: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}
