// Sessions at the provider of which nobody tells: looked up once they must have ended; and those that nobody was given.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CountingProxy } from './lib/counting.mjs';
import { balances } from './lib/ledger.mjs';
import { preloaded } from './lib/processes.mjs';
import { sleep, waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const HOUR = 3600;
const later = { environment: { ...preloaded('/usr/$LIB/faketime/libfaketimeMT.so.1'), FAKETIME: '+3h', FAKETIME_DONT_FAKE_MONOTONIC: '1' } };
const isoIn = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

describe('when every webhook is lost, and the provider’s list of events does not go back so far', () => {
  let world, paid, monthly, slow, expired, open;

  before(async () => { world = await newWorld({ clears: true, misbehave: { drop: true, slow_debit_ms: 86400000 }, configure: (config) => { config.reconcile_minutes = 0; } }); });
  after(() => world.end());

  // From an hour later than anything that has happened, so that only the sessions themselves can tell.
  const reconcile = () => {
    const { status, stdout, stderr } = world.run('reconcile', '--config', world.configFile, '--since', isoIn(HOUR));
    assert.equal(status, 0, stdout + stderr);
    return Number(/ sessions=(\d+) /.exec(stdout)[1]);
  };

  test('sessions that may still be open are left alone', async () => {
    [paid, monthly, slow, expired, open] = [await world.pledge('gift-25'), await world.pledge('month-10'), await world.pledge('box-100'), await world.pledge('gift-25'), await world.pledge('gift-25')];
    await world.order('pay', { session: paid.session });
    await world.order('pay', { session: monthly.session });
    await world.order('pay', { session: slow.session, outcome: 'slow_debit' });
    await world.order('expire', { session: expired.session });
    await world.writesNothing(() => assert.equal(reconcile(), 0));
  });

  test('later they are; a provider that does not answer is asked about one, not about each', async () => {
    await world.stop();
    await world.serve(later);
    await world.order('misbehave', { api_count: true, api_status: 401, api_path: '/v1/checkout/sessions' });
    const { status, stdout } = world.run('reconcile', '--config', world.configFile, '--since', isoIn(HOUR));
    assert.equal(status, 2, stdout);
    assert.match(stdout, / sessions=1 /);
    await world.order('misbehave', { api_count: 0 });
  });

  test('when it answers again, the paid ones are booked, the expired one has expired, the open one waits', async () => {
    assert.equal(reconcile(), 5);
    assert.deepEqual(world.kindsOf(paid), ['pledged', 'settled', 'cleared']);
    assert.deepEqual(world.kindsOf(monthly), ['pledged', 'settled', 'cleared']);
    assert.deepEqual(world.kindsOf(slow), ['pledged', 'pending']);
    assert.deepEqual(world.kindsOf(expired), ['pledged', 'expired']);
    assert.deepEqual(world.kindsOf(open), ['pledged']);
  });

  test('the open one is looked up again, until it has ended too', async () => {
    assert.equal(reconcile(), 1);
    assert.deepEqual(world.kindsOf(open), ['pledged']);
    await world.order('pay', { session: open.session });
    assert.equal(reconcile(), 1);
    assert.deepEqual(world.kindsOf(open), ['pledged', 'settled', 'cleared']);
    await world.writesNothing(() => assert.equal(reconcile(), 0));
  });
});

// Nobody has the address of such a session, so nobody can pay it, and within an hour it ends by itself. Should
// somebody pay it all the same, the money is there, and a reconciliation recalls what it was given for.
describe('a session that the provider has opened for a service which was killed before it could record the pledge', () => {
  let proxy, world;

  before(async () => {
    proxy = await new CountingProxy().start();
    world = await newWorld({ clears: true, configure: (config, { provider }) => {
      config.reconcile_minutes = 0; // a run of the service's own at its start could recall the pledge before the test looks
      proxy.to = provider;
      config.accounts[0].api_url = proxy.url;
    } });
  });
  after(async () => {
    await world.end();
    proxy.stop();
  });

  // The provider has answered, the service has not heard it.
  async function orphan() {
    const before = proxy.withheld.length;
    proxy.withholds = (path) => path === '/v1/checkout/sessions';
    const pressed = world.press('gift-25').catch(() => null);
    const session = await waitFor('the provider to have opened a session', () => proxy.withheld[before]);
    await world.kill();
    await pressed;
    proxy.withholds = null;
    await world.serve();
    return session;
  }

  test('is in no ledger, and does no harm when it ends', async () => {
    const session = await orphan();
    assert.equal(session.status, 'open');
    assert.deepEqual(world.lines().map(({ kind }) => kind), ['opened']);
    await world.writesNothing(async () => {
      await world.order('expire', { session: session.id });
      await world.toldAll();
      await sleep(200);
    });
  });

  test('and money that comes for one all the same is kept, until the pledge is recalled', async () => {
    const session = await orphan();
    await world.order('pay', { session: session.id });
    const [parked] = await waitFor('the money to be parked', () => (world.lines('parked').length > 0 ? world.lines('parked') : null));
    assert.deepEqual([parked.reason, parked.pledge, parked.amount], ['unknown-pledge', session.client_reference_id, '25.00']);
    await waitFor('its fee to be known', () => world.lines('cleared').length === 1);
    const { available: [eur], pending: [waiting] } = await world.askProvider('/v1/balance');
    const books = balances(world.lines());
    assert.equal(books['assets:provider:stripe EUR'], BigInt(eur.amount + waiting.amount));
    assert.equal(books['liabilities:unidentified:stripe EUR'], BigInt(-(eur.amount + waiting.amount)));
    // Through the door: the command would stop this process, and the proxy with it.
    await world.askOperator('/v1/reconcile', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    await world.booked({ pledge: parked.pledge }, 'unparked');
    assert.deepEqual(world.kindsOf({ pledge: parked.pledge }), ['parked', 'cleared', 'pledged', 'unparked']);
    assert.equal(balances(world.lines())['income:donations:members:gift-25 EUR'], -2500n);
  });
});
