// The program as few files: a process that reads one file starts faster than one that reads four hundred. Every dynamic
// import, and the worker, becomes a bundle of its own beside dist/bin.js, so that a command loads what it needs and
// nothing else. What tsc made of the other sources stays in dist: it is the library. Run by `npm run build`, after tsc.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const PACKAGE = join(import.meta.dirname, '..');
const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
/** What is not ours, and the addon's package, stays where npm put it: much of it looks for files of its own beside it. */
const EXTERNAL = Object.keys(dependencies).filter((name) => !name.startsWith('@vrrp/') || name.endsWith('-native'));

const bundles = new Map([
  ['bin', join(PACKAGE, 'src', 'bin.ts')],
  ['worker', join(PACKAGE, 'src', 'engine', 'worker.ts')],
]);

/** `import('./x.js')` stays as it is; x becomes the next bundle. All of them are in one folder, so the words are right. */
const dynamicImports = {
  name: 'dynamic-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const name = basename(path, '.js');
      const entry = join(resolveDir, `${name}.ts`);
      if ((bundles.get(name) ?? entry) !== entry) return { errors: [{ text: `two bundles would be named ${name}` }] };
      bundles.set(name, entry);
      return { path, external: true };
    });
  },
};

// A Map is walked on to the entries that are added on the way.
for (const [name, entry] of bundles) {
  await build({
    entryPoints: [entry],
    outfile: join(PACKAGE, 'dist', `${name}.js`),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    plugins: [dynamicImports],
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  });
}
