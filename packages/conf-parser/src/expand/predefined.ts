// The names keepalived defines itself: `_PWD`, `_INSTANCE`, `_RANDOM`, `_ENV`, `_HASH`, `_BANG`
// (keepalived.conf(5), "PARAMETER SUBSTITUTION"). A `$_NAME=` line of the configuration goes before these.
import type { SystemFacts } from '../source.js';
import type { Predefined } from './definitions.js';
import { directoryOf } from './include.js';
import { fileOf } from './mapped-text.js';
import type { MappedText } from './mapped-text.js';

export interface PredefinedSources {
  readonly configId: string;
  readonly facts: SystemFacts;
}

/** `_PWD` is the directory of the file that `line` stands in. */
export function predefinedNames(line: MappedText, sources: PredefinedSources): Predefined {
  return (name, argument) => {
    switch (name) {
      case '_PWD':
        return directoryOf(fileOf(line)?.path ?? '');
      case '_INSTANCE':
        return sources.configId;
      case '_RANDOM':
        return String(randomIn(argument, sources.facts));
      case '_ENV':
        return sources.facts.environment?.(argument) ?? '';
      case '_HASH':
        return '#';
      case '_BANG':
        return '!';
      default:
        return undefined;
    }
  };
}

function randomIn(argument: string, facts: SystemFacts): number {
  const [min = 0, max = 32_767] = argument
    .split(/[ \t]+/)
    .filter((part) => /^\d+$/.test(part))
    .map(Number);
  return min > max ? min : (facts.random?.(min, max) ?? min);
}
