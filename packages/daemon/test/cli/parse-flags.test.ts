// keepalived's command line, getopt_long(3)'s rules (keepalived(8)).
import { describe, expect, test } from '@jest/globals';
import { parseFlags } from '../../src/cli/parse-flags.js';

const values = (...argv: string[]): Record<string, string> => Object.fromEntries(parseFlags(argv).values);

describe('parseFlags', () => {
  test.each([
    ['single letters', ['-n', '-l', '-D'], { 'dont-fork': '', 'log-console': '', 'log-detail': '' }],
    ['a cluster of letters', ['-nlD'], { 'dont-fork': '', 'log-console': '', 'log-detail': '' }],
    ['a cluster that ends in an argument', ['-nf', 'a.conf'], { 'dont-fork': '', 'use-file': 'a.conf' }],
    ['a glued argument', ['-fa.conf'], { 'use-file': 'a.conf' }],
    ['a long option with =', ['--use-file=a.conf'], { 'use-file': 'a.conf' }],
    ['a long option with the next word', ['--use-file', 'a.conf'], { 'use-file': 'a.conf' }],
    ['an unambiguous abbreviation', ['--use-f', 'a.conf'], { 'use-file': 'a.conf' }],
    ['an optional argument only when attached', ['-t', '-f', 'x'], { 'config-test': '', 'use-file': 'x' }],
    ['an attached optional argument', ['--config-test=/tmp/log'], { 'config-test': '/tmp/log' }],
    ['a glued optional argument', ['-t/tmp/log'], { 'config-test': '/tmp/log' }],
    ['an exact name before a longer one', ['--vrrp'], { vrrp: '' }],
    ['the last of two values', ['-f', 'a', '-f', 'b'], { 'use-file': 'b' }],
  ])('reads %s', (_title, argv, expected) => {
    expect(values(...argv)).toEqual(expected);
  });

  test.each([
    ['an unknown long option', ['--bogus'], 'Unknown option --bogus'],
    ['an unknown letter', ['-n', '-z'], 'Unknown option -z'],
    ['an ambiguous abbreviation', ['--log'], 'Unknown option --log'],
    ['a missing argument', ['-f'], 'Option -f needs an argument'],
    ['an empty argument', ['--use-file='], 'Option --use-file needs an argument'],
    ['an argument to a flag without one', ['--vrrp=yes'], 'Option --vrrp takes no argument'],
  ])('names %s', (_title, argv, problem) => {
    expect(parseFlags(argv).problem).toBe(problem);
  });

  test('keeps words that belong to no flag and counts repetitions', () => {
    const flags = parseFlags(['-D', 'word', '-D', '--', '-n']);
    expect(flags.words).toEqual(['word', '-n']);
    expect(flags.counts.get('log-detail')).toBe(2);
  });
});
