// The operator's side: who may enter, the export over HTTP, and what signals do to a running service.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { event, paidSession } from './lib/stripe.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;

before(async () => { world = await newWorld(); });
after(() => world.end());

const basic = (text) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe('the operator’s listener', () => {
  test('opens with the token alone, as bearer or as a password', async () => {
    const wrong = [{ authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Bearer ' }, { authorization: world.token },
      { authorization: `Bearer ${world.token}x` }, { authorization: `Bearer ${world.token.slice(0, -1)}` }, { authorization: `Bearer x${world.token}` },
      { authorization: `Bearer ${world.token.toUpperCase()}` }, basic(world.token), basic(`${world.token}:`), basic('me:wrong'), { authorization: `Basic ${world.token}` }];
    for (const door of ['/', '/v1/ledger.csv', '/readyz', '/icon.svg', '/nowhere'])
      for (const headers of wrong) {
        const answer = await world.askOperator(door, { headers });
        assert.equal(answer.status, 401, `${door} ${headers.authorization}`);
        assert.match(answer.header('www-authenticate'), /^Basic /);
      }
    assert.equal((await world.askOperator('/healthz', { headers: { authorization: '' } })).status, 200, 'that it lives is no secret');
    for (const headers of [{ authorization: `Bearer ${world.token}` }, { authorization: `bearer ${world.token}` }, basic(`anybody:${world.token}`), basic(`:${world.token}`)])
      assert.equal((await world.askOperator('/v1/ledger.csv', { headers })).status, 200, headers.authorization);
  });

  test('answers to its own names only', async () => {
    for (const host of ['evil.example', '127.0.0.1', 'localhost', `localhost.evil.example:${world.operatorPort}`])
      assert.equal((await world.askOperator('/', { headers: { host } })).status, 421, host);
    assert.equal((await world.askOperator('/', { headers: { host: `localhost:${world.operatorPort}` } })).status, 200);
  });

  test('shows commands to type where there are some, which is the demo', async () => {
    const { text } = await world.askOperator('/');
    assert.match(text, /<h2 id="addresses">/);
    assert.doesNotMatch(text, /<pre>|Commands/);
  });

  test('gives the same export as the command, and refuses what cannot be one', async () => {
    const pledge = await world.pledge('box-100');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    for (const [query, ...args] of [['', []], ['?profile=journal', '--profile', 'journal'], ['?campaign=box&profile=gifts%2F2', '--campaign', 'box'], ['?profile=gifts%2F1', '--profile', 'gifts/1'], ['?as_of=2', '--as-of', '2'], ['?to=2020-01-01', '--to', '2020-01-01']]) {
      const answer = await world.askOperator(`/v1/ledger.csv${query}`);
      assert.equal(answer.status, 200, answer.text);
      const own = world.run('export', '--config', world.configFile, ...args.flat());
      assert.equal(own.status, 0, own.stderr);
      assert.equal(answer.text, own.stdout, query);
      const totals = await world.askOperator(`/v1/ledger.csv${query}${query === '' ? '?' : '&'}totals=yes`);
      assert.equal(totals.text, own.stderr, query);
    }
    assert.match((await world.askOperator('/v1/ledger.csv?campaign=bxo&totals=yes')).text ?? '', /^nothing: no money of a campaign bxo has moved up to the end of the period$/m);
    for (const [query, name] of [['', 'gifts.csv'], ['?period=2026-Q4&campaign=box', 'gifts-box-2026-Q4.csv'], ['?profile=hledger&totals=yes', 'hledger.totals.txt']])
      assert.equal((await world.askOperator(`/v1/ledger.csv${query}`)).header('content-disposition'), `attachment; filename="${name}"`);
    for (const [query, status] of [['?from=yesterday', 400], ['?from=2026-02-30', 400], ['?as_of=0', 400], ['?as_of=-1', 400], ['?as_of=999999', 404], ['?profile=gifts/3', 400], ['?campaign=%3D1', 400], ['?from=2026-02-01&to=2026-01-01', 400], ['?form=2026-01-01', 400], ['?to=2026-01-01&to=2026-01-01', 400], ['?totals=maybe', 400], ['?totals=no&totals=no', 400]])
      assert.equal((await world.askOperator(`/v1/ledger.csv${query}`)).status, status, query);
  });
});

describe('SIGHUP', () => {
  const hup = async (pattern) => {
    const before_ = world.service.stderr.length;
    world.service.interrupt('SIGHUP');
    await waitFor(`the log to say ${pattern}`, () => pattern.test(world.service.stderr.slice(before_)));
  };
  const write = (config) => fs.writeFileSync(world.configFile, typeof config === 'string' ? config : JSON.stringify(config, null, 2));
  const title = async () => (await world.ask('/v1/tiers')).json.campaigns[0].title;

  test('reads the configuration again', async () => {
    const config = structuredClone(world.config);
    config.campaigns[0].title = 'Another box';
    write(config);
    await hup(/event=configuration-read/);
    assert.equal(await title(), 'Another box');
  });

  test('keeps the old one where the new one is bad, and says why', async () => {
    const change = (act) => { const config = structuredClone(world.config); act(config); return config; };
    const bad = ['', '{', change((config) => { config.mod = 'test'; }), change((config) => { config.mode = 'live'; }), change((config) => { config.organisation.id = 'other'; }),
      change((config) => { config.public.listen = '127.0.0.1:1'; }), change((config) => { config.data_dir = '/nowhere'; }), change((config) => { config.operator.token_file = 'nothing'; })];
    for (const each of bad) {
      write(each);
      await hup(/event=configuration-refused/);
      assert.equal(await title(), 'Another box', JSON.stringify(each).slice(0, 200));
    }
    fs.rmSync(world.configFile);
    await hup(/event=configuration-refused/);
    assert.equal(await title(), 'Another box');
    write(world.config);
    await hup(/event=configuration-read/);
    assert.equal(await title(), 'Donation box');
  });

  test('takes a second webhook secret beside the first, and later drops the first', async () => {
    const pledge = await world.pledge('gift-25');
    const paid = () => event('checkout.session.completed', paidSession(pledge.pledge, pledge.session, 2500, 'eur'));
    const status = async (secret) => (await world.deliver(paid(), { secret })).status;
    fs.writeFileSync(path.join(world.folder, 'webhook-new'), 'whsec_the_new_secret\n', { mode: 0o600 });
    assert.equal(await status('whsec_the_new_secret'), 400);
    for (const [files, first, second] of [[['webhook-0', 'webhook-new'], 200, 200], [['webhook-new'], 400, 200]]) {
      const config = structuredClone(world.config);
      config.accounts[0].webhook_secret_files = files;
      write(config);
      await hup(/event=configuration-read/);
      assert.equal(await status(world.secrets[0]), first);
      assert.equal(await status('whsec_the_new_secret'), second);
    }
    write(world.config);
    await hup(/event=configuration-read/);
  });
});

describe('a slow client', () => {
  test('is ended while others are served', async () => {
    const slow = net.connect(world.publicPort, '127.0.0.1');
    let ended = false;
    slow.on('close', () => { ended = true; }).on('error', () => {});
    slow.write('POST /v1/checkout HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{');
    const drip = setInterval(() => slow.write(' '), 500);
    try {
      await waitFor('the slow client to be ended', async () => {
        assert.equal((await world.ask('/healthz')).status, 200);
        return ended;
      }, 25000);
    } finally {
      clearInterval(drip);
      slow.destroy();
    }
  });
});
