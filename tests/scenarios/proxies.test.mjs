// Behind the reverse proxies of etc/: a donor's whole way, whose address counts, and what two servers
// could read differently.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { refused, refusedEarly, unseen } from './lib/hostile.mjs';
import { proxies } from './lib/proxies.mjs';
import { signature } from './lib/stripe.mjs';
import { newWorld } from './lib/world.mjs';

const form = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' };

for (const [name, start] of Object.entries(proxies))
  describe(`behind ${name}`, () => {
    let world;
    let proxy;

    before(async () => {
      world = await newWorld({ configure: (config) => {
        config.public.trusted_proxies = ['127.0.0.1'];
        config.limits.sessions_per_address_minute = 4;
      } });
      const folder = path.join(world.folder, name);
      fs.mkdirSync(folder);
      proxy = await start(folder, world.publicPort);
    });
    after(async () => {
      await proxy?.stop();
      await world.end();
    });

    test('a gift goes its whole way', async () => {
      const page = await proxy.send({ path: '/c/box', headers: { Accept: 'text/html' } });
      assert.equal(page.status, 200);
      assert.match(page.body, /box-100/);
      assert.match(page.header('content-security-policy'), /default-src 'none'/);
      assert.equal(page.header('strict-transport-security'), 'max-age=31536000');
      const pressed = await proxy.send({ method: 'POST', path: '/v1/checkout', headers: form, body: 'tier=box-100' });
      assert.equal(pressed.status, 303, pressed.body);
      const session = pressed.header('location').slice(pressed.header('location').lastIndexOf('/') + 1);
      await world.pay({ session });
      await world.toldAll();
      assert.equal(world.lines('settled').length, 1);
    });

    test('a delivery arrives byte for byte, also a large one', async () => {
      // Other business of the account, so that nothing is written.
      const object = { id: 'cs_test_other', object: 'checkout.session', mode: 'payment', payment_status: 'paid', payment_intent: 'pi_other', amount_total: 100, currency: 'eur', padding: 'ä€\u2028 '.repeat(20000) };
      const payload = JSON.stringify({ id: 'evt_other', object: 'event', type: 'checkout.session.completed', created: Math.floor(Date.now() / 1000), livemode: false, data: { object } }, null, 2);
      const deliver = (body) => proxy.send({
        method: 'POST', path: '/webhooks/stripe', headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature(payload, world.secrets[0]) }, body,
      });
      assert.equal((await deliver(payload)).status, 200);
      assert.equal((await deliver(payload.replace('evt_other', 'evt_0ther'))).status, 400);
    });

    test('a client’s claims of another address change nothing', async () => {
      const statuses = [];
      for (let i = 0; i < 6; i++) {
        const claims = { 'X-Forwarded-For': `203.0.113.${i}`, 'X-Real-IP': `203.0.113.${i}`, Forwarded: `for=203.0.113.${i}` };
        statuses.push((await proxy.send({ method: 'POST', path: '/v1/checkout', headers: { ...form, ...claims }, body: 'tier=box-100' })).status);
      }
      assert.equal(statuses.at(-1), 429, statuses.join());
      assert.ok(!statuses.includes(502));
    });

    // What it passes on in a form of its own that nobody can read differently.
    const harmless = {
      nginx: { 'an absolute target': [200], 'line feeds alone': [200] },
      // Of a length and a coding it believes the coding and sees two requests: so do we.
      caddy: { 'an absolute target': [200], 'line feeds alone': [200], 'a folded field': [200], 'Content-Length and Transfer-Encoding': [415, 200] },
    }[name];
    const cases = { ...refused, ...refusedEarly, ...Object.fromEntries(Object.entries(unseen).map(([key, bytes]) => [key, [null, bytes]])) };

    for (const [title, [, bytes]] of Object.entries(cases))
      test(`${title}: ${title in harmless ? 'made harmless' : 'refused'}`, async () => {
        const raw = await proxy.sendRaw(bytes.replaceAll(/Host: a(\r?\n)/g, 'Host: donate.example.org$1'), { quiet: 500 });
        const statuses = [...raw.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
        if (title in harmless) assert.deepEqual(statuses, harmless[title], raw);
        else assert.ok(statuses.length === 1 && statuses[0] >= 400, raw);
      });
  });
