// Mail settled: what global_defs passes on to instances and sync groups, and settings that cannot do what they are for.
import type { GlobalDraft, NotifyDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Placed } from '../bind/keyword.js';
import type { GlobalDefs } from '../model.js';

export function alertsByMail({ config }: Scope, { smtp_alert }: Pick<NotifyDraft, 'smtp_alert'>): boolean {
  return smtp_alert ?? config.globals.smtp_alert_vrrp ?? config.globals.smtp_alert ?? false;
}

type MailDefs = Pick<
  GlobalDefs,
  | 'notification_email'
  | 'notification_email_from'
  | 'smtp_server'
  | 'smtp_helo_name'
  | 'smtp_connect_timeout'
  | 'smtp_alert'
  | 'smtp_alert_vrrp'
  | 'no_email_faults'
  | 'smtp_security'
  | 'smtp_ca_file'
  | 'smtp_user'
  | 'smtp_password_file'
>;

export function completeMail(globals: GlobalDraft): MailDefs {
  return {
    notification_email: globals.notification_email,
    ...given(globals, 'notification_email_from'),
    ...given(globals, 'smtp_server'),
    ...given(globals, 'smtp_helo_name'),
    smtp_connect_timeout: globals.smtp_connect_timeout,
    ...given(globals, 'smtp_alert'),
    ...given(globals, 'smtp_alert_vrrp'),
    no_email_faults: globals.no_email_faults,
    smtp_security: globals.smtp_security,
    ...given(globals, 'smtp_ca_file'),
    ...given(globals, 'smtp_user'),
    ...given(globals, 'smtp_password_file'),
  };
}

function given<Key extends keyof MailDefs>(globals: GlobalDraft, key: Key): Pick<GlobalDraft, Key> | undefined {
  return globals[key] === undefined ? undefined : ({ [key]: globals[key] } as Pick<GlobalDraft, Key>);
}

/** keepalived says nothing of any of this. */
export function reportMail(scope: Scope): void {
  const { globals } = scope.config;
  reportUnreachable(scope);
  const { smtp_user: user, smtp_password_file: password } = globals;
  if ((user === undefined) !== (password === undefined)) {
    const [there, other] =
      user === undefined ? ['smtp_password_file', 'smtp_user'] : ['smtp_user', 'smtp_password_file'];
    report(scope, globals, there, `${there} without ${other}: the daemon does not log in to the mail server`);
  } else if (user !== undefined && globals.smtp_security === 'none') {
    report(scope, globals, 'smtp_user', 'without smtp_security the password goes to the mail server in the clear');
  }
}

function reportUnreachable(scope: Scope): void {
  const { globals, instances, syncGroups } = scope.config;
  const missing =
    globals.smtp_server === undefined
      ? 'smtp_server'
      : globals.notification_email.length === 0
        ? 'notification_email'
        : undefined;
  if (missing === undefined) return;
  const summary = `nobody is mailed: global_defs has no ${missing}`;
  for (const keyword of ['smtp_alert', 'smtp_alert_vrrp'] as const) {
    if (globals[keyword] === true) report(scope, globals, keyword, summary);
  }
  for (const draft of [...instances.values(), ...syncGroups.values()]) {
    if (draft.smtp_alert === true) report(scope, draft, 'smtp_alert', summary);
  }
}

function report(scope: Scope, draft: Placed, keyword: string, summary: string): void {
  const at = draft.at[keyword];
  if (at !== undefined) finding(scope, 'conf/mail-settings', wordSpan(at), summary);
}
