// The port through which the script security check sees the file system. Implemented by src/node/path-facts.ts and by a
// table in tests: what the check decides depends on nothing else.

export interface PathFacts {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits with setuid, setgid and sticky: 0..0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** What a symbolic link points to, as written in it. */
  readonly target?: string;
}

export interface PathFactsSource {
  /** One absolute path, its last component not followed if it is a symbolic link; undefined when there is none. */
  look(path: string): PathFacts | undefined;
  /** For messages; the number where there is no name. */
  userName(uid: number): string;
  groupName(gid: number): string;
}
