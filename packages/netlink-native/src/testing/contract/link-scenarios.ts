// The kernel contract of links: what a cable, an administrator and a new name do to them and to what they carry.
import assert from 'node:assert/strict';

import { inShort, isLink, removed } from './scene.js';
import type { Scenario } from './scene.js';

export function linkScenarios(scenario: Scenario): void {
  scenario('a cable that is pulled takes the carrier, not the administrative state', async (scene) => {
    await scene.setCarrier(false);
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: true, running: false }));
    await scene.setCarrier(true);
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: true, running: true }));
  });

  scenario('a link that is set down loses its IPv6 addresses and keeps its IPv4 addresses', async (scene) => {
    await scene.kernel.apply([{ action: 'add', object: scene.spec }]);
    await scene.addAddress('2001:db8::9/64');
    await scene.setLink('down');
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: false, running: false }));
    await scene.heard(removed('2001:db8::9'));
    assert.ok((await scene.find(scene.spec.address)) !== undefined);
    assert.equal(await scene.find('2001:db8::9'), undefined);
    const now = (await scene.kernel.read('link')).find(({ index }) => index === scene.link.index);
    assert.deepEqual([now?.adminUp, now?.running], [false, false]);
  });

  scenario('a link that goes is heard going down, then losing its addresses, then gone', async (scene) => {
    const { link, spec } = scene;
    await scene.add(spec, { ...spec, address: '192.0.2.8' });
    await scene.add({ ...spec, family: 6, address: '2001:db8::7', prefixLength: 64, noDad: true });
    await scene.heard(
      (event) => event.kind === 'changed' && event.object.kind === 'address' && event.object.family === 6,
    );
    const before = scene.events.length;
    await scene.removeLink();
    await scene.heard(
      (event) => event.kind === 'removed' && event.object.kind === 'link' && event.object.index === link.index,
    );
    const known = new Set([link.name, '192.0.2.7', '192.0.2.8', '2001:db8::7'].map((name) => `removed ${name}`));
    assert.deepEqual(
      inShort(scene.events.slice(before)).filter((text) => known.has(text) || text === `changed ${link.name}`),
      [
        `changed ${link.name}`,
        ...['2001:db8::7', '192.0.2.7', '192.0.2.8', link.name].map((name) => `removed ${name}`),
      ],
    );
    assert.ok(!(await scene.kernel.read('link')).some(({ index }) => index === link.index));
    assert.equal(await scene.find(spec.address), undefined);
  });
}

export function renamingScenarios(scenario: Scenario): void {
  scenario('a link that is renamed is the same link, and labels follow', async (scene) => {
    const { spec, link } = scene;
    await scene.add(
      spec,
      { ...spec, address: '192.0.2.8' },
      { ...spec, address: '192.0.2.9', label: `${link.name}:x` },
    );
    await scene.setLink('down');
    await scene.renameLink('lan7');
    const renamed = await scene.heard(
      (event) => event.kind === 'changed' && event.object.kind === 'link' && event.object.name === 'lan7',
    );
    assert.ok(renamed.kind === 'changed' && renamed.object.kind === 'link');
    assert.deepEqual([renamed.object.index, renamed.own], [link.index, false]);
    await scene.heard(
      (event) => event.kind === 'changed' && event.object.kind === 'address' && event.object.label === 'lan7:x',
    );
    const held = await scene.kernel.read('address');
    const labels = held.filter(({ family, linkIndex }) => family === 4 && linkIndex === link.index);
    assert.deepEqual(
      labels.map(({ label }) => label),
      ['lan7', 'lan7:2', 'lan7:x'],
    );
    assert.ok(!inShort(scene.events).includes(`removed ${link.name}`));
  });
}
