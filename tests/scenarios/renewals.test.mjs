// A renewal's line in a payout does not say whose it is: only its invoice does. Whichever of both is heard of first, the
// payout holds it in the end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { balances } from './lib/ledger.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const DAY = 86400;

let world, pledge, subscription;

before(async () => {
  world = await newWorld({ clears: true, configure: (config) => { config.reconcile_minutes = 0; } });
  pledge = await world.pledge('month-10');
  ({ subscription } = await world.order('pay', { session: pledge.session }));
  await world.booked(pledge, 'cleared');
});
after(() => world.end());

async function renew({ lost = false } = {}) {
  if (lost) await world.order('misbehave', { drop: true });
  const { id } = await world.order('renew', { subscription, outcome: 'succeeded' });
  if (lost) await world.order('misbehave', { drop: false });
  return id;
}

async function payOut() {
  await world.order('clock', { advance: 3 * DAY });
  const { id } = await world.order('payout', { currency: 'eur' });
  await world.order('clock', { advance: 3 * DAY });
  await waitFor('the payout to be explained', () => world.lines('payout').some(({ refs, status }) => refs.payout === id && status === 'payout_explained'));
  return id;
}

const held = (payout) => world.lines('paid_out').filter(({ refs }) => refs.payout === payout).map(({ payment }) => payment);

async function assertEqual() {
  const { status, stdout, stderr } = world.run('reconcile', '--config', world.configFile, '--since', '2020-01-01');
  assert.equal(status, 0, stdout + stderr);
  const { available: [eur], pending: [waiting] } = await world.askProvider('/v1/balance');
  assert.equal(balances(world.lines())['assets:provider:stripe EUR'] ?? 0n, BigInt(eur.amount + waiting.amount));
  assert.equal(balances(world.lines())['equity:other-business:stripe EUR'] ?? 0n, 0n);
}

describe('a renewal', () => {
  test('that was booked before its payout was explained is in it', async () => {
    const invoice = await renew();
    await world.booked(pledge, 'cleared', 2);
    const payout = await payOut();
    assert.ok(held(payout).includes(invoice));
    await assertEqual();
  });

  test('of which only the provider’s list tells, after the payout was explained, is put into it', async () => {
    const invoice = await renew({ lost: true });
    const payout = await payOut();
    assert.ok(!held(payout).includes(invoice));
    await assertEqual();
    assert.deepEqual(held(payout), [invoice]);
  });

  test('whose webhook comes after the payout was explained is put into it', async () => {
    const invoice = await renew({ lost: true });
    const payout = await payOut();
    const [event] = (await world.events('invoice.paid')).slice(-1);
    await world.order('resend', { event: event.id });
    await world.booked(pledge, 'cleared', 4);
    assert.ok(!held(payout).includes(invoice));
    await assertEqual();
    assert.deepEqual(held(payout), [invoice]);
  });

  test('whose payout came back before any of it was known is in the one that followed', async () => {
    const invoice = await renew({ lost: true });
    const first = await payOut();
    await world.order('payout_end', { payout: first, outcome: 'failed' });
    const second = await payOut();
    await assertEqual();
    assert.deepEqual(held(first), [invoice]);
    assert.ok(held(second).length > 0, 'what came back is in the next one');
  });

  test('that is heard of when its payout has come back together with others, and again, is back at the provider', async () => {
    const known = await renew();
    const late = await renew({ lost: true });
    await waitFor('the other one to be cleared', () => world.lines('cleared').some(({ payment }) => payment === known));
    const first = await payOut();
    assert.deepEqual(held(first), [known]);
    await world.order('payout_end', { payout: first, outcome: 'failed' });
    const second = await payOut();
    assert.deepEqual(held(second), [first]);
    await world.order('payout_end', { payout: second, outcome: 'failed' });
    await waitFor('the second to have failed', () => world.lines('payout_failed').some(({ refs }) => refs.payout === second));
    await assertEqual();
    assert.deepEqual(held(first), [known, late]);
    assert.deepEqual(held(second), [first, first], 'what the first turned out to have held has come back too');
    const third = await payOut();
    await assertEqual();
    assert.deepEqual(held(third), [second]);
  });
});
