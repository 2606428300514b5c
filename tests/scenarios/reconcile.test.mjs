// The books beside the provider: what no webhook told is found, and what differs is named.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { minor } from './lib/ledger.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;

before(async () => { world = await newWorld({ clears: true, misbehave: { drop: true }, configure: (config) => { config.reconcile_minutes = 0; } }); });
after(() => world.end());

const reconcile = (...args) => {
  const { status, stdout, stderr } = world.run('reconcile', '--config', world.configFile, ...args);
  return { status, text: stdout, stderr };
};

const inHours = (hours) => new Date(Date.now() + hours * 3600 * 1000).toISOString();

describe('when no webhook ever comes', () => {
  let once, monthly, expired;

  test('nothing is booked, and a dry run says what the provider has and the books have not', async () => {
    [once, monthly, expired] = [await world.pledge('gift-25'), await world.pledge('month-10'), await world.pledge('box-100')];
    await world.pay(once);
    await world.pay(monthly);
    await world.order('expire', { session: expired.session });
    await world.writesNothing(async () => {
      const { status, text } = reconcile('--dry-run');
      assert.equal(status, 1, text);
      assert.match(text, /^difference: reason=not-booked account=stripe object=ch_\S+ transaction=txn_\S+ currency=EUR provider=\S+ books=0\.00$/m);
      assert.match(text, /^books and provider: different$/m);
    });
  });

  test('a run finds it all in the provider’s own list, and the books are equal', () => {
    const { status, text, stderr } = reconcile();
    assert.equal(status, 0, text + stderr);
    assert.deepEqual(world.kindsOf(once), ['pledged', 'settled', 'cleared']);
    assert.deepEqual(world.kindsOf(monthly).filter((kind) => kind !== 'subscribed'), ['pledged', 'settled', 'cleared']);
    assert.deepEqual(world.kindsOf(expired), ['pledged', 'expired']);
    assert.match(text, /^balance: account=stripe currency=EUR provider=(\S+) books=\1$/m);
    assert.match(text, /^books and provider: equal$/m);
  });

  test('refunds, disputes and payouts come too, and what else a payout holds is one sum', async () => {
    await world.order('other_business', { payments: 3 });
    await world.order('refund', { session: once.session, amount: 500 });
    await world.order('clock', { advance: 3 * 86400 });
    const { id, amount } = await world.order('payout', { currency: 'eur' });
    const early = reconcile('--since', '2020-01-01');
    assert.equal(early.status, 0, early.text + early.stderr);
    assert.match(early.text, new RegExp(`^payout: account=stripe payout=${id} currency=EUR amount=\\S+$`, 'm'), 'on its way nobody can say yet');
    await world.order('clock', { advance: 3 * 86400 });
    const { status, text, stderr } = reconcile('--since', '2020-01-01');
    assert.equal(status, 0, text + stderr);
    assert.ok(world.kindsOf(once).includes('refunded'));
    const [, whole, ours, others] = new RegExp(`^payout: account=stripe payout=${id} currency=EUR amount=(\\S+) ours=(\\S+) others=(\\S+)$`, 'm').exec(text);
    assert.equal(minor(whole), BigInt(amount));
    assert.equal(minor(ours) + minor(others), minor(whole));
    assert.notEqual(minor(ours), 0n);
  });

  test('a second run finds nothing new', async () => {
    await world.writesNothing(() => {
      const { status, text } = reconcile('--since', '2020-01-01');
      assert.equal(status, 0, text);
      assert.match(text, /^since 2020-01-01T00:00:00\.000000Z: events=\d+ sessions=0 recalled=0 owed=0 /m);
    });
  });
});

describe('the exit status', () => {
  test('is 2 when the provider cannot be asked, and the reason is told', async () => {
    await world.order('misbehave', { api_count: true, api_status: 401 });
    const { status, text } = reconcile();
    assert.equal(status, 2, text);
    assert.match(text, /^books and provider: failed: stripe: Stripe answered 401/m);
    await world.order('misbehave', { api_count: 0 });
  });

  test('is 2 for a time that is none', () => {
    const { status, stderr } = reconcile('--since', 'yesterday');
    assert.equal(status, 2);
    assert.match(stderr, /^pledger reconcile: /);
  });

  test('is 2 for a time from which on nothing can be read yet', () => {
    const { status, stderr } = reconcile('--since', inHours(25));
    assert.equal(status, 2);
    assert.match(stderr, /^pledger reconcile: 'since' is \d{4}-\S+Z, more than a day to come: nothing is there to be read\n$/);
    assert.equal(reconcile('--since', inHours(23)).status, 0);
  });
});

test('the door says what it does not know', async () => {
  const ask = (body, type = 'application/json') => world.askOperator('/v1/reconcile', { method: 'POST', headers: { 'content-type': type }, body });
  assert.equal((await ask('{"since":"yesterday"}')).status, 400);
  assert.equal((await ask('{"until":"2026-01-01"}')).status, 400);
  assert.equal((await ask('{"dry_run":"yes"}')).status, 400);
  assert.equal((await ask('[]')).status, 400);
  assert.equal((await ask(JSON.stringify({ since: inHours(25) }))).status, 422);
  assert.equal((await ask('{}', 'text/plain')).status, 415);
});

test('a run that is asked for while another is under way follows it', async () => {
  const ask = () => world.askOperator('/v1/reconcile', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  await world.order('misbehave', { answer_delay_ms: 300 });
  const first = await ask();
  assert.equal(first.status, 202, first.text);
  // Refused until the first has begun.
  const second = await waitFor('another to be taken', async () => { const asked = await ask(); return asked.status === 202 ? asked : null; });
  assert.equal(second.json.run, first.json.run + 1);
  await waitFor('both to end', async () => (await world.askOperator('/v1/reconciliation')).json.run >= second.json.run, 20000);
  await world.order('misbehave', { answer_delay_ms: 0 });
});

test('where no service runs the command does it itself, and the next service is none the wiser', async () => {
  const pledge = await world.pledge('gift-25');
  await world.pay(pledge);
  await world.stop();
  const { status, text, stderr } = reconcile();
  assert.equal(status, 0, text + stderr);
  assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled', 'cleared']);
  /* As with systemd's credentials: the key is there for the service alone. */
  const config = JSON.parse(fs.readFileSync(world.configFile, 'utf8'));
  config.accounts[0].key_file = 'nothing-there';
  const secretive = world.run('reconcile', '--config', world.write('secretive.json', JSON.stringify(config)));
  assert.equal(secretive.status, 2);
  assert.match(secretive.stderr, /nothing-there: there is no such file\npledger reconcile: no service runs that could be asked, and here the secrets that it would need cannot be read\n$/);
  await world.serve();
  assert.equal(reconcile('--since', '2020-01-01').status, 0);
});

describe('what was told long ago', () => {
  let other;
  const DAY = 86400;
  const run_ = (...args) => {
    const { status, stdout, stderr } = other.run(...args, '--config', other.configFile);
    return { status, text: stdout + stderr };
  };
  async function gift() {
    const pledge = await other.pledge('gift-25');
    await other.pay(pledge);
    return pledge;
  }
  async function late(days) {
    await other.order('clock', { advance: days * DAY });
    await other.order('misbehave', { drop: false });
    await other.booked(await gift(), 'cleared');
  }

  before(async () => { other = await newWorld({ clears: true, configure: (config) => { config.reconcile_minutes = 0; } }); });
  after(() => other.end());

  test('is read after a start, though newer events came since, once it had begun to be reconciled', async () => {
    await other.booked(await gift(), 'cleared');
    assert.equal(run_('reconcile').status, 0);
    assert.match(fs.readFileSync(`${other.data}/reconciled`, 'utf8'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/);
    await other.order('misbehave', { drop: true });
    const missed = await gift();
    await late(5);
    await other.kill();
    await other.serve();
    const { status, text } = run_('reconcile');
    assert.equal(status, 0, text);
    assert.deepEqual(other.kindsOf(missed), ['pledged', 'settled', 'cleared']);
  });

  test('is no less read where the file is gone or says nothing', async () => {
    await other.stop();
    for (const text of ['', 'yesterday', '2026-11-25T18:20:39Z 2026-11-25T18:20:39Z', `${'9'.repeat(42)}`, null]) {
      if (text === null) fs.rmSync(`${other.data}/reconciled`);
      else fs.writeFileSync(`${other.data}/reconciled`, text, { mode: 0o600 });
      const { status, text: said } = run_('reconcile');
      assert.equal(status, 0, said);
    }
    await other.serve();
  });

  test('and could not be read then is read after a start by a version that can, and booked once', async () => {
    await other.order('misbehave', { drop: true });
    const pledge = await gift();
    const [told] = (await other.events('checkout.session.completed')).slice(-1);
    assert.equal(told.data.object.client_reference_id, pledge.pledge);
    // As a later version of the provider's API might spell it.
    const garbled = structuredClone(told);
    garbled.data.object.amount_total = { value: '25.00' };
    assert.equal((await other.deliver(garbled)).status, 200);
    const parked = other.lines('parked').at(-1);
    assert.deepEqual([parked.reason, parked.event], ['unreadable', told.id]);
    await late(5);
    assert.match(run_('park', 'retry').text, /^booked 0, waiting 1$/m);
    await other.stop();
    await other.serve();
    const { status, text } = run_('reconcile');
    assert.equal(status, 0, text);
    const unparked = other.lines('unparked');
    assert.deepEqual(unparked.map(({ parked: seq, status: said, amount }) => [seq, said, amount]), [[parked.seq, 'settled', '25.00']]);
    await other.writesNothing(async () => {
      assert.match(run_('park', 'retry').text, /^booked 0, waiting 0$/m);
      assert.equal(run_('reconcile', '--since', '2020-01-01').status, 0);
      for (const body of [told, garbled]) assert.equal((await other.deliver(body)).status, 200);
    });
    assert.equal((await other.receipt(pledge)).state, 'received');
  });
});
