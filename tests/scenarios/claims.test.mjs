// What comes after a gift, as the provider tells of it: refunds, disputes, the end of a subscription, payouts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { balances } from './lib/ledger.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;

before(async () => { world = await newWorld(); });
after(() => world.end());

async function gift(tier = 'gift-25') {
  const pledge = await world.pledge(tier);
  await world.order('pay', { session: pledge.session });
  await world.booked(pledge, 'settled');
  return pledge;
}

// What the provider was asked for by the way (fees) may stand between.
const kinds = (pledge) => world.kindsOf(pledge).filter((kind) => kind !== 'cleared' && kind !== 'paid_out');

// Nothing is written but what the provider is asked about earlier gifts.
async function tellsNothing(act) {
  const before = world.lines().length;
  const result = await act();
  assert.deepEqual(world.lines().slice(before).filter(({ kind }) => kind !== 'cleared'), []);
  return result;
}

// The sum of an account over the entries of one pledge.
function held(pledge, account, currency = 'EUR') {
  return balances(world.of(pledge))[`${account} ${currency}`] ?? 0n;
}

describe('a refund made at the provider\'s dashboard', () => {
  test('is booked once, in parts and in full', async () => {
    const pledge = await gift();
    await world.order('refund', { session: pledge.session, amount: 1000 });
    await world.booked(pledge, 'refunded');
    await world.order('refund', { session: pledge.session });
    const [first, second] = await world.booked(pledge, 'refunded', 2);
    await world.toldAll();
    assert.deepEqual([first.amount, second.amount], ['10.00', '15.00']);
    assert.ok(first.refs.refund && first.refs.charge && first.refs.payment_intent);
    assert.equal(held(pledge, `income:refunds:${pledge.campaign}:gift-25`), 2500n);
    assert.deepEqual(kinds(pledge), ['pledged', 'settled', 'refunded', 'refunded']);
  });

  test('that fails afterwards comes back', async () => {
    const pledge = await gift();
    const { id } = await world.order('refund', { session: pledge.session });
    await world.booked(pledge, 'refunded');
    await world.order('refund_end', { refund: id, outcome: 'failed' });
    const [entry] = await world.booked(pledge, 'refund_failed');
    assert.equal(entry.refs.refund, id);
    assert.ok(entry.refs.balance_transaction);
    assert.equal(held(pledge, `income:refunds:${pledge.campaign}:gift-25`), 0n);
  });

  test('that waits for money is booked when it leaves the balance', async () => {
    const pledge = await gift();
    const { id } = await world.order('refund', { session: pledge.session, course: 'waiting' });
    await world.toldAll();
    assert.deepEqual(kinds(pledge), ['pledged', 'settled']);
    await world.order('refund_end', { refund: id, outcome: 'succeeded' });
    await world.booked(pledge, 'refunded');
  });

  test('of a gift that is known needs no question to the provider', async () => {
    const pledge = await gift();
    await world.toldAll();
    await world.order('misbehave', { api_count: true, api_status: 500, api_path: '/v1/payment_intents/' });
    await world.order('refund', { session: pledge.session });
    await world.booked(pledge, 'refunded');
    await world.order('behave');
  });

  test('of a gift that nobody has told of yet waits for it', async () => {
    const pledge = await world.pledge('gift-25');
    await world.toldAll();
    await world.order('misbehave', { drop: true });
    await world.order('pay', { session: pledge.session });
    await world.order('behave');
    await world.order('refund', { session: pledge.session, amount: 1000 });
    const [parked] = await world.booked(pledge, 'parked');
    assert.deepEqual([parked.reason, parked.status, parked.amount], ['unknown-payment', 'refunded', '10.00']);
    const completed = (await world.events('checkout.session.completed')).at(-1);
    await world.order('resend', { event: completed.id });
    await world.booked(pledge, 'unparked');
    assert.equal(held(pledge, `income:refunds:${pledge.campaign}:gift-25`), 1000n);
    assert.equal(held(pledge, `income:donations:${pledge.campaign}:gift-25`), -2500n);
  });

  test('of other business is asked about and not written', async () => {
    await world.toldAll();
    await tellsNothing(async () => {
      await world.order('other_business', { payments: 2, refunds: 2, disputes: 1, subscriptions: 1, invoices: 1 });
      await world.toldAll();
    });
  });

  test('of other business is answered 503 while nobody can say whose it is', async () => {
    await world.toldAll();
    await world.order('misbehave', { api_count: true, api_status: 500, api_path: '/v1/payment_intents/' });
    await world.order('pause');
    await world.order('other_business', { refunds: 1 });
    const found = (await world.events('refund.created')).at(-1);
    const answer = await tellsNothing(() => world.deliver(found));
    assert.equal(answer.status, 503);
    await world.order('behave');
    await world.order('resume');
    await world.toldAll();
  });
});

describe('a dispute', () => {
  test('takes the money when it is opened, and with its fee when it is lost', async () => {
    const pledge = await gift();
    const { id } = await world.order('dispute', { session: pledge.session });
    const [opened] = await world.booked(pledge, 'disputed');
    assert.deepEqual([opened.status, opened.amount, opened.fee], ['disputed', '25.00', '15.00']);
    assert.equal(held(pledge, 'assets:disputed:stripe'), 2500n);
    await world.order('dispute_move', { dispute: id, status: 'lost' });
    await world.booked(pledge, 'dispute_lost');
    await world.toldAll();
    assert.equal(held(pledge, 'assets:disputed:stripe'), 0n);
    assert.equal(held(pledge, `income:chargebacks:${pledge.campaign}:gift-25`), 2500n);
    assert.deepEqual(kinds(pledge), ['pledged', 'settled', 'disputed', 'dispute_lost']);
  });

  test('that is won gives the money back when the balance has it', async () => {
    const pledge = await gift();
    const { id } = await world.order('dispute', { session: pledge.session, amount: 1000 });
    await world.booked(pledge, 'disputed');
    await world.order('dispute_move', { dispute: id, status: 'under_review' });
    await world.order('dispute_move', { dispute: id, status: 'won', fee_returned: true });
    const [won] = await world.booked(pledge, 'dispute_won');
    await world.toldAll();
    assert.deepEqual([won.settlement, won.fee, won.lines], ['0.00', '0.00', 2]);
    assert.equal(held(pledge, 'assets:disputed:stripe'), 0n);
  });

  test('that is only an inquiry moves nothing', async () => {
    const pledge = await gift();
    const { id } = await world.order('dispute', { session: pledge.session, inquiry: true });
    const [opened] = await world.booked(pledge, 'disputed');
    assert.equal(opened.status, 'dispute_opened');
    await world.order('dispute_move', { dispute: id, status: 'warning_closed' });
    const [closed] = await world.booked(pledge, 'dispute_won');
    assert.equal(opened.postings ?? closed.postings, undefined);
  });

  test('of an inquiry that becomes one takes the money then', async () => {
    const pledge = await gift();
    const { id } = await world.order('dispute', { session: pledge.session, inquiry: true });
    await world.booked(pledge, 'disputed');
    await world.order('dispute_move', { dispute: id, status: 'needs_response' });
    await world.booked(pledge, 'disputed', 2);
    assert.equal(held(pledge, 'assets:disputed:stripe'), 2500n);
  });
});

describe('a monthly gift', () => {
  for (const version of ['2026-10-28.endive', '2024-06-20']) {
    test(`is refunded, fails and ends, told in version ${version}`, async () => {
      await world.order('webhook', { api_version: version });
      const pledge = await gift('month-10');
      const { subscription } = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
      const invoice = await world.order('renew', { subscription });
      await world.booked(pledge, 'settled', 2);
      await world.order('refund', { invoice: invoice.id });
      const [refunded] = await world.booked(pledge, 'refunded');
      assert.equal(refunded.payment, invoice.id);
      await world.order('renew', { subscription, outcome: 'failed' });
      const [failed] = await world.booked(pledge, 'failed');
      assert.equal(failed.amount, '10.00');
      await world.order('cancel', { subscription, at: 'now' });
      const [ended] = await world.booked(pledge, 'ended');
      assert.deepEqual([ended.refs.subscription, ended.reason], [subscription, 'requested']);
      await world.order('webhook', { api_version: '2026-10-28.endive' });
    });
  }

  test('keeps its amount when the tier costs more later', async () => {
    const pledge = await gift('month-10');
    const { subscription } = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
    const config = structuredClone(world.config);
    config.campaigns.flatMap(({ tiers }) => tiers).find(({ id }) => id === 'month-10').amount = '12.00';
    world.write('pledger.json', JSON.stringify(config, null, 2));
    world.service.interrupt('SIGHUP');
    await waitFor('the new price', async () => (await world.press('month-10')).json.amount === '12.00');
    await world.order('renew', { subscription });
    const settled = await world.booked(pledge, 'settled', 2);
    assert.deepEqual(settled.map(({ amount }) => amount), ['10.00', '10.00']);
  });
});

describe('a payout', () => {
  const told = (id, kind, status) => waitFor(`payout ${id} to be ${status ?? kind}`,
    () => world.lines(kind).find((entry) => entry.refs.payout === id && entry.status === status));

  test('is booked when it leaves, and when it arrives or comes back', async () => {
    await gift('box-100');
    await world.toldAll();
    await world.order('clock', { advance: 3 * 86400 });
    const { id } = await world.order('payout', { currency: 'usd' });
    await told(id, 'payout', 'payout_sent');
    await world.order('payout_end', { payout: id, outcome: 'paid' });
    const paid = await told(id, 'payout', 'payout_paid');
    assert.ok(paid.postings.some(({ account }) => account === 'assets:bank'));
    await world.order('payout_end', { payout: id, outcome: 'failed' });
    await told(id, 'payout_failed', undefined);
  });
});
