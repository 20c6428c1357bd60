// proc(5), /proc/PID/stat: `PID (comm) STATE PPID PGRP … STARTTIME …`; comm may itself hold blanks and parentheses.

import { readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly comm: string;
  readonly zombie: boolean;
  readonly group: number;
  /** Ticks since the machine started: with the pid it names one process for ever. */
  readonly startTime: string;
}

/** Undefined for a process that is not there any more. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  const stat = readProcessFile(pid, 'stat');
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  const fields = stat.slice(close + 2).split(' ');
  const [state] = fields;
  return {
    comm: stat.slice(open + 1, close),
    zombie: state === 'Z' || state === 'X',
    group: Number(fields[FIELD.group]),
    startTime: fields[FIELD.startTime] ?? '',
  };
}

/** '' for a process that is not there any more. */
export function readProcessFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Positions after comm: proc(5) counts pgrp as the 5th field and starttime as the 22nd, the state being the 3rd. */
const FIELD = { group: 5 - 3, startTime: 22 - 3 } as const;
