// What is kept of the LVS side while it is read: as much as keepalived's checks of the whole need.
// vrrpd does not do LVS; it reads these blocks so that a configuration test says what keepalived's says.
import type { ScriptSpec } from './drafts.js';
import type { Word } from './statement.js';
import type { IpAddress } from '../ip-address.js';
import type { Placed } from './keyword.js';

export interface RealServerDraft extends Placed {
  readonly word: Word;
  readonly address: string;
  readonly family: 4 | 6;
  /** 0 when none was given. */
  readonly port: number;
  lvsMethod?: string;
  weight?: number;
}

export interface ServerGroupDraft {
  readonly word: Word;
  readonly kinds: Set<4 | 6 | 'fwmark'>;
  readonly ports: Set<number>;
}

export interface VirtualServerDraft extends Placed {
  readonly word: Word;
  readonly kind: 'address' | 'fwmark' | 'group';
  /** Name of the virtual_server_group. */
  readonly group?: string;
  readonly port: number;
  family: 4 | 6 | undefined;
  protocol?: string;
  scheduler?: string;
  weight?: number;
  lvsMethod?: string;
  /** Scheduler flags. */
  readonly flags: Set<string>;
  readonly realServers: RealServerDraft[];
  sorryServer?: Word;
  persistent?: true;
  quorum?: { readonly value: number; readonly word: Word };
  hysteresis?: { readonly value: number; readonly word: Word };
  /** Check scripts and notify scripts of the virtual server and its real servers. */
  readonly scripts: ScriptSpec[];
}

export interface CheckDraft extends Placed {
  readonly server: VirtualServerDraft;
  /** The command of MISC_CHECK; of several the last one. */
  script?: ScriptSpec;
  /** Its user does not exist: it is not run. */
  refused?: true;
  /** Where it connects to: the real server, if nothing else is said. */
  target: IpAddress;
  boundToInterface?: true;
  /** What FILE_CHECK or BFD_CHECK looks at. */
  reference?: string;
  /** Of the answers of a UDP_CHECK. */
  replyLengths?: { readonly min?: number; readonly max?: number };
}
