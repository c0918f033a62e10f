import { Schema, type SchemaDefinition } from 'mongoose';

/** Free JSON inside a record; what may stand there is checked at the edge. */
export const FREE = Schema.Types.Mixed;

/** A nested object without an id of its own. */
export const nested = (definition: SchemaDefinition): Schema =>
  new Schema(definition, { _id: false, id: false, strict: 'throw', minimize: false });

/** A collection's schema: unknown fields are refused, and indexes come only from the one table. */
export function recordSchema<Doc>(collection: string, definition: SchemaDefinition): Schema<Doc> {
  const schema = new Schema(
    { _id: { type: String, required: true }, ...definition },
    { collection, strict: 'throw', strictQuery: 'throw', versionKey: false, id: false, minimize: false },
  );
  schema.set('autoIndex', false);
  schema.set('autoCreate', false);
  return schema as Schema<Doc>;
}
