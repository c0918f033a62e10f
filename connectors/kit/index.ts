export * from './channel-error';
export * from './connector';
export * from './http';
export * from './json';
export * from './sign';
export * from './fold-units';
export * from './wire-fields';
