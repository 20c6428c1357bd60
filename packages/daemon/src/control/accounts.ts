// Users and groups of this machine by name, from passwd(5) and group(5). Pure parsing below the two readers.
import { readFileSync } from 'node:fs';
import type { RunAs } from '@vrrp/trackers';

const ID_MAX = 0xffff_ffff;

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined when there is no such user. */
export function userAccount(name: string): Account | undefined {
  const fields = databaseEntry(readDatabase('/etc/passwd'), name);
  if (fields === undefined) return undefined;
  const [uid, gid] = [idIn(fields[2]), idIn(fields[3])];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

export function groupId(name: string): number | undefined {
  const fields = databaseEntry(readDatabase('/etc/group'), name);
  return idIn(fields?.[2]);
}

/** Undefined when there is no such user; a group that does not exist is the user's own. */
export function runAs(user: string, group: string | undefined): RunAs | undefined {
  const account = userAccount(user);
  if (account === undefined) return undefined;
  return { uid: account.uid, gid: group === undefined ? account.gid : (groupId(group) ?? account.gid) };
}

/** A damaged line is nobody: an empty number would be root. The last number of all means "no change" (setresuid(2)). */
export function idIn(text: string | undefined): number | undefined {
  const id = text !== undefined && /^\d+$/.test(text) ? Number(text) : ID_MAX;
  return id < ID_MAX ? id : undefined;
}

/** The fields of the line that starts with `name:`. */
export function databaseEntry(text: string, name: string): readonly string[] | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${name}:`));
  return line?.split(':');
}

function readDatabase(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
