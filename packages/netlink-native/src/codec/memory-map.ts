// The memory map of a process as the kernel writes it (proc_pid_maps(5)), and which of it can be locked without harm.

export interface MemoryRange {
  readonly start: number;
  readonly end: number;
}

/** Memory of the C library's own; what is anonymous and has no such name may be V8's. */
const LOCKABLE_NAMES: ReadonlySet<string> = new Set(['[heap]', '[stack]']);

/** The readable ranges that hold files (program, libraries, their data), the C heap or the main stack. */
export function lockableRanges(map: string): readonly MemoryRange[] {
  return map.split('\n').flatMap((line) => {
    // "7f0000000000-7f0000001000 rw-p 00000000 fe:00 4711    /usr/lib/name"
    const [, start, end, inode, name] = /^([0-9a-f]+)-([0-9a-f]+) r\S{3} \S+ \S+ (\d+)\s*(.*)$/.exec(line) ?? [];
    if (start === undefined || end === undefined || name === undefined) return [];
    if (inode === '0' && !LOCKABLE_NAMES.has(name)) return [];
    return [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }];
  });
}
