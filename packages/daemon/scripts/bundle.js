// The program as few files: a process that reads one file starts faster than one that reads four hundred. Every dynamic
// import, and the worker, becomes a bundle of its own beside dist/bin.js, so that a command loads what it needs and
// nothing else. What tsc made of the other sources stays in dist: it is the library. Run by `npm run build`, after tsc.
// Those of PRECOMPILED are made a second time, as scripts with a code cache (src/cli/precompiled.ts).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const PACKAGE = join(import.meta.dirname, '..');
const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
/** What is not ours, and the addon's package, stays where npm put it: much of it looks for files of its own beside it. */
const EXTERNAL = Object.keys(dependencies).filter((name) => !name.startsWith('@vrrp/') || name.endsWith('-native'));
/** What runs on every change of a configuration file, and in every editor and CI, is worth a start without compilation. */
const PRECOMPILED = ['config-test'];

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

/**
 * Node's own modules without the loader of ES modules: that one reads every export of what it loads, and to read
 * `fs.promises` loads streams, which takes a tenth of the whole start of `vrrpd -t`. What a bundle does not import from
 * them is shaken off.
 */
const builtinModules = {
  name: 'builtin-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin', sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter((name) => name !== 'default');
      const picks = names.map((name) => `export const ${name} = /* @__PURE__ */ pick(${JSON.stringify(name)});`);
      const pick = `const pick = (name) => process.getBuiltinModule(${JSON.stringify(path)})[name];`;
      return { contents: [pick, ...picks].join('\n') };
    });
  },
};

const options = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: EXTERNAL,
  plugins: [dynamicImports, builtinModules],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
};

// A Map is walked on to the entries that are added on the way.
for (const [name, entry] of bundles) {
  await build({ ...options, entryPoints: [entry], outfile: join(PACKAGE, 'dist', `${name}.js`), format: 'esm' });
}
for (const name of PRECOMPILED) await buildScript(name);

/** The bundle as an expression that V8 can keep a cache of, which it cannot of an ES module. */
async function buildScript(name) {
  const outfile = join(PACKAGE, 'dist', `${name}.script.js`);
  const hashGoesHere = `// ${'0'.repeat(64)}`;
  await build({
    ...options,
    entryPoints: [bundles.get(name)],
    outfile,
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: `${hashGoesHere}\n(function (module, require, bundleUrl) {` },
    footer: { js: '})' },
  });
  const script = readFileSync(outfile, 'utf8');
  const hash = createHash('sha256').update(script).digest('hex');
  writeFileSync(outfile, script.replace(hashGoesHere, `// ${hash}`));
  // In a process of its own: V8's cache holds what has been run since the script was loaded.
  execFileSync(process.execPath, [join(PACKAGE, 'scripts', 'warm-up.js'), outfile], { stdio: 'inherit' });
}
