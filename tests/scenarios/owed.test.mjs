// What is owed to the provider is worked off: once, and also by the service that comes after a kill.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { balances, minor } from './lib/ledger.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;

before(async () => { world = await newWorld({ clears: true }); });
after(() => world.end());

async function gift(tier = 'gift-25') {
  const pledge = await world.pledge(tier);
  await world.pay(pledge);
  await world.booked(pledge, 'settled');
  return pledge;
}

const cannotAsk = (path) => world.order('misbehave', { api_count: true, api_status: 500, api_path: path });

async function killAndGoOn() {
  await world.kill();
  await world.order('behave');
  await world.serve();
}

test('what the provider keeps of a gift is asked for and booked', async () => {
  const pledge = await gift();
  const [entry] = await world.booked(pledge, 'cleared');
  const { data: [line] } = await world.askProvider(`/v1/balance_transactions?source=${entry.refs.charge}`);
  assert.equal(minor(entry.fee), BigInt(line.fee));
  assert.equal(minor(entry.net), BigInt(line.net));
  assert.deepEqual(entry.postings, [
    { account: 'assets:provider:stripe', currency: 'EUR', amount: `-${entry.fee}` },
    { account: 'expenses:fees:stripe:members', currency: 'EUR', amount: entry.fee },
  ]);
});

test('a provider that cannot say yet is asked again, and it is no failure', async () => {
  await world.order('misbehave', { slow_balance_ms: 700 });
  const pledge = await gift();
  await world.booked(pledge, 'cleared');
  assert.doesNotMatch(world.service.stderr, /event=(owed-failed|account-rests)/);
  await world.order('behave');
});

test('a provider that fails is asked again after a while, and the log says why', async () => {
  await cannotAsk('/v1/balance_transactions');
  const pledge = await gift();
  await world.service.says(/event=account-rests what=clear account=stripe object=\S+ because_of=\d+ owed=\d+ error=provider why=/, 60000);
  assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
  await world.order('behave');
  await world.booked(pledge, 'cleared');
});

test('a service that was killed before it could ask leaves it to the next one, which books it once', async () => {
  const first = await gift();
  await world.booked(first, 'cleared');
  await cannotAsk('/v1/balance_transactions');
  const pledge = await gift();
  await killAndGoOn();
  await world.booked(pledge, 'cleared');
  await world.toldAll();
  assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled', 'cleared']);
  assert.deepEqual(world.kindsOf(first), ['pledged', 'settled', 'cleared']);
});

test('when nothing is owed the books hold at the provider what its balance says', async () => {
  await waitFor('every gift to be cleared', () => world.lines('cleared').length === world.lines('settled').length);
  const { available: [eur], pending: [waiting] } = await world.askProvider('/v1/balance');
  assert.equal(balances(world.lines())['assets:provider:stripe EUR'], BigInt(eur.amount + waiting.amount));
});

describe('what a payout holds of ours', () => {
  test('is asked for, and by the next service when the first one is killed before it can ask', async () => {
    const pledge = await gift();
    await world.booked(pledge, 'cleared');
    await world.order('clock', { advance: 3 * 86400 });
    await cannotAsk('/v1/payouts');
    const { id } = await world.order('payout', { currency: 'eur' });
    await waitFor('the payout to be booked', () => world.lines('payout').some(({ refs }) => refs.payout === id));
    await world.order('clock', { advance: 3 * 86400 });
    await world.service.says(/event=account-rests what=explain /, 60000);
    await killAndGoOn();
    const told = (status) => world.lines('payout').filter((entry) => entry.refs.payout === id && entry.status === status);
    await waitFor('the payout to be explained', () => told('payout_explained').length > 0);
    assert.equal(told('payout_explained').length, 1);
    const lines = world.lines('paid_out').filter(({ refs }) => refs.payout === id);
    const settled = world.lines('settled').filter(({ currency }) => currency === 'EUR');
    assert.deepEqual(lines.map(({ payment }) => payment).sort(), settled.map(({ payment }) => payment).sort(), 'each gift stands in it once');
  });
});

describe('a refund that an operator wants', () => {
  const refund = (pledge, ref) => {
    const { status, stdout, stderr } = world.run('refund', pledge.pledge, '--config', world.configFile, '--ref', ref);
    assert.equal(status, 0, stdout + stderr);
  };
  const refundsOf = async (pledge) => {
    const [{ refs }] = await world.booked(pledge, 'settled');
    return (await world.askProvider(`/v1/refunds?payment_intent=${refs.payment_intent}`)).data;
  };

  async function refundedOnce(pledge) {
    await world.booked(pledge, 'refunded');
    await world.toldAll();
    assert.equal(world.of(pledge).filter(({ kind }) => kind === 'refunded').length, 1);
    assert.equal((await refundsOf(pledge)).length, 1);
  }

  test('is made and booked', async () => {
    const pledge = await gift();
    refund(pledge, 'wish-1');
    await refundedOnce(pledge);
  });

  test('is made once by the next service when the first one is killed before it could ask', async () => {
    const pledge = await gift();
    await cannotAsk('/v1/refunds');
    refund(pledge, 'wish-2');
    await world.service.says(/event=account-rests what=refund /, 60000);
    assert.deepEqual((await world.order('behave'), await refundsOf(pledge)).length, 0);
    await cannotAsk('/v1/refunds');
    await killAndGoOn();
    await refundedOnce(pledge);
  });

  test('is made once when the service is killed after the provider has made it and before it has heard so', async () => {
    const pledge = await gift();
    await world.order('misbehave', { drop: true, api_count: true, api_status: 0, api_stage: 'after', api_path: '/v1/refunds' });
    refund(pledge, 'wish-3');
    await world.service.says(/event=account-rests what=refund /, 60000);
    await killAndGoOn();
    await refundedOnce(pledge);
  });
});
