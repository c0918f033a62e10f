import { specsOf } from './specs';

for (const spec of specsOf('examples')) jest.requireActual(spec);
jest.requireActual('../../rules/vectors.spec');
