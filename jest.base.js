// The jest settings every package shares: TypeScript through swc, modules as ESM, `./x.js` resolved to `./x.ts`.
export function jestConfig(displayName, overrides = {}) {
  return {
    displayName,
    testEnvironment: 'node',
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '\\.netns\\.test\\.ts$', '/test/interop/'],
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    transform: {
      '^.+\\.ts$': [
        '@swc/jest',
        { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
      ],
    },
    coverageProvider: 'v8',
    ...overrides,
  };
}

// What a suite that needs namespaces runs with: only `*.netns.test.ts`, one file at a time, because they measure time.
export function netnsConfig(displayName) {
  return jestConfig(`${displayName} netns`, {
    testMatch: ['<rootDir>/test/**/*.netns.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/test/interop/'],
    maxWorkers: 1,
    testTimeout: 60_000,
  });
}
