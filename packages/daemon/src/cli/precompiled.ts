// A bundle out of a script and the code cache beside it (both made by scripts/bundle.js): what V8 compiled when the package
// was built is read, not compiled again. Measured: it takes away a third of what a test of a small configuration costs
// beyond Node's own start. A cache that was made by another Node, for another machine or another script, or is damaged,
// is not looked at, one that V8 does not want is not used: then the script is compiled like any other.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/** What such a script evaluates to: the body of a module. */
type Body = (module: { exports: unknown }, require: NodeJS.Require, url: string) => void;

/** What the script exports; undefined when there is none, as where nothing has been bundled. */
export function loadPrecompiled<Module>(url: URL): Module | undefined {
  const source = readIfThere(url)?.toString('latin1');
  if (source === undefined) return undefined;
  const cache = readIfThere(cacheUrl(url));
  const cached = cache === undefined ? undefined : unpackCache(cache, source);
  return evaluate(compileScript(source, url, cached), url) as Module;
}

/** @param source ASCII, as esbuild writes it. */
export function compileScript(source: string, url: URL, cachedData: Buffer | undefined): Script {
  return new Script(source, {
    filename: url.href,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: (specifier) => import(specifier),
  });
}

export function evaluate(script: Script, url: URL): unknown {
  const module = { exports: {} };
  const body = script.runInThisContext() as Body;
  body(module, createRequire(url), url.href);
  return module.exports;
}

export function cacheUrl(url: URL): URL {
  return new URL(`${url.href}.cache`);
}

/**
 * The content of a cache file: what it was made by and for, and V8's data twice. V8 sees for itself whether its version
 * and its flags are the same, but crashes over damaged data; two copies that are equal are not damaged. To compare them
 * takes 1 ms; a hash took 14 (loading node:crypto), a checksum in JavaScript 5.
 */
export function packCache(data: Buffer, source: string): Buffer {
  return Buffer.concat([Buffer.from(headerOf(source), 'latin1'), data, data]);
}

/** V8's data, when it can be used. */
export function unpackCache(file: Buffer, source: string): Buffer | undefined {
  const header = headerOf(source);
  if (file.toString('latin1', 0, header.length) !== header) return undefined;
  const half = (file.length - header.length) / 2;
  const data = file.subarray(header.length, header.length + half);
  return data.length > 0 && data.equals(file.subarray(header.length + half)) ? data : undefined;
}

/** The first line of a script is a comment with a hash of the rest. */
function headerOf(source: string): string {
  const { version, arch, platform } = process;
  return `${version} ${arch} ${platform} ${source.slice(0, source.indexOf('\n'))}\n`;
}

function readIfThere(url: URL): Buffer | undefined {
  try {
    return readFileSync(url);
  } catch {
    return undefined;
  }
}
