export * from './ids';
export * from './money';
export * from './order';
export * from './position';
