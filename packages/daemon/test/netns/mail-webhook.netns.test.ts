// Mail and webhooks of the real program, as the examples configure them; and receivers that never answer, which cost
// nothing but log lines.
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { recordMail, recordRequests } from '../rig/recorder.js';
import { start } from './program.js';
import { createLoneNode, onStage } from './stage.js';

const example = (name: string) => ({
  file: fileURLToPath(new URL(`../../examples/${name}/keepalived.conf`, import.meta.url)),
});
const SMTP_PORT = 25;
const HTTP_PORT = 8080;
const STOP_WITHIN_MS = 1_000;

/** An address of the LAN that nobody has. */
const NOBODY = '192.0.2.77';

requires('root')('the real program', () => {
  test.concurrent('notifications: states are mailed, the last one at the stop', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const mails = await recordMail(stage.lab, namespace, SMTP_PORT);
      const program = await start(stage, { namespace, config: example('notifications') });
      await mails.waitFor({ what: 'the Master is mailed', satisfies: ({ text }) => text.includes('MASTER') });
      expect(await program.stop()).toBe(0);
      await mails.waitFor({ what: 'the stop is mailed', satisfies: ({ text }) => text.includes('Stopping') });
      const subjects = mails.entries.map(({ text }) => /^Subject: (.*)$/m.exec(text)?.[1]?.trim());
      expect(subjects).toEqual(
        ['Entering BACKUP state', 'Entering MASTER state', 'Stopping'].map(
          (what) => `[lb1] VRRP Instance VI_1 - ${what}`,
        ),
      );
      expect(mails.entries[0]).toMatchObject({ from: 'lb1@example.org', recipients: ['ops@example.org'] });
      await program.says(/^\(VI_1\) notify script .*changed\.sh \(STOP\): /);
    }),
  );

  test.concurrent('webhook: states are posted with their causes, the last one at the stop', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const requests = await recordRequests(stage.lab, namespace, HTTP_PORT);
      const program = await start(stage, { namespace, config: example('webhook') });
      await requests.waitFor({ what: 'the Master is posted', satisfies: ({ body }) => body.includes('MASTER') });
      expect(await program.stop()).toBe(0);
      await requests.waitFor({ what: 'the stop is posted', satisfies: ({ body }) => body.includes('STOP') });
      expect(requests.entries.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
        { sequence: 1, node: 'lb1', name: 'VI_1', state: 'BACKUP', previous: 'INIT', cause: 'startup', vrid: 51 },
        { sequence: 2, state: 'MASTER', previous: 'BACKUP', cause: 'master-down-timer', addresses: ['192.168.1.100'] },
        { sequence: 3, state: 'STOP', cause: 'shutdown' },
      ]);
      expect(requests.entries[0]).toMatchObject({
        method: 'POST',
        url: '/vrrp',
        headers: { authorization: 'Bearer change-me' },
      });
    }),
  );

  test.concurrent('receivers that never answer hold up neither the role nor the stop', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const config = `global_defs {
        smtp_server ${NOBODY}
        smtp_connect_timeout 1
        smtp_alert
        notification_email {
          a@example.org
        }
        notify_webhook http://${NOBODY}/hook
      }
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        version 3
        advert_int 0.1
        virtual_ipaddress {
          192.0.2.100
        }
      }`;
      const program = await start(stage, { namespace, config });
      const backup = await program.becomes('backup');
      const master = await program.becomes('master');
      const waited = ((master.monotonic ?? 0) - (backup.monotonic ?? 0)) / 1_000;
      expect(waited).toBeLessThan(MASTER_DOWN_MS + SLACK_MS);
      await program.says(/^\(VI_1\) mail \(BACKUP\) was not sent through \[192\.0\.2\.77\]:25: /);
      const before = performance.now();
      expect(await program.stop()).toBe(0);
      expect(performance.now() - before).toBeLessThan(STOP_WITHIN_MS);
      await program.says(/^\d webhook documents? w(as|ere) not delivered before the stop$/);
    }),
  );
});

/** RFC 9568 §6.1, priority 100 and 100 ms: three intervals and a skew of 156/256 of one. */
const MASTER_DOWN_MS = 361;
const SLACK_MS = 200;
