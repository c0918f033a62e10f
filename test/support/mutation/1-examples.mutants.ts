import { specsOf } from './specs';

for (const spec of specsOf('examples')) require(spec);
require('../../rules/vectors.spec');
