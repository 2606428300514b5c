// The stand-in provider's balance: transactions, fees, other currencies, payouts; judged by the official SDK.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { once, rejectsWith, sandboxOfThese } from './tools/sandbox.mjs';

const LIMIT = { timeout: 60000 };
const DAY = 86400;

const inCurrency = (currency, unit_amount) =>
  ({ line_items: [{ quantity: 1, price_data: { currency, unit_amount, product_data: { name: 'Gift' } } }] });

describe('the balance', LIMIT, async () => {
  const { sandbox, stripe, receiver, told } = await sandboxOfThese();

  const order = (name, body) => sandbox.fetch(`/sandbox/${name}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });

  async function all(list) {
    const found = [];
    for await (const each of list) found.push(each);
    return found;
  }

  // What the provider says is there, and what its transactions add up to: always the same.
  afterEach(async () => {
    const { available, pending } = await stripe.balance.retrieve();
    const stated = {};
    for (const { currency, amount } of [...available, ...pending]) stated[currency] = (stated[currency] ?? 0) + amount;
    const summed = {};
    for (const { currency, amount, fee, net, fee_details } of await all(stripe.balanceTransactions.list({ limit: 100 }))) {
      assert.equal(net, amount - fee);
      assert.equal(fee_details.reduce((sum, detail) => sum + detail.amount, 0), fee);
      summed[currency] = (summed[currency] ?? 0) + net;
    }
    assert.deepEqual(stated, summed);
  });

  test('of a gift is its amount less the fee, pending for two days', async () => {
    const { balance_transaction } = await sandbox.gift();
    assert.deepEqual([balance_transaction.amount, balance_transaction.fee, balance_transaction.net, balance_transaction.exchange_rate],
      [2500, 63, 2437, null]);
    assert.equal(balance_transaction.available_on, balance_transaction.created + 2 * DAY);
    assert.equal((await stripe.balance.retrieve()).pending[0].amount, 2437);
    await sandbox.order('/clock', { advance: 2 * DAY });
    assert.equal((await stripe.balanceTransactions.retrieve(balance_transaction.id)).status, 'available');
    const { available, pending } = await stripe.balance.retrieve();
    assert.deepEqual([available[0].amount, pending[0].amount], [2437, 0]);
  });

  test('may hear of a gift later than everybody else', async () => {
    await sandbox.order('/misbehave', { slow_balance_ms: 3600 * 1000 });
    const charge = await sandbox.gift();
    assert.deepEqual([charge.status, charge.balance_transaction], ['succeeded', null]);
    await sandbox.order('/clock', { advance: 3600 });
    await told();
    const [{ event }] = receiver.of('charge.updated', charge.id);
    assert.deepEqual(event.data.previous_attributes, { balance_transaction: null });
    assert.equal((await stripe.balanceTransactions.retrieve(event.data.object.balance_transaction)).source, charge.id);
    await sandbox.order('/behave', {});
  });

  test('is lowered by fees and moved by corrections that belong to nothing', async () => {
    const fee = await sandbox.order('/fee', { currency: 'eur', amount: 200 });
    assert.deepEqual([fee.type, fee.reporting_category, fee.amount, fee.source], ['stripe_fee', 'fee', -200, null]);
    const given = await sandbox.order('/adjustment', { currency: 'eur', amount: 50 });
    const taken = await sandbox.order('/adjustment', { currency: 'eur', amount: 70, taken: true });
    assert.deepEqual([given.type, given.amount, taken.amount], ['adjustment', 50, -70]);
    assert.deepEqual((await stripe.balanceTransactions.list({ type: 'stripe_fee' })).data.map(({ id }) => id), [fee.id]);
    assert.equal((await order('fee', { currency: 'EUR', amount: 1 })).status, 400);
  });

  test('in another currency knows the rate of each day', async () => {
    await sandbox.order('/rate', { from: 'usd', to: 'eur', rate: '0.923456' });
    const charge = await sandbox.gift(inCurrency('usd', 10000));
    assert.deepEqual([charge.amount, charge.currency], [10000, 'usd']);
    const { balance_transaction } = charge;
    assert.deepEqual([balance_transaction.currency, balance_transaction.amount, balance_transaction.exchange_rate],
      ['eur', 9235, 0.923456]);
    assert.equal(balance_transaction.fee, 139 + 25);
    await sandbox.order('/rate', { from: 'usd', to: 'eur', rate: '0.95' });
    const refund = await stripe.refunds.create({ charge: charge.id, amount: 3333 }, { });
    assert.deepEqual([refund.amount, refund.currency], [3333, 'usd']);
    const back = await stripe.balanceTransactions.retrieve(refund.balance_transaction);
    assert.deepEqual([back.currency, back.amount, back.exchange_rate], ['eur', -3166, 0.95]);
    const failed = await sandbox.order('/refund_end', { refund: refund.id, outcome: 'failed' });
    assert.equal((await stripe.balanceTransactions.retrieve(failed.failure_balance_transaction)).amount, 3166);
    const dispute = await sandbox.order('/dispute', { charge: charge.id });
    assert.deepEqual([dispute.currency, dispute.balance_transactions[0].currency, dispute.balance_transactions[0].amount,
      dispute.balance_transactions[0].fee], ['usd', 'eur', -9500, 1500]);
    const own = await sandbox.gift(inCurrency('jpy', 3000));
    assert.deepEqual([own.balance_transaction.currency, own.balance_transaction.exchange_rate], ['jpy', null]);
    await sandbox.order('/rate', { from: 'jpy', to: 'usd', rate: '0.67' });
    assert.equal((await sandbox.gift(inCurrency('jpy', 3000))).balance_transaction.amount, 2010);
    assert.equal((await order('rate', { from: 'usd', to: 'eur', rate: '1e3' })).status, 400);
    assert.equal((await order('rate', { from: 'usd', to: 'eur', rate: '0.0' })).status, 400);
    assert.equal((await order('rate', { from: 'usd', to: 'eur', rate: 0.9 })).status, 400);
    await sandbox.order('/rate', { from: 'usd', to: 'usd', rate: '1' });
    assert.equal((await sandbox.gift(inCurrency('usd', 10000))).balance_transaction.currency, 'usd');
  });

  test('lists its transactions by source, type, currency and time', async () => {
    const charge = await sandbox.gift();
    const refund = await stripe.refunds.create({ charge: charge.id, amount: 100 });
    const ids = async (params) => (await all(stripe.balanceTransactions.list({ limit: 100, ...params }))).map(({ id }) => id);
    assert.deepEqual(await ids({ source: refund.id }), [refund.balance_transaction]);
    assert.ok((await ids({ type: 'refund' })).includes(refund.balance_transaction));
    assert.ok(!(await ids({ type: 'charge' })).includes(refund.balance_transaction));
    assert.deepEqual(await ids({ currency: 'chf' }), []);
    assert.ok((await ids({ created: { gte: charge.created } })).includes(charge.balance_transaction.id));
    assert.deepEqual(await ids({ created: { lt: 1000 } }), []);
    const [{ source }] = (await stripe.balanceTransactions.list({ source: refund.id, expand: ['data.source.payment_intent'] })).data;
    assert.equal(source.payment_intent.id, charge.payment_intent);
  });

  test('is told whole, with whose each transaction is', async () => {
    const { id } = await stripe.checkout.sessions.create(once({ payment_intent_data: { metadata: { pledge: 'plg_of_the_statement' } } }));
    const paid = await sandbox.order('/pay', { session: id });
    await stripe.refunds.create({ payment_intent: paid.payment_intent, amount: 1 });
    await sandbox.order('/other_business', { payments: 1, refunds: 1, disputes: 1, invoices: 1, sessions: 1, subscriptions: 1 });
    const { balance, transactions } = await sandbox.order('/statement');
    const ours = transactions.filter(({ metadata }) => metadata.pledge === 'plg_of_the_statement');
    assert.deepEqual(ours.map(({ transaction, payment_intent }) => [transaction.type, payment_intent]),
      [['charge', paid.payment_intent], ['refund', paid.payment_intent]]);
    const listed = await all(stripe.balanceTransactions.list({ limit: 100 }));
    assert.deepEqual(transactions.map(({ transaction }) => transaction.id), listed.map((each) => each.id).reverse());
    const eur = transactions.filter(({ transaction }) => transaction.currency === 'eur').reduce((sum, { transaction }) => sum + transaction.net, 0);
    const pot = balance.find(({ currency }) => currency === 'eur');
    assert.equal(pot.available + pot.pending, eur);
  });
});

describe('payouts', LIMIT, async () => {
  const { sandbox, stripe, receiver, told } = await sandboxOfThese();

  const order = (name, body) => sandbox.fetch(`/sandbox/${name}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  const paidOut = async (payout) => (await stripe.balanceTransactions.list({ payout: payout.id, limit: 100 })).data;

  test('take what is available, ours and others\', and know it', async () => {
    await sandbox.gift();
    await sandbox.order('/other_business', { payments: 2, refunds: 1 });
    assert.equal((await order('payout', { currency: 'eur' })).status, 409);
    await sandbox.order('/clock', { advance: 2 * DAY });
    const late = await sandbox.gift();
    const payout = await sandbox.order('/payout', { currency: 'eur' });
    assert.deepEqual([payout.status, payout.automatic, payout.reconciliation_status], ['pending', true, 'in_progress']);
    const held = await paidOut(payout);
    assert.deepEqual(held.map(({ type }) => type).sort(), ['charge', 'charge', 'charge', 'charge', 'payout', 'refund']);
    assert.ok(!held.some(({ id }) => id === late.balance_transaction.id));
    assert.equal(held.reduce((sum, { net }) => sum + net, 0), 0);
    const own = await stripe.balanceTransactions.retrieve(payout.balance_transaction);
    assert.deepEqual([own.amount, own.fee, own.source, own.type], [-payout.amount, 0, payout.id, 'payout']);
    await sandbox.order('/clock', { advance: 2 * DAY });
    const arrived = await stripe.payouts.retrieve(payout.id);
    assert.deepEqual([arrived.status, arrived.reconciliation_status], ['paid', 'completed']);
    assert.deepEqual(await told(payout.id), ['payout.created', 'payout.paid', 'payout.reconciliation_completed']);
    assert.deepEqual((await stripe.payouts.list({ status: 'paid', arrival_date: { lte: arrived.arrival_date } })).data.map(({ id }) => id), [payout.id]);
    assert.equal((await stripe.payouts.list({ arrival_date: { lt: arrived.arrival_date } })).data.length, 0);
  });

  test('that fail or are canceled come back, and go out with the next one', async () => {
    const first = await sandbox.order('/payout', { currency: 'eur' });
    const failed = await sandbox.order('/payout_end', { payout: first.id, outcome: 'failed' });
    assert.deepEqual([failed.status, failed.failure_code], ['failed', 'account_closed']);
    const back = await stripe.balanceTransactions.retrieve(failed.failure_balance_transaction);
    assert.deepEqual([back.type, back.amount, back.source], ['payout_failure', first.amount, first.id]);
    const second = await sandbox.order('/payout', { currency: 'eur' });
    assert.equal(second.amount, first.amount);
    assert.deepEqual((await paidOut(second)).map(({ type }) => type).sort(), ['payout', 'payout_failure']);
    const canceled = await sandbox.order('/payout_end', { payout: second.id, outcome: 'canceled' });
    assert.equal((await stripe.balanceTransactions.retrieve(canceled.failure_balance_transaction)).type, 'payout_cancel');
    const third = await sandbox.order('/payout', { currency: 'eur' });
    await sandbox.order('/payout_end', { payout: third.id, outcome: 'paid' });
    const late = await sandbox.order('/payout_end', { payout: third.id, outcome: 'failed' });
    assert.equal(late.status, 'failed');
    assert.equal((await order('payout_end', { payout: third.id, outcome: 'canceled' })).status, 409);
    assert.deepEqual(await told(first.id), ['payout.created', 'payout.failed']);
    assert.deepEqual(await told(second.id), ['payout.canceled', 'payout.created']);
    assert.deepEqual(await told(third.id), ['payout.created', 'payout.failed', 'payout.paid', 'payout.reconciliation_completed']);
    assert.ok(receiver.requests.length > 0);
  });

  test('by hand take a sum, and nobody can say whose', async () => {
    const payout = await sandbox.order('/payout', { currency: 'eur', amount: 300 });
    assert.deepEqual([payout.amount, payout.automatic, payout.reconciliation_status], [300, false, 'not_applicable']);
    await rejectsWith(paidOut(payout), 'StripeInvalidRequestError', { statusCode: 400, param: 'payout' });
    await rejectsWith(paidOut({ id: 'po_none' }), 'StripeInvalidRequestError', { code: 'resource_missing' });
    assert.equal((await order('payout', { currency: 'eur', amount: 1e9 })).status, 409);
    await sandbox.order('/clock', { advance: 2 * DAY });
    assert.deepEqual(await told(payout.id), ['payout.created', 'payout.paid']);
    const rest = await sandbox.order('/payout', { currency: 'eur' });
    assert.ok((await paidOut(rest)).some(({ source }) => source === payout.id));
  });

  test('are made by the clock when it is told to, in every currency', async () => {
    await sandbox.order('/payout_schedule', { interval: 'daily' });
    await sandbox.gift();
    await sandbox.gift(inCurrency('usd', 5000));
    await sandbox.order('/clock', { advance: 6 * DAY });
    const { data } = await stripe.payouts.list({ status: 'paid', limit: 2 });
    assert.deepEqual(data.map(({ currency, automatic }) => [currency, automatic]).sort(), [['eur', true], ['usd', true]]);
    assert.ok(data.every(({ created }) => created % DAY === 0));
    const { available } = await stripe.balance.retrieve();
    assert.ok(available.every(({ amount }) => amount === 0));
    await sandbox.order('/payout_schedule', { interval: 'manual' });
    await sandbox.gift();
    const { length } = (await stripe.payouts.list({ limit: 100 })).data;
    await sandbox.order('/clock', { advance: 40 * DAY });
    assert.equal((await stripe.payouts.list({ limit: 100 })).data.length, length);
    await sandbox.order('/payout_schedule', { interval: 'monthly' });
    await sandbox.order('/clock', { advance: 32 * DAY });
    assert.equal((await stripe.payouts.list({ limit: 100 })).data.length, length + 1);
    assert.equal((await order('payout_schedule', { interval: 'hourly' })).status, 400);
  });
});
