// The jest settings every package shares: TypeScript through swc, modules as ESM, `./x.js` resolved to `./x.ts`.
import { fileURLToPath } from 'node:url';

const summaryReporter = fileURLToPath(new URL('./scripts/jest-summary-reporter.mjs', import.meta.url));

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
    reporters: ['default', summaryReporter],
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

// The suites against other VRRP daemons: as the namespace suites, in test/interop. Two daemons that start while a third is
// measured are enough for two cores.
export function interopConfig(displayName) {
  return jestConfig(`${displayName} interop`, {
    testMatch: ['<rootDir>/test/interop/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/'],
    maxWorkers: 1,
    maxConcurrency: 3,
    testTimeout: 60_000,
  });
}
