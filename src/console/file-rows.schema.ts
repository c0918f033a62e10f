import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { CellFault } from '../domain';
import { Choice } from './fields';

/** The query of a route that takes a file. */
export class ImportQuery {
  @Choice(['true', 'false'], { optional: true, about: 'Whether good rows are saved beside faulty ones.' })
  readonly partial?: 'true' | 'false';
}

/** What is wrong with one cell. */
export class CellFaultView implements CellFault {
  @ApiProperty()
  readonly column!: string;

  @ApiProperty()
  readonly message!: string;
}

const ROW_STATES = ['waiting', 'saved', 'unchanged', 'faulty', 'not-saved'] as const;

/** A row of a file that was sent, and what became of it. */
export class FileRowView {
  @ApiProperty({ type: 'integer', description: 'As a spreadsheet numbers it: the header is 1.' })
  readonly row!: number;

  @ApiProperty()
  readonly sku!: string;

  @ApiProperty({ enum: ROW_STATES, description: '`unchanged`: it asks for nothing new.' })
  readonly state!: (typeof ROW_STATES)[number];

  @ApiPropertyOptional({ type: () => [CellFaultView] })
  readonly faults?: readonly CellFaultView[];
}

/** What became of a file, in numbers. */
export class FileReport {
  @ApiProperty({ type: 'integer' })
  readonly rows!: number;

  @ApiProperty({ type: 'integer' })
  readonly faulty!: number;

  @ApiProperty({ type: 'integer' })
  readonly saved!: number;
}
