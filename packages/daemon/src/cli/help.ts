// The texts of -h and -v, made from the table of flags.
import { VERSION } from '../version.js';
import { COMMAND_LINES } from './command-lines.js';
import { FLAGS, type Flag } from './keepalived-flags.js';

const COLUMN = 34;

export function versionText(): string {
  return `vrrpd v${VERSION}\n\nNode.js ${process.version} on ${process.platform} ${process.arch}`;
}

export function helpText(): string {
  const flags = FLAGS.map(flagLine);
  return [
    'Usage: vrrpd [OPTION...]          run the daemon, with the flags of keepalived',
    '       vrrpd COMMAND [...]        see below',
    '',
    ...flags,
    '',
    'Commands:',
    ...COMMAND_LINES,
  ].join('\n');
}

function flagLine({ short, long, argument, describe, without }: Flag): string {
  const value = { none: '', required: '=ARG', attached: '[=FILE]' }[argument];
  const left = `  ${short === undefined ? '    ' : `-${short}, `}--${long}${value}`;
  return `${left.padEnd(COLUMN)}${describe}${without === undefined ? '' : ` (no effect: ${without})`}`;
}
