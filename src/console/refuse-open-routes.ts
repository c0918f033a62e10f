import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { BootRefusal } from '../platform/hub-error';
import { ROLES_OF_ROUTE } from './roles';

/** A route of the API without roles stops the boot: nothing is open by oversight. */
@Injectable()
export class RefuseOpenRoutes implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const open = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? this.openRoutes(metatype) : []));
    if (open.length > 0) throw new BootRefusal(`These routes name no roles: ${open.join(', ')}`);
  }

  private openRoutes(controller: { readonly name: string; readonly prototype?: unknown } & object): string[] {
    const base = this.reflector.get<string | string[] | undefined>(PATH_METADATA, controller as never);
    const paths = [base ?? ''].flat();
    if (!paths.some((path) => /^\/?v1(\/|$)/.test(path))) return [];
    const prototype = controller.prototype as Record<string, (...args: never[]) => unknown>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => this.isOpenRoute(controller, prototype[name]))
      .map((name) => `${controller.name}.${name}`);
  }

  private isOpenRoute(controller: object, handler: ((...args: never[]) => unknown) | undefined): boolean {
    if (handler === undefined || Reflect.getMetadata(PATH_METADATA, handler) === undefined) return false;
    const targets = [handler, controller] as never[];
    return this.reflector.getAllAndOverride<unknown>(ROLES_OF_ROUTE, targets) === undefined;
  }
}
