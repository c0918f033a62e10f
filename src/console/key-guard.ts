import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Log } from '../platform/logger';
import { CallersService } from './callers.service';
import { principalOf, type KnownRequest, type Principal, type Role } from './principal';
import { Refusal, notFound } from './refusal';
import { ROLES_OF_ROUTE } from './roles';

/** Lets a call pass when its key has one of the route's roles. Routes of other rooms guard themselves. */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallersService,
    private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const roles = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES_OF_ROUTE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (roles === undefined) return true;
    const request = context.switchToHttp().getRequest<KnownRequest>();
    request.principal = await this.callers.identify(request.headers.authorization, textOf(request));
    this.tell(request);
    mayCall(principalOf(request), { roles, sellerInPath: (request.params as Record<string, string>)['seller'] });
    return true;
  }

  private tell(request: KnownRequest): void {
    const { isRoot, seller } = principalOf(request);
    if (!isRoot || seller === undefined) return;
    this.log.info(
      { seller, method: request.method, route: request.routeOptions.url },
      'the root key acts for a seller',
    );
  }
}

/**
 * The table of roles.
 * @throws Refusal 403 for a wrong role, 404 for another seller's path.
 */
export function mayCall(
  principal: Principal,
  route: { readonly roles: readonly Role[]; readonly sellerInPath?: string | undefined },
): void {
  if (principal.isRoot) return;
  const hasRole = principal.roles.some((role) => route.roles.includes(role));
  if (!hasRole) throw new Refusal(403, 'forbidden', { detail: 'The key has none of the roles that this needs.' });
  if (route.sellerInPath !== undefined && route.sellerInPath !== principal.seller) throw notFound();
}

function textOf(request: KnownRequest): string | undefined {
  const header = request.headers['sluice-seller'];
  return typeof header === 'string' ? header : undefined;
}
