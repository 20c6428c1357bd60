// Posts a webhook's document with the fetch of Node.js. It knows nothing of retries.
import { VERSION } from '../../version.js';
import type { WebhookClient } from './webhooks.js';

export const httpClient: WebhookClient = {
  async post({ url, headers }, body, signal) {
    const named = new Headers(headers.map(({ name, value }): [string, string] => [name, value]));
    named.set('content-type', 'application/json');
    if (!named.has('user-agent')) named.set('user-agent', `vrrpd/${VERSION}`);
    try {
      const response = await fetch(url, { method: 'POST', headers: named, body, redirect: 'manual', signal });
      // Nobody reads it, and an open body keeps its connection.
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  },
};

/** fetch says only that it failed; why is in the cause, whose message is empty when several addresses were tried. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown };
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  return [message, code, String(error)].find((text) => text !== undefined && text !== '') ?? 'failed';
}
