import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** Every field may be left out with `optional`; null never stands for absent. */
export interface FieldOptions {
  readonly optional?: true;
  readonly about?: string;
}

const LARGEST = 1_000_000_000;
const NO_CONTROL = /^\P{Cc}*$/u;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/** One line of text without control characters. */
export const Text = (
  options: FieldOptions & { min?: number; max?: number; example?: string } = {},
): PropertyDecorator => {
  const { min = 1, max = 255, example } = options;
  return field(options, { type: String, minLength: min, maxLength: max, ...(example !== undefined && { example }) }, [
    IsString({ message: '$property must be text' }),
    Length(min, max, { message: `$property must have ${min} to ${max} characters` }),
    Matches(NO_CONTROL, { message: '$property must not have control characters' }),
  ]);
};

/** Text of any form. */
export const LongText = (options: FieldOptions & { max: number }): PropertyDecorator =>
  field(options, { type: String, minLength: 1, maxLength: options.max }, [
    IsString({ message: '$property must be text' }),
    Length(1, options.max, { message: `$property must have 1 to ${options.max} characters` }),
  ]);

/** Text of a given form. */
export const Pattern = (pattern: RegExp, options: FieldOptions & { says: string }): PropertyDecorator =>
  field(options, { type: String, pattern: pattern.source }, [
    Matches(pattern, { message: `$property must be ${options.says}` }),
  ]);

/** A whole number as a JSON number. */
export const Whole = (options: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator => {
  const { min = 0, max = LARGEST } = options;
  return field(options, { type: 'integer', minimum: min, maximum: max }, [
    IsInt({ message: '$property must be a whole number' }),
    Min(min, { message: `$property must be at least ${min}` }),
    Max(max, { message: `$property must be at most ${max}` }),
  ]);
};

/** A JSON number, also a broken one. */
export const Quantity = (options: FieldOptions & { min: number; max: number }): PropertyDecorator =>
  field(options, { type: Number, minimum: options.min, maximum: options.max }, [
    holds('quantity', 'must be a number', (value) => typeof value === 'number' && Number.isFinite(value)),
    Min(options.min, { message: `$property must be at least ${options.min}` }),
    Max(options.max, { message: `$property must be at most ${options.max}` }),
  ]);

export const Flag = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: Boolean }, [IsBoolean({ message: '$property must be true or false' })]);

/** One of a closed list. */
export const Choice = (values: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, enum: [...values] }, [
    IsIn([...values], { message: `$property must be one of ${values.join(', ')}` }),
  ]);

/** Several of a closed list, each once. */
export const Choices = (values: readonly string[], options: FieldOptions & { min?: number } = {}): PropertyDecorator =>
  field(options, { type: String, enum: [...values], isArray: true, minItems: options.min ?? 0 }, [
    IsArray({ message: '$property must be a list' }),
    ArrayMinSize(options.min ?? 0, { message: `$property must have at least ${options.min ?? 0} entries` }),
    IsIn([...values], { each: true, message: `$property must hold only ${values.join(', ')}` }),
    holds('distinct', 'must hold each entry once', (value) => !Array.isArray(value) || isDistinct(value)),
  ]);

/** An instant in ISO 8601, UTC. */
export const Instant = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date-time' }, [
    holds('instant', 'must be an instant such as 2026-01-31T08:00:00.000Z', isInstant),
  ]);

/** A time zone by its name. */
export const TimeZone = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, example: 'Asia/Singapore' }, [
    holds('timeZone', 'must be the name of a time zone', isTimeZone),
  ]);

/** An object of another class. */
export const Nested = (of: () => Class, options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: of }, [
    holds('object', 'must be an object', isPlainObject),
    ValidateNested({ message: '$property must be an object' }),
    Type(of),
  ]);

/** A list of objects of another class. */
export const NestedList = (
  of: () => Class,
  options: FieldOptions & { min?: number; max: number },
): PropertyDecorator => {
  const { min = 1, max } = options;
  return field(options, { type: of, isArray: true, minItems: min, maxItems: max }, [
    IsArray({ message: '$property must be a list' }),
    ArrayMinSize(min, { message: `$property must have at least ${min} entries` }),
    ArrayMaxSize(max, { message: `$property must have at most ${max} entries` }),
    holds('objects', 'must hold only objects', (value) => Array.isArray(value) && value.every(isPlainObject)),
    ValidateNested({ each: true, message: '$property must hold only objects' }),
    Type(of),
  ]);
};

/** An object of names and texts, both short. */
export const TextRecord = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'object', additionalProperties: { type: 'string' } }, [
    holds('textRecord', 'must be an object of texts', isTextRecord),
  ]);

/** A list of texts of one form. */
export const Texts = (pattern: RegExp, options: FieldOptions & { max: number; says: string }): PropertyDecorator =>
  field(options, { type: String, isArray: true, maxItems: options.max }, [
    IsArray({ message: '$property must be a list' }),
    ArrayMaxSize(options.max, { message: `$property must have at most ${options.max} entries` }),
    Matches(pattern, { each: true, message: `$property must hold only ${options.says}` }),
  ]);

/** A rule over one value. */
export const holds = (name: string, message: string, validate: (value: unknown) => boolean): PropertyDecorator =>
  ValidateBy({ name, validator: { validate, defaultMessage: () => `$property ${message}` } });

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function field(options: FieldOptions, api: ApiPropertyOptions, rules: readonly PropertyDecorator[]): PropertyDecorator {
  const { optional = false, about } = options;
  const isAbsent = optional ? [ValidateIf((_, value) => value !== undefined)] : [];
  const described = { ...api, required: !optional, ...(about !== undefined && { description: about }) };
  return applyDecorators(...isAbsent, ...rules, ApiProperty(described as object));
}

const isDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 64 || !/^[A-Za-z]/.test(value)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

function isTextRecord(value: unknown): boolean {
  if (!isPlainObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= 20 && entries.every(([name, text]) => NAME.test(name) && isShort(text));
}

const isShort = (text: unknown): boolean => typeof text === 'string' && text.length <= 255 && NO_CONTROL.test(text);
