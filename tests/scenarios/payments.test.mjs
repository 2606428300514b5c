// The whole road of a gift, for everything that can become of it at the provider's page.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { balances, minor } from './lib/ledger.mjs';
import { event, paidSession } from './lib/stripe.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;

before(async () => { world = await newWorld(); });
after(() => world.end());

// What the meter must show, summed from the ledger by ourselves.
function raised(campaign) {
  const pledges = new Set(world.lines('pledged').filter((entry) => entry.campaign === campaign).map(({ pledge }) => pledge));
  const own = world.lines().filter(({ pledge }) => pledges.has(pledge));
  const sum = (entries) => entries.reduce((total, { amount }) => total + minor(amount), 0n);
  const last = new Map(own.filter(({ payment }) => payment).map((entry) => [entry.payment, entry]));
  return {
    raised: sum(own.filter(({ kind }) => kind === 'settled')),
    pending: sum([...last.values()].filter(({ kind }) => kind === 'pending')),
  };
}

// The pages are made anew once a second at most.
async function assertMeter(campaign) {
  const expected = raised(campaign);
  await waitFor(`the meter of ${campaign} to show what the ledger says`, async () => {
    const { meter } = (await world.ask('/v1/tiers')).json.campaigns.find(({ id }) => id === campaign);
    return minor(meter.raised) === expected.raised && minor(meter.pending) === expected.pending;
  });
}

// A line is in the file a moment before it is durable, and nobody is told earlier than that.
async function assertState(pledge, state, heading) {
  await waitFor(`${pledge.pledge} to be ${state}`, async () => (await world.receipt(pledge)).state === state, 5000);
  const page = await world.thanks(pledge);
  assert.equal(page.status, 200);
  assert.match(/<h1>(.*?)\s*<\/h1>/s.exec(page.text)[1], heading);
}

const waiting = /^Waiting/;
const received = /^Thank you!$/;
const onItsWay = /on its way$/;
const failed = /not completed$/;

describe('a gift given once', () => {
  test('is booked once when the card is good, and everybody is told the truth before and after', async () => {
    const pledge = await world.pledge('box-100');
    assert.deepEqual([pledge.campaign, pledge.tier, pledge.interval, pledge.amount, pledge.currency], ['box', 'box-100', 'once', '100.00', 'USD']);
    assert.deepEqual(world.kindsOf(pledge), ['pledged'], 'the entry is there before the donor has the address');
    await assertState(pledge, 'waiting', waiting);
    const back = await world.pay(pledge, 'card');
    assert.equal(back.status, 303);
    assert.equal(back.header('location'), `${world.origin}/thanks/${pledge.receipt}`);
    await assertState(pledge, 'received', received);
    const [entry] = await world.booked(pledge, 'settled');
    assert.equal(entry.account, 'stripe');
    assert.equal(entry.amount, '100.00');
    assert.equal(entry.currency, 'USD');
    assert.match(entry.payment, /^pi_/);
    assert.equal(entry.refs.session, pledge.session);
    assert.equal(entry.refs.payment_intent, entry.payment);
    assert.deepEqual(entry.postings, [
      { account: 'assets:provider:stripe', currency: 'USD', amount: '100.00' },
      { account: 'income:donations:box:box-100', currency: 'USD', amount: '-100.00' },
    ]);
    const told = await world.receipt(pledge);
    assert.equal(told.status, 'ended');
    assert.equal(told.payments, 1);
    await assertMeter('box');
  });

  test('asks the provider for exactly what the tier says, in the provider’s units', async () => {
    for (const [tier, units, currency, mode] of [['gift-25', 2500, 'eur', 'payment'], ['kyoto-3000', 3000, 'jpy', 'payment'], ['box-5000', 500000, 'usd', 'payment'], ['month-10', 1000, 'eur', 'subscription']]) {
      const pledge = await world.pledge(tier);
      const session = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
      assert.equal(session.amount_total, units);
      assert.equal(session.currency, currency);
      assert.equal(session.mode, mode);
      assert.equal(session.client_reference_id, pledge.pledge);
      assert.equal(session.metadata.pledge, pledge.pledge);
      assert.equal(session.metadata.tier, tier);
      assert.equal(session.success_url, `${world.origin}/thanks/${pledge.receipt}`);
      assert.equal(session.cancel_url, `${world.origin}/c/${pledge.campaign}?tier=${tier}`);
    }
  });

  test('without cents is booked as such', async () => {
    const pledge = await world.pledge('kyoto-3000');
    await world.pay(pledge);
    const [entry] = await world.booked(pledge, 'settled');
    assert.equal(entry.amount, '3000');
    assert.equal(entry.postings[0].amount, '3000');
    await assertMeter('kyoto');
  });

  test('pressed in a form without script leads through the provider to the thank-you page', async () => {
    const answer = await world.pressForm({ tier: 'gift-25' });
    assert.equal(answer.status, 303);
    assert.equal(answer.text, '');
    const session = answer.header('location').slice(answer.header('location').lastIndexOf('/') + 1);
    const back = await world.pay({ session });
    const page = await world.ask(new URL(back.header('location')).pathname);
    assert.match(page.text, /<h1>Thank you!\s*<\/h1>/);
    assert.match(page.text, /25\.00/);
  });

  test('declined and then paid with another card is booked once', async () => {
    const pledge = await world.pledge('gift-25');
    assert.equal((await world.pay(pledge, 'declined')).status, 402);
    await world.toldAll();
    assert.deepEqual(world.kindsOf(pledge), ['pledged']);
    await assertState(pledge, 'waiting', waiting);
    assert.equal((await world.pay(pledge, 'card')).status, 303);
    await world.booked(pledge, 'settled');
    await world.toldAll();
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
  });

  test('by slow debit is pending, counted as such, and settled when the bank has paid', async () => {
    await world.order('misbehave', { slow_debit_ms: 3600000 });
    const pledge = await world.pledge('gift-25');
    await world.pay(pledge, 'slow_debit');
    await world.booked(pledge, 'pending');
    await assertState(pledge, 'on-its-way', onItsWay);
    await assertMeter('members');
    assert.equal(world.of(pledge).at(-1).postings, undefined, 'nothing has come yet');
    await world.order('settle', { session: pledge.session });
    await world.booked(pledge, 'settled');
    await assertState(pledge, 'received', received);
    await assertMeter('members');
    await world.toldAll();
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'pending', 'settled']);
    await world.order('behave');
  });

  test('by slow debit that bounces is never counted', async () => {
    await world.order('misbehave', { slow_debit_ms: 3600000 });
    const pledge = await world.pledge('gift-25');
    await world.pay(pledge, 'slow_debit_fails');
    await world.booked(pledge, 'pending');
    await world.order('settle', { session: pledge.session, outcome: 'failed' });
    const [entry] = await world.booked(pledge, 'failed');
    assert.equal(entry.postings, undefined);
    await assertState(pledge, 'not-completed', failed);
    await assertMeter('members');
    await world.order('behave');
  });

  test('that is abandoned expires and is never counted', async () => {
    const pledge = await world.pledge('box-2500');
    await world.order('expire', { session: pledge.session });
    const [entry] = await world.booked(pledge, 'expired');
    assert.equal(entry.postings, undefined);
    assert.equal(entry.amount, undefined);
    await assertState(pledge, 'not-completed', failed);
  });

  test('of which the provider tells the expiry first and the payment later is booked', async () => {
    const pledge = await world.pledge('gift-25');
    const session = paidSession(pledge.pledge, pledge.session, 2500, 'eur');
    const expired = event('checkout.session.expired', { ...session, status: 'expired', payment_status: 'unpaid', payment_intent: null });
    assert.equal((await world.deliver(expired)).status, 200);
    await assertState(pledge, 'not-completed', failed);
    assert.equal((await world.deliver(event('checkout.session.completed', session))).status, 200);
    await assertState(pledge, 'received', received);
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'expired', 'settled']);
  });

  test('stays received whatever older news arrive later', async () => {
    const pledge = await world.pledge('gift-25');
    const session = paidSession(pledge.pledge, pledge.session, 2500, 'eur');
    assert.equal((await world.deliver(event('checkout.session.completed', session))).status, 200);
    const older = [
      event('checkout.session.completed', { ...session, payment_status: 'unpaid' }, { created: 1700000000 }),
      event('checkout.session.async_payment_failed', { ...session, payment_status: 'unpaid' }, { created: 1700000000 }),
      event('checkout.session.expired', { ...session, status: 'expired', payment_status: 'unpaid' }, { created: 1700000000 }),
      event('checkout.session.async_payment_succeeded', session),
    ];
    await world.writesNothing(async () => {
      for (const each of older) assert.equal((await world.deliver(each)).status, 200, each.type);
    });
    await assertState(pledge, 'received', received);
  });

  test('that failed and was then paid after all is booked', async () => {
    const pledge = await world.pledge('gift-25');
    const session = paidSession(pledge.pledge, pledge.session, 2500, 'eur');
    for (const [type, status] of [['completed', 'unpaid'], ['async_payment_failed', 'unpaid'], ['async_payment_succeeded', 'paid']])
      assert.equal((await world.deliver(event(`checkout.session.${type}`, { ...session, payment_status: status }))).status, 200);
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'pending', 'failed', 'settled']);
    await assertState(pledge, 'received', received);
  });

  test('paid a second time is kept apart as unidentified money and not counted', async () => {
    const pledge = await world.pledge('gift-25');
    const first = paidSession(pledge.pledge, pledge.session, 2500, 'eur');
    const second = paidSession(pledge.pledge, pledge.session, 2500, 'eur');
    assert.equal((await world.deliver(event('checkout.session.completed', first))).status, 200);
    assert.equal((await world.deliver(event('checkout.session.completed', second))).status, 200);
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled', 'parked']);
    const parked = world.of(pledge).at(-1);
    assert.equal(parked.reason, 'second-payment');
    assert.deepEqual(parked.postings.map(({ account }) => account), ['assets:provider:stripe', 'liabilities:unidentified:stripe']);
    assert.equal((await world.receipt(pledge)).payments, 1);
  });
});

describe('a monthly gift', () => {
  // The provider's events of a first payment, held back so that we can tell them in any order.
  async function firstPayment(tier = 'month-10') {
    const pledge = await world.pledge(tier);
    await world.order('pause');
    await world.order('pay', { session: pledge.session });
    const session = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
    const mine = (await world.events()).filter(({ data: { object } }) => JSON.stringify(object).includes(pledge.session)
      || JSON.stringify(object).includes(session.subscription) || object.id === session.invoice);
    return { pledge, session, invoicePaid: mine.find(({ type }) => type === 'invoice.paid'), completed: mine.find(({ type }) => type === 'checkout.session.completed'), all: mine };
  }

  async function assertOnePayment({ pledge, session }) {
    assert.deepEqual(world.kindsOf(pledge), ['pledged', 'settled']);
    const entry = world.of(pledge).at(-1);
    assert.equal(entry.payment, session.invoice, 'the invoice stands for the payment');
    assert.equal(entry.refs.subscription, session.subscription);
    assert.equal(entry.refs.invoice, session.invoice);
    assert.match(entry.refs.payment_intent, /^pi_/, 'refunds and disputes name nothing else');
    const told = await world.receipt(pledge);
    assert.deepEqual([told.state, told.status, told.payments], ['received', 'active', 1]);
  }

  test('is booked once when the session is told first and the invoice second', async () => {
    const first = await firstPayment();
    assert.equal((await world.deliver(first.completed)).status, 200);
    await world.writesNothing(async () => assert.equal((await world.deliver(first.invoicePaid)).status, 200));
    await assertOnePayment(first);
    await world.order('resume');
    await world.toldAll();
    await assertOnePayment(first);
  });

  test('is booked once when the invoice is told first and the session second', async () => {
    const first = await firstPayment();
    assert.equal((await world.deliver(first.invoicePaid)).status, 200);
    await world.writesNothing(async () => assert.equal((await world.deliver(first.completed)).status, 200));
    await assertOnePayment(first);
    await world.order('resume');
    await world.toldAll();
  });

  test('is booked once when all its events arrive at the same moment', async () => {
    const first = await firstPayment('year-50');
    const answers = await Promise.all([...first.all, ...first.all].map((each) => world.deliver(each)));
    assert.deepEqual(answers.map(({ status }) => status), answers.map(() => 200));
    await assertOnePayment(first);
    await world.order('resume');
    await world.toldAll();
  });

  test('is renewed by a payment of its own each month, and a month that fails is not counted', async () => {
    const pledge = await world.pledge('month-10');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    const { subscription } = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
    await world.order('renew', { subscription });
    await world.booked(pledge, 'settled', 2);
    await world.order('renew', { subscription, outcome: 'failed' });
    await world.toldAll();
    assert.equal(world.of(pledge).filter(({ kind }) => kind === 'settled').length, 2);
    await world.order('renew', { subscription });
    const settled = await world.booked(pledge, 'settled', 3);
    assert.equal(new Set(settled.map(({ payment }) => payment)).size, 3);
    assert.deepEqual(new Set(settled.map(({ refs }) => refs.subscription)), new Set([subscription]));
    await waitFor('three payments', async () => (await world.receipt(pledge)).payments === 3);
  });

  test('is renewed by the clock', async () => {
    const pledge = await world.pledge('month-10');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    await world.order('clock', { advance: 32 * 86400 });
    await world.booked(pledge, 'settled', 2);
  });

  test('by slow debit is pending first', async () => {
    await world.order('misbehave', { slow_debit_ms: 3600000 });
    const pledge = await world.pledge('month-10');
    await world.pay(pledge, 'slow_debit');
    await world.toldAll();
    await assertState(pledge, 'on-its-way', onItsWay);
    await world.order('settle', { session: pledge.session });
    await world.booked(pledge, 'settled');
    await world.toldAll();
    assert.equal(world.of(pledge).filter(({ kind }) => kind === 'settled').length, 1);
    await assertState(pledge, 'received', received);
    await world.order('behave');
  });
});

describe('the books', () => {
  test('agree with what the provider says it holds of ours', async () => {
    await world.toldAll();
    const sums = balances(world.lines());
    const { data } = await world.askProvider('/v1/payment_intents?limit=100');
    assert.ok(data.length > 0 && data.length < 100);
    const atProvider = data.filter(({ status }) => status === 'succeeded')
      .reduce((sum, { currency, amount }) => ({ ...sum, [currency]: (sum[currency] ?? 0n) + BigInt(amount) }), {});
    // What we told ourselves above has no payment intent at the provider.
    const known = new Set(data.map(({ id }) => id));
    // Before its fees, which the provider tells of some gifts, because a test has moved its clock.
    const ours = world.lines().filter(({ kind, postings, refs }) => postings && kind !== 'cleared' && known.has(refs?.payment_intent));
    const booked = balances(ours);
    for (const [currency, sum] of Object.entries(atProvider))
      assert.equal(booked[`assets:provider:stripe ${currency.toUpperCase()}`], sum, currency);
    assert.ok(sums['assets:provider:stripe EUR'] > 0n);
  });
});
