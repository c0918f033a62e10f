import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { isPlainObject } from './fields';
import { faulty, type Fault } from './refusal';

const UNKNOWN_FIELD = 'whitelistValidation';

/**
 * Holds what a caller sent against the class of its schema and names every fault at once. What passes is handed on
 * exactly as it came: nothing is turned into another type.
 */
@Injectable()
export class CheckBody implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom' || !metatype || !hasRules(metatype)) return value;
    const given = value === undefined ? {} : value;
    if (!isPlainObject(given)) throw faulty([{ path: '', message: 'the body must be an object' }]);
    const errors = await validate(plainToInstance(metatype as Type<object>, given), {
      whitelist: true,
      forbidNonWhitelisted: true,
      validationError: { target: false, value: false },
    });
    const faults = errors.flatMap((error) => faultsOf(error, ''));
    if (faults.length > 0) throw faulty(faults);
    return given;
  }
}

function hasRules(metatype: NonNullable<ArgumentMetadata['metatype']>): boolean {
  return getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false).length > 0;
}

function faultsOf({ property, constraints = {}, children = [] }: ValidationError, above: string): Fault[] {
  const path = above === '' ? property : `${above}.${property}`;
  const own = Object.entries(constraints).map(([rule, message]) => ({
    path,
    message: rule === UNKNOWN_FIELD ? `${property} is no field of this` : message,
  }));
  return [...own, ...children.flatMap((child) => faultsOf(child, path))];
}
