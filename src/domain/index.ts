export * from './ids';
export * from './money';
export * from './order';
export * from './position';
export * from './stock-request';
