import { specsOf } from './specs';

for (const spec of specsOf('histories')) require(spec);
