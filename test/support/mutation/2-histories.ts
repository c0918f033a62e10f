import { specsOf } from './specs';

for (const spec of specsOf('histories')) jest.requireActual(spec);
