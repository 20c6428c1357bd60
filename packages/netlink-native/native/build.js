// Builds the native addon with cmake-js and puts it where the package ships it from: prebuilds/<platform>-<arch>-<libc>/.
// Needs cmake and a C++17 compiler and says so when they are missing. Downloads nothing.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

if (process.platform !== 'linux') {
  stop('The native addon is for Linux only. Everything that opens no socket works without it.');
}
for (const [programs, debianPackage] of [
  [['cmake'], 'cmake'],
  [[process.env['CXX'] ?? 'c++'], 'g++'],
  [['ninja', 'make'], 'make'],
]) {
  if (!programs.some((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined)) {
    const missing = programs.join(' or ');
    stop(
      `Building the native addon needs ${missing}, which is not installed. On Debian: apt-get install ${debianPackage}`,
    );
  }
}

removeForeignBuild(join(packageFolder, 'build'));
const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
const build = spawnSync(process.execPath, [cmakeJs, 'build', '--out', 'build', ...process.argv.slice(2)], {
  cwd: packageFolder,
  encoding: 'utf8',
});
if (build.status !== 0) stop(`${build.stdout}${build.stderr}\nThe native addon was not built; the reason is above.`);

const folder = join(packageFolder, 'prebuilds', `${process.platform}-${process.arch}-${libc()}`);
mkdirSync(folder, { recursive: true });
for (const file of ['vrrp_netlink.node', 'vrrp_hold_signals.so']) {
  const target = join(folder, file);
  // Put in place by rename: a process that has the old file mapped keeps it.
  copyFileSync(join(packageFolder, 'build', 'Release', file), `${target}.new`);
  renameSync(`${target}.new`, target);
  process.stdout.write(`${relative(packageFolder, target)}\n`);
}

/** As in src/native/load.ts, which must find what is written here: musl's loader shows in our own memory map. */
function libc() {
  return readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-') ? 'musl' : 'glibc';
}

/**
 * CMake builds the sources that it was first called for: where this package has been copied with its build folder, others'.
 * @param {string} folder
 */
function removeForeignBuild(folder) {
  const cache = join(folder, 'CMakeCache.txt');
  if (!existsSync(cache) || readFileSync(cache, 'utf8').includes(`CMAKE_HOME_DIRECTORY:INTERNAL=${packageFolder}\n`))
    return;
  rmSync(folder, { recursive: true });
}

/** @param {string} sentence */
function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
