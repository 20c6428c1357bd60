// Which programs this machine lacks, and their installation where that is possible: Debian or a relative of it, as root.
// Standard library only. It never starts a service: a package that wants to is refused by a temporary policy-rc.d.
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runQuietly } from './child.mjs';

/** What building needs, and what the suites that run as root need on top: a program, and the package that brings it. */
const BUILD_PROGRAMS = [
  { program: 'cmake', package: 'cmake' },
  { program: 'g++', package: 'g++' },
  { program: 'make', package: 'make' },
];
const ROOT_PROGRAMS = [
  { program: 'ip', package: 'iproute2' },
  { program: 'ping', package: 'iputils-ping' },
];
const ROOT_TEST_PROGRAMS = [
  { program: 'keepalived', package: 'keepalived' },
  { program: 'tcpdump', package: 'tcpdump' },
  { program: 'nft', package: 'nftables' },
  { program: 'tshark', package: 'tshark' },
  { program: 'curl', package: 'curl' },
];

/** Where an administrator's programs live even when the PATH of the caller leaves them out. */
const ADMINISTRATOR_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
/** invoke-rc.d(8) and deb-systemd-invoke(1p) ask this file before they start anything; 101 means "not allowed". */
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY_TEXT =
  '#!/bin/sh\n# Temporary, by the set-up of vrrpd: a package that is installed now starts nothing.\nexit 101\n';
/** How long apt may wait for another apt, in seconds. */
const APT_LOCK_SECONDS = 120;

export function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...ADMINISTRATOR_FOLDERS];
  return folders.some((folder) => isExecutable(join(folder, program)));
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/** Whether the native addon can be compiled here. */
export function hasCompiler() {
  return BUILD_PROGRAMS.every(({ program }) => isOnPath(program));
}

/** The packages whose programs are not there. Without root no namespace suite runs, so only the compiler counts. */
export function missingPackages({ forTest }) {
  const wanted = [
    ...BUILD_PROGRAMS,
    ...(isRoot() ? ROOT_PROGRAMS : []),
    ...(isRoot() && forTest ? ROOT_TEST_PROGRAMS : []),
  ];
  return wanted.filter(({ program }) => !isOnPath(program)).map((entry) => entry.package);
}

/**
 * Installs what is missing and returns the sentences for what could not be done, none when all is there.
 * Never throws for a machine that cannot: whoever asked decides what works without.
 */
export async function installPackages(packages) {
  if (isPolicyOurs()) rmSync(POLICY_FILE); // Left by a run that was killed.
  if (packages.length === 0) return [];
  const command = `apt-get install ${packages.join(' ')}`;
  if (!isOnPath('apt-get')) {
    return [
      `This is not a Debian system (there is no apt-get): install ${packages.join(', ')} with its own package manager.`,
    ];
  }
  if (!isRoot()) return [`Missing: ${packages.join(', ')}. Only root can install them: sudo ${command}`];
  const update = await apt(['update', '-q']);
  if (update.status !== 0) return [`apt-get update failed: ${lastLine(update.output)} Then: ${command}`];
  if (!existsSync(POLICY_FILE)) writeFileSync(POLICY_FILE, POLICY_TEXT, { mode: 0o755, flag: 'wx' });
  try {
    const install = await apt(['install', '-q', '-y', '--no-install-recommends', ...packages]);
    if (install.status !== 0) return [`${command} failed: ${lastLine(install.output)}`];
  } finally {
    if (isPolicyOurs()) rmSync(POLICY_FILE);
  }
  return [];
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return runQuietly('apt-get', ['-o', `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`, ...args], { env });
}

function isPolicyOurs() {
  return isRoot() && existsSync(POLICY_FILE) && readFileSync(POLICY_FILE, 'utf8') === POLICY_TEXT;
}

function lastLine(output) {
  return output.trimEnd().split('\n').at(-1) ?? '';
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
