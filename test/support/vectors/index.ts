export * from './scenario';
export * from './stock-world';
export * from './order-book';
export * from './exposure';
export * from './play';
