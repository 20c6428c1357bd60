// What is mailed of a notice, pure: keepalived 2.2.7's subjects and bodies (seen on its dialogue with a mail server; those
// for STOP, which it never comes to send, are from its documentation).
import type { Notice, NoticeState } from '../../reports/notice.js';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** A state that mail is sent about. */
export type MailedState = Exclude<NoticeState, 'MASTER_RX_LOWER_PRI'>;

export function isMailed(state: NoticeState, options: { readonly faults: boolean }): state is MailedState {
  return state !== 'MASTER_RX_LOWER_PRI' && (state !== 'FAULT' || options.faults);
}

/** @param node who sends it: `router_id`, else the host. */
export function mailOf(notice: Notice & { readonly state: MailedState }, node: string): Mail {
  const { scope, name, state } = notice;
  const what = scope === 'GROUP' ? 'Group' : 'Instance';
  const said = scope === 'GROUP' ? groupSentence(state) : INSTANCE_SENTENCES[state];
  return {
    subject: `[${node}] VRRP ${what} ${name} - ${SUBJECTS[state]}`,
    // keepalived ends it with an empty line.
    text: `=> ${said} <=\r\n\r\n`,
  };
}

const SUBJECTS: Readonly<Record<MailedState, string>> = {
  MASTER: 'Entering MASTER state',
  BACKUP: 'Entering BACKUP state',
  FAULT: 'Entering FAULT state',
  STOP: 'Stopping',
  DELETED: 'Deleted',
};

const INSTANCE_SENTENCES: Readonly<Record<MailedState, string>> = {
  MASTER: 'VRRP Instance is now owning VRRP VIPs',
  BACKUP: 'VRRP Instance is no longer owning VRRP VIPs',
  FAULT: 'VRRP Instance is no longer owning VRRP VIPs',
  STOP: 'VRRP Instance stopping',
  DELETED: 'VRRP Deleted at reload',
};

function groupSentence(state: MailedState): string {
  return state === 'STOP'
    ? 'All VRRP group instances are now stopping'
    : `All VRRP group instances are now in ${state} state`;
}

/** Canonical name of this host as hosts(5) has it: keepalived presents itself by it. */
export function canonicalHostName(name: string, hosts: string): string {
  for (const line of hosts.split('\n')) {
    const [address, ...names] = line
      .replace(/#.*/, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    if (address !== undefined && names.includes(name)) return names[0] ?? name;
  }
  return name;
}
