import { SetMetadata } from '@nestjs/common';
import type { Role } from './principal';

/** Where the roles of a route are kept. */
export const ROLES_OF_ROUTE = 'sluice:roles';

/** Reading what belongs to the seller is for everybody who works there. */
export const READERS: readonly Role[] = ['viewer', 'editor', 'approver', 'operator', 'admin'];

/** Who may call a route. The root key may call every one of them, for a seller where the route needs one. */
export const Roles = (...roles: readonly Role[]): MethodDecorator & ClassDecorator =>
  SetMetadata(ROLES_OF_ROUTE, roles);
