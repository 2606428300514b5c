// What an operator may do to a data directory, and what a clock may do to it: nothing is booked twice,
// nothing that was acknowledged goes missing unnoticed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { checkLedger } from './lib/ledger.mjs';
import { Child, freePort, pledger, preloaded } from './lib/processes.mjs';
import { event, newId, paidSession } from './lib/stripe.mjs';
import { waitFor } from './lib/wait.mjs';
import { World, newWorld } from './lib/world.mjs';

let world;

const paid = (pledge, rest = {}) => event('checkout.session.completed', paidSession(pledge.pledge, pledge.session, 2500, 'eur', rest));

async function assertTold(told, options, status = 200) {
  const answer = await world.deliver(told, options);
  assert.equal(answer.status, status, answer.text);
}

async function gift() {
  const pledge = await world.pledge('gift-25');
  const told = paid(pledge);
  await assertTold(told);
  return { pledge, told };
}

// A service beside the first one, with a configuration of its own.
async function beside(name, change) {
  const config = structuredClone(world.config);
  config.public.listen = `127.0.0.1:${await freePort()}`;
  config.operator.listen = `127.0.0.1:${await freePort()}`;
  change(config);
  const file = world.write(`${name}.json`, JSON.stringify(config));
  return { file, service: new Child(pledger, ['serve', '--config', file]) };
}

// A service that does not start, and says why.
async function assertRefuses(service, pattern) {
  await service.ended;
  assert.notEqual(service.code, 0);
  service.assertClean();
  assert.match(service.stderr, pattern);
}

const ledgerOf = (data) => path.join(data, 'ledger');

describe('a data directory', () => {
  before(async () => { world = await newWorld(); });
  after(() => world.end());

  test('copied while gifts come in opens elsewhere, as of a whole line', async () => {
    let coming = true;
    const gifts = (async () => { while (coming) await Promise.all(Array.from({ length: 8 }, gift)); })();
    for (let i = 0; i < 5; i++) {
      const copy = path.join(world.folder, `copy-${i}`);
      const before_ = world.lines().length;
      fs.cpSync(world.data, copy, { recursive: true });
      const { file, service } = await beside(`copy-${i}`, (config) => { config.data_dir = copy; });
      await service.says(/event=serving operator=/, 60000);
      await service.stop();
      const entries = checkLedger(copy);
      assert.ok(entries.length >= before_, `${entries.length} of at least ${before_}`);
      assert.deepEqual(world.lines().slice(0, entries.length), entries);
      assert.match(world.run('verify', '--config', file).stdout, new RegExp(`^ok: ${entries.length} (entry|entries), seq `));
    }
    coming = false;
    await gifts;
  });

  test('is served by one process: a second one is refused and told so', async () => {
    const { service } = await beside('second', () => {});
    await assertRefuses(service, new RegExp(`another process serves the ledger in ${world.data}`));
    await gift();
  });

  test('with an older ledger put back beside the newer index is refused, and both ends are named', async () => {
    const ledger = ledgerOf(world.data);
    const older = path.join(world.folder, 'older');
    await gift();
    await world.stop();
    const had = world.lines().length;
    fs.cpSync(ledger, older, { recursive: true });
    await world.serve();
    const lost = await gift();
    await world.stop();
    const newer = world.lines().length;
    fs.cpSync(older, ledger, { recursive: true });
    for (let i = 0; i < 2; i++)
      await assertRefuses(await world.serve({ ready: false }), new RegExp(`acknowledged.* gone.* seq ${had}\\b.* seq ${newer}\\b`));
    assert.equal(world.lines().length, had, 'nothing was changed');

    const rebuilt = world.run('rebuild', '--config', world.configFile, '--accept-loss');
    assert.equal(rebuilt.status, 0, rebuilt.stderr);
    assert.equal(world.lines().at(-1).kind, 'restored');
    await world.serve();
    // What the provider tells again is there again: its pledge went with the rest, and a person has to look.
    await assertTold(lost.told);
    assert.equal(world.lines().at(-1).reason, 'unknown-pledge');
    await gift();
  });
});

describe('a payment is booked once', () => {
  before(async () => { world = await newWorld(); });
  after(() => world.end());

  // Whatever happened in between: the same event, the same payment by another, and fifty of both at once.
  const between = {
    'an orderly restart': () => world.stop(),
    'a kill': () => world.kill(),
    'the loss of the index': async () => {
      await world.stop();
      fs.rmSync(path.join(world.data, 'index'), { recursive: true });
    },
    'a rebuild': async () => {
      await world.stop();
      assert.equal(world.run('rebuild', '--config', world.configFile).status, 0);
    },
  };
  for (const [name, happen] of Object.entries(between))
    test(`over ${name}`, async () => {
      const { pledge, told } = await gift();
      const twin = () => ({ ...structuredClone(told), id: newId('evt'), type: 'checkout.session.async_payment_succeeded' });
      const known = twin();
      await assertTold(known);
      const waiting = paid(await world.pledge('gift-25'));
      await happen();
      await world.serve();
      await world.writesNothing(async () => {
        for (const each of [told, known, twin()]) await assertTold(each);
        await Promise.all(Array.from({ length: 50 }, (_, i) => assertTold(i % 2 === 0 ? told : twin())));
      });
      assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
      await Promise.all(Array.from({ length: 50 }, () => assertTold(waiting)));
      assert.equal(world.lines().filter(({ event: id }) => id === waiting.id).length, 1);
    });

  test('and the same id with other content is one alarm and never booked, over a rebuild too', async () => {
    const { pledge, told } = await gift();
    const altered = structuredClone(told);
    altered.data.object.amount_total = 250000;
    await assertTold(altered);
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled', 'alarm']);
    await world.kill();
    await world.serve();
    await world.writesNothing(async () => {
      await assertTold(altered);
      await assertTold(told);
    });
    const other = structuredClone(told);
    other.data.object.amount_total = 1;
    await assertTold(other);
    const entries = world.of(pledge);
    assert.deepEqual(entries.map(({ kind }) => kind).filter((kind) => kind !== 'alarm'), ['pledged', 'settled']);
    assert.ok(entries.filter(({ kind }) => kind === 'alarm').every(({ postings }) => postings === undefined));
    assert.equal((await world.receipt(pledge)).payments, 1);
  });
});

describe('the clock', () => {
  const shift = (of) => path.join(of.folder, 'clock');
  const setBy = (seconds, of = world) => fs.writeFileSync(shift(of), `${seconds >= 0 ? '+' : ''}${seconds}\n`);
  const shifted = (of) => ({
    ...preloaded('/usr/$LIB/faketime/libfaketimeMT.so.1'),
    FAKETIME_TIMESTAMP_FILE: shift(of), FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const there = (seconds) => ({ timestamp: Math.floor(Date.now() / 1000) + seconds });
  const serve = (args = []) => world.serve({ args, environment: shifted(world) });
  const waits = async () => (await world.askOperator('/readyz')).json.clock_waits;

  before(async () => { world = await newWorld(); });
  after(() => world.end());
  beforeEach(async () => {
    if (world.service.running) await world.stop();
    setBy(0);
    await serve();
  });

  for (const [name, seconds] of [['an hour ahead', 3600], ['an hour back', -3600]])
    test(`set ${name} while it runs: nothing is written until a provider shows the same time`, async () => {
      const { pledge } = await gift();
      const second = paid(await world.pledge('gift-25'));
      setBy(seconds);
      await world.writesNothing(async () => {
        await assertTold(second, there(seconds), 503);
        assert.equal(await waits(), true);
        assert.equal((await world.receipt(pledge)).state, 'received', 'what is known can be asked');
      });
      setBy(0);
      await waitFor('the provider’s time to be the clock’s', async () => (await world.press('gift-25')).status === 201);
      await assertTold(second);
      assert.equal(await waits(), false);
    });

  test('set back while nobody gives: it is told, and no provider is asked for a session, until it is right again', async () => {
    const metric = async () => /^pledger_clock_waits (\d)$/m.exec((await world.askOperator('/metrics')).text)[1];
    const said = world.service.stderr.length;
    setBy(-3600);
    await waitFor('the service not to be ready', async () => (await world.ask('/readyz')).status === 503);
    assert.equal(await waits(), true);
    assert.equal(await metric(), '1');
    await waitFor('the log to say so', () => /event=ledger-takes-nothing trouble=clock [^\n]*the clock was set back by 3\d\d\d seconds/.test(world.service.stderr.slice(said)));
    assert.equal((await world.press('gift-25')).status, 503);
    setBy(0);
    await waitFor('the service to be ready', async () => (await world.ask('/readyz')).status === 200, 60000);
    assert.equal(await waits(), false);
    assert.equal(await metric(), '0');
    await gift();
  });

  test('set back by an hour just before somebody gives: no provider is asked for a session', async () => {
    setBy(-3600);
    assert.equal((await world.press('gift-25')).status, 503);
    assert.equal(await waits(), true);
  });

  test('set by half a minute is nothing: no line goes back in time', async () => {
    await gift();
    setBy(-30);
    await gift();
    const [before_, after_] = world.lines().slice(-2).map(({ time }) => time);
    assert.ok(after_ >= before_);
    setBy(0);
  });

  for (const [name, seconds] of [['before the last entry', -2 * 86400], ['more than seven days after it', 8 * 86400]])
    test(`at the start ${name}: nothing is written until the operator vouches for it`, async () => {
      const second = paid(await world.pledge('gift-25'));
      await world.stop();
      setBy(seconds);
      await serve();
      await world.writesNothing(async () => assertTold(second, there(seconds), 503));
      assert.equal(await waits(), true);
      await world.stop();
      if (seconds > 0) return; // it would stand in the books, and every later start would be before it
      await serve(['--accept-clock']);
      await assertTold(second, there(seconds));
      const [before_, after_] = world.lines().slice(-2).map(({ time }) => time);
      assert.equal(after_, before_, 'even then no line goes back in time');
    });

  test('far ahead when a ledger begins: what the provider tells is looked for from when it was, once the clock is right', async () => {
    const other = new World({ clears: true, misbehave: { drop: true }, configure: (config) => { config.reconcile_minutes = 0; } });
    other.options.environment = shifted(other);
    setBy(10 * 86400, other);
    await other.start();
    try {
      setBy(0, other);
      await waitFor('the provider’s time to be the clock’s', async () => (await other.press('gift-25')).status === 201);
      const pledge = await other.pledge('gift-25');
      await other.pay(pledge);
      const { status, stdout, stderr } = other.run('reconcile', '--config', other.configFile);
      assert.equal(status, 0, stdout + stderr);
      assert.deepEqual(other.kindsOf(pledge), ['pledged', 'settled', 'cleared']);
    } finally {
      await other.end();
    }
  });
});
