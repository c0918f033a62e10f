/** Who may import whom, as CONTRIBUTING.md tells it. test/medium/imports.spec.ts shows each rule to fire. */
const ROOMS = '^src/(intake|normalize|ledger|push|campaigns|prices|console)/';
const SPECS = '\\.spec\\.ts$';
const PURE_PACKAGES = '(^|/)node_modules/zod/|^crypto$|^buffer$';
const WIRING = '^src/(app\\.module|main)\\.ts$';

const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    rule(
      'domain-imports-nothing',
      'The domain is types and rules: it imports nothing but itself.',
      { path: '^src/domain/', pathNot: SPECS },
      { pathNot: '^src/domain/' },
    ),
    rule(
      'kit-sees-domain-only',
      'The kit is what every channel is written against: it knows the domain and nothing that does I/O.',
      { path: '^connectors/kit/', pathNot: SPECS },
      { pathNot: `^connectors/kit/|^src/domain/|${PURE_PACKAGES}` },
    ),
    rule(
      'channel-sees-kit-and-domain',
      'A channel sees the kit, the domain and its own files; HTTP is handed in.',
      { path: '^connectors/(?!kit/)([^/]+)/', pathNot: SPECS },
      { pathNot: `^connectors/(kit|$1)/|^src/domain/|${PURE_PACKAGES}` },
    ),
    rule(
      'channel-list-sees-channels',
      'connectors/index.ts is the list of channels and nothing else.',
      { path: '^connectors/index\\.ts$' },
      { pathNot: '^connectors/' },
    ),
    rule(
      'platform-sees-domain',
      'The platform knows the domain and the settings; what it connects is handed to it.',
      { path: '^src/platform/', pathNot: SPECS },
      { path: '^(src|connectors|sandbox|bench|embedded)/', pathNot: '^src/(platform|domain)/|^connectors/kit/' },
    ),
    rule(
      'store-sees-domain-and-platform',
      'A store reads and writes one collection; it decides nothing.',
      { path: '^src/store/', pathNot: SPECS },
      { path: '^(src|connectors|config|sandbox|bench|embedded)/', pathNot: '^src/(store|platform|domain)/' },
    ),
    rule(
      'room-sees-no-other-room',
      'Rooms meet through typed jobs, doors and stores, never by import.',
      { path: ROOMS, pathNot: SPECS },
      { path: ROOMS, pathNot: '^src/$1/' },
    ),
    rule(
      'room-sees-domain-kit-store-platform',
      'A room sees the domain, the kit, the stores and the platform.',
      { path: ROOMS, pathNot: SPECS },
      { path: '^(src|config|sandbox|bench|embedded)/', pathNot: `^src/(store|platform|domain)/|${ROOMS}` },
    ),
    rule(
      'no-channel-by-name',
      'Only the wiring sees the list of channels; nobody names a channel.',
      { path: '^(src|config|bench)/', pathNot: `${WIRING}|${SPECS}` },
      { path: '^connectors/', pathNot: '^connectors/kit/' },
    ),
    rule(
      'nobody-imports-the-wiring',
      'app.module.ts and main.ts see everything, so nothing may see them.',
      { path: '^(src|connectors|config|sandbox)/', pathNot: '^src/main\\.ts$' },
      { path: WIRING },
    ),
    rule(
      'config-sees-itself',
      'Settings are one schema and one loader, known to everybody and knowing nobody.',
      { path: '^config/', pathNot: SPECS },
      { path: '^(src|connectors|sandbox|bench|embedded|test)/' },
    ),
    rule(
      'mongoose-lives-in-store',
      'The database is spoken to by the stores; the platform makes its connection.',
      { path: '^src/', pathNot: `^src/(store|platform)/|${WIRING}|${SPECS}` },
      { path: '(^|/)node_modules/(mongoose|mongodb|@nestjs/mongoose)/' },
    ),
    rule(
      'clients-live-in-platform',
      'Queues, Redis, HTTP clients and breakers are platform; rooms get them typed.',
      { path: '^src/', pathNot: `^src/platform/|${WIRING}|${SPECS}` },
      { path: '(^|/)node_modules/(bull|ioredis|axios|axios-retry|opossum|@nestjs/bull|@nestjs/bull-shared)/' },
    ),
    rule(
      'sandbox-shares-no-code',
      "The pretend marketplaces are written from the vendors' pages: one misreading must not cancel out another.",
      { path: '^sandbox/' },
      { path: '^(src|connectors|config|test|bench|embedded)/' },
    ),
    rule(
      'nobody-imports-the-sandbox',
      'The sandbox is a program of its own, reached over HTTP.',
      { path: '^(src|connectors|config)/' },
      { path: '^sandbox/' },
    ),
    rule(
      'nobody-imports-test',
      'What runs does not depend on what tests it.',
      { path: '^(src|connectors|config|sandbox|bench)/', pathNot: SPECS },
      { path: '^test/' },
    ),
    rule(
      'no-development-packages',
      'What is installed for development only is missing in the image.',
      { path: '^(src|connectors|config|sandbox)/', pathNot: SPECS },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'no-cycles',
      'Two files that import each other are one file.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule('no-missing', 'What is imported must be there.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.dist-[^/]*)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'] },
  },
};
