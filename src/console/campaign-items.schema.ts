import { ApiProperty } from '@nestjs/swagger';
import { FileReport, FileRowView } from './file-rows.schema';

/** `POST /v1/campaigns/:id/items/import`: what became of the file, row by row. */
export class ItemsReportView extends FileReport {
  @ApiProperty({ type: 'integer', description: 'The version of the campaign, as in the ETag.' })
  readonly version!: number;

  @ApiProperty({ type: () => [FileRowView] })
  readonly items!: readonly FileRowView[];
}
