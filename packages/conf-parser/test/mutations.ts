// Small random damage to a configuration, as editors, templates and people do it: lines lost, doubled, swapped or joined,
// words and braces lost or put where they do not belong. Deterministic for a seed.

/** A linear congruential generator: good enough to choose lines by, and the same on every machine. */
export function createChooser(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const WORDS = [
  ...'{ } " # ! \\ $X ${X} @ ~ 0 -1 eth0 10.0.0.1 foo priority state MASTER interface virtual_ipaddress weight dev , ; /24'.split(
    ' ',
  ),
  'virtual_ipaddress {',
  'authentication {',
  'vrrp_instance X {',
  'global_defs {',
  '\n',
];

/** One to three changes; `others` are lines to put in. */
export function damage(text: string, choose: (below: number) => number, others: readonly string[]): string {
  let lines = text.split('\n');
  for (let changes = 1 + choose(3); changes > 0; changes -= 1)
    lines = change(lines, choose, others).join('\n').split('\n');
  return lines.join('\n');
}

function change(
  lines: readonly string[],
  choose: (below: number) => number,
  others: readonly string[],
): readonly string[] {
  const at = choose(lines.length);
  const line = lines[at] ?? '';
  const word = WORDS[choose(WORDS.length)] ?? '';
  const cut = choose(line.length + 1);
  const replacement = (): readonly string[] => {
    switch (choose(7)) {
      case 0:
        return [];
      case 1:
        return [line, lines[choose(lines.length)] ?? ''];
      case 2:
        return [line, others[choose(others.length)] ?? ''];
      case 3:
        return [line.slice(0, cut) + word + line.slice(cut)];
      case 4:
        return [line.slice(0, cut) + line.slice(cut + 1)];
      case 5:
        return [`${line} ${word}`];
      default:
        return [line.replace(/\S+\s*/, '')];
    }
  };
  return [...lines.slice(0, at), ...replacement(), ...lines.slice(at + 1)];
}
