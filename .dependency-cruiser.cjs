/** Who may import whom, as CONTRIBUTING.md tells it. test/medium/imports.spec.ts shows each rule to fire. */
const ROOMS = '^src/(intake|normalize|ledger|push|polling|campaigns|prices|console|authorise|webhooks)/';
const SPECS = '\\.spec\\.ts$';
const PURE_PACKAGES = '(^|/)node_modules/zod/|^crypto$|^buffer$';
const WIRING = '^src/(app\\.module|main|audit)\\.ts$';

const rule = (parts) => ({ severity: 'error', ...parts });

module.exports = {
  forbidden: [
    rule({
      name: 'domain-imports-nothing',
      comment: 'The domain is types and rules: it imports nothing but itself.',
      from: { path: '^src/domain/', pathNot: SPECS },
      to: { pathNot: '^src/domain/' },
    }),
    rule({
      name: 'stock-knows-no-listings',
      comment: 'What happens to a sku is decided before, and without, anything that follows from it.',
      from: { path: '^src/domain/stock/', pathNot: SPECS },
      to: { path: '^src/domain/[a-z]+/', pathNot: '^src/domain/stock/' },
    }),
    rule({
      name: 'kit-sees-domain-only',
      comment: 'The kit is what every channel is written against: it knows the domain and nothing that does I/O.',
      from: { path: '^connectors/kit/', pathNot: SPECS },
      to: { pathNot: `^connectors/kit/|^src/domain/|${PURE_PACKAGES}` },
    }),
    rule({
      name: 'channel-sees-kit-and-domain',
      comment: 'A channel sees the kit, the domain and its own files; HTTP is handed in.',
      from: { path: '^connectors/(?!kit/)([^/]+)/', pathNot: SPECS },
      to: { pathNot: `^connectors/(kit|$1)/|^src/domain/|${PURE_PACKAGES}` },
    }),
    rule({
      name: 'channel-list-sees-channels',
      comment: 'connectors/index.ts is the list of channels and nothing else.',
      from: { path: '^connectors/index\\.ts$' },
      to: { pathNot: '^connectors/' },
    }),
    rule({
      name: 'platform-sees-domain-and-kit',
      comment: 'The platform carries out what the kit asks for (HTTP, errors), and knows neither stores nor rooms.',
      from: { path: '^src/platform/', pathNot: SPECS },
      to: { path: '^(src|connectors|sandbox|bench|embedded)/', pathNot: '^src/(platform|domain)/|^connectors/kit/' },
    }),
    rule({
      name: 'store-sees-domain-kit-and-platform',
      comment: 'A store reads and writes one collection; it decides nothing.',
      from: { path: '^src/store/', pathNot: SPECS },
      to: {
        path: '^(src|connectors|config|sandbox|bench|embedded)/',
        pathNot: '^(src/(store|platform|domain)|connectors/kit)/',
      },
    }),
    rule({
      name: 'room-sees-no-other-room',
      comment: 'Rooms meet through typed jobs, doors and stores, never by import.',
      from: { path: ROOMS, pathNot: SPECS },
      to: { path: ROOMS, pathNot: '^src/$1/' },
    }),
    rule({
      name: 'room-sees-domain-kit-store-platform',
      comment: 'A room sees the domain, the kit, the stores and the platform.',
      from: { path: ROOMS, pathNot: SPECS },
      to: { path: '^(src|config|sandbox|bench|embedded)/', pathNot: `^src/(store|platform|domain)/|${ROOMS}` },
    }),
    rule({
      name: 'no-channel-by-name',
      comment: 'Only the wiring sees the list of channels; nobody names a channel.',
      from: { path: '^(src|config|bench)/', pathNot: `${WIRING}|${SPECS}` },
      to: { path: '^connectors/', pathNot: '^connectors/kit/' },
    }),
    rule({
      name: 'nobody-imports-the-wiring',
      comment: 'app.module.ts and main.ts see everything, so nothing may see them.',
      from: { path: '^(src|connectors|config|sandbox)/', pathNot: '^src/(main|audit)\\.ts$' },
      to: { path: WIRING },
    }),
    rule({
      name: 'config-sees-itself',
      comment: 'Settings are one schema and one loader, known to everybody and knowing nobody.',
      from: { path: '^config/', pathNot: SPECS },
      to: { path: '^(src|connectors|sandbox|bench|embedded|test)/' },
    }),
    rule({
      name: 'mongoose-lives-in-store',
      comment: 'The database is spoken to by the stores; the platform makes its connection.',
      from: { path: '^src/', pathNot: `^src/(store|platform)/|${WIRING}|${SPECS}` },
      to: { path: '(^|/)node_modules/(mongoose|mongodb|@nestjs/mongoose)/' },
    }),
    rule({
      name: 'clients-live-in-platform',
      comment: 'Queues, Redis, HTTP clients and breakers are platform; rooms get them typed.',
      from: { path: '^src/', pathNot: `^src/platform/|${WIRING}|${SPECS}` },
      to: { path: '(^|/)node_modules/(bull|ioredis|axios|axios-retry|opossum|@nestjs/bull|@nestjs/bull-shared)/' },
    }),
    rule({
      name: 'sandbox-shares-no-code',
      comment:
        "The pretend marketplaces are written from the vendors' pages: one misreading must not cancel out another.",
      from: { path: '^sandbox/' },
      to: { path: '^(src|connectors|config|test|bench|embedded)/' },
    }),
    rule({
      name: 'nobody-imports-the-sandbox',
      comment: 'The sandbox is a program of its own, reached over HTTP.',
      from: { path: '^(src|connectors|config)/' },
      to: { path: '^sandbox/' },
    }),
    rule({
      name: 'nobody-imports-test',
      comment: 'What runs does not depend on what tests it.',
      from: { path: '^(src|connectors|config|sandbox|bench)/', pathNot: SPECS },
      to: { path: '^test/' },
    }),
    rule({
      name: 'no-development-packages',
      comment: 'What is installed for development only is missing in the image.',
      from: { path: '^(src|connectors|config|sandbox)/', pathNot: SPECS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    }),
    rule({
      name: 'no-cycles',
      comment: 'Two files that import each other are one file.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    }),
    rule({ name: 'no-missing', comment: 'What is imported must be there.', from: {}, to: { couldNotResolve: true } }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.dist-[^/]*)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'] },
  },
};
