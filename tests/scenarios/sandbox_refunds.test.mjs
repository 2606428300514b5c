// Refunds of the stand-in provider, judged by the official SDK.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { once, rejectsWith, sandboxOfThese } from './tools/sandbox.mjs';

const LIMIT = { timeout: 60000 };

describe('refunds', LIMIT, async () => {
  const { sandbox, stripe, receiver, told } = await sandboxOfThese();

  const refused = (promise, members) => rejectsWith(promise, 'StripeInvalidRequestError', { statusCode: 400, ...members });
  const transaction = (id) => stripe.balanceTransactions.retrieve(id);

  test('of all of a gift are told of by the charge and by themselves', async () => {
    const charge = await sandbox.gift();
    const refund = await stripe.refunds.create({ payment_intent: charge.payment_intent, reason: 'requested_by_customer', metadata: { why: 'typo' } });
    assert.match(refund.id, /^re_/);
    assert.deepEqual([refund.amount, refund.currency, refund.status, refund.charge, refund.payment_intent],
      [2500, 'eur', 'succeeded', charge.id, charge.payment_intent]);
    assert.deepEqual([refund.reason, refund.metadata], ['requested_by_customer', { why: 'typo' }]);
    assert.equal('livemode' in refund, false);
    const moved = await transaction(refund.balance_transaction);
    assert.deepEqual([moved.type, moved.reporting_category, moved.amount, moved.fee, moved.net, moved.source],
      ['refund', 'refund', -2500, 0, -2500, refund.id]);
    assert.equal(moved.available_on, charge.balance_transaction.available_on);
    const after_ = await stripe.charges.retrieve(charge.id);
    assert.deepEqual([after_.amount_refunded, after_.refunded, after_.status], [2500, true, 'succeeded']);
    assert.equal('refunds' in after_, false);
    assert.deepEqual(await told(refund.id), ['charge.refund.updated', 'refund.created', 'refund.updated']);
    const [{ event }] = receiver.of('charge.refunded', charge.id);
    assert.equal(event.data.object.amount_refunded, 2500);
    assert.deepEqual(event.data.previous_attributes, { amount_refunded: 0, refunded: false });
    assert.equal(event.request.id !== null, true);
  });

  test('of parts add up, and no more than was given comes back', async () => {
    const charge = await sandbox.gift();
    const first = await stripe.refunds.create({ charge: charge.id, amount: 1000 });
    const second = await stripe.refunds.create({ charge: charge.id, amount: 700 });
    assert.deepEqual((await stripe.charges.retrieve(charge.id)).amount_refunded, 1700);
    await refused(stripe.refunds.create({ charge: charge.id, amount: 801 }), { param: 'amount' });
    const rest = await stripe.refunds.create({ charge: charge.id });
    assert.equal(rest.amount, 800);
    await refused(stripe.refunds.create({ charge: charge.id }), { code: 'charge_already_refunded' });
    const listed = await stripe.refunds.list({ charge: charge.id });
    assert.deepEqual(listed.data.map(({ id }) => id), [rest.id, second.id, first.id]);
    assert.equal((await stripe.refunds.list({ payment_intent: charge.payment_intent, limit: 1 })).has_more, true);
    assert.deepEqual((await stripe.refunds.retrieve(second.id, { expand: ['balance_transaction', 'charge.balance_transaction'] })).balance_transaction.amount, -700);
  });

  test('by the same key are one refund', async () => {
    const charge = await sandbox.gift();
    const once_ = { idempotencyKey: `${charge.id}-refund` };
    const one = await stripe.refunds.create({ charge: charge.id, amount: 500 }, once_);
    const two = await stripe.refunds.create({ charge: charge.id, amount: 500 }, once_);
    assert.equal(two.id, one.id);
    assert.equal((await stripe.charges.retrieve(charge.id)).amount_refunded, 500);
    await rejectsWith(stripe.refunds.create({ charge: charge.id, amount: 501 }, once_), 'StripeIdempotencyError', {});
    const [{ event }] = receiver.of('refund.created', one.id);
    assert.equal(event.request.idempotency_key, once_.idempotencyKey);
  });

  test('whose answer is lost are done once all the same', async () => {
    const charge = await sandbox.gift();
    const key = { idempotencyKey: `${charge.id}-lost` };
    await sandbox.order('/misbehave', { api_count: 1, api_stage: 'after', api_path: '/v1/refunds', api_status: 0 });
    await assert.rejects(stripe.refunds.create({ charge: charge.id, amount: 500 }, key));
    const again = await stripe.refunds.create({ charge: charge.id, amount: 500 }, key);
    assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal((await stripe.refunds.list({ charge: charge.id })).data.length, 1);
    await sandbox.order('/behave', {});
  });

  test('made in the dashboard need no request', async () => {
    const charge = await sandbox.gift();
    const refund = await sandbox.order('/refund', { charge: charge.id, amount: 100 });
    await told();
    const [{ event }] = receiver.of('refund.created', refund.id);
    assert.deepEqual([event.request.id, event.request.idempotency_key], [null, null]);
    assert.equal((await stripe.refunds.retrieve(refund.id)).amount, 100);
  });

  test('may be pending first, with the balance moved already', async () => {
    const charge = await sandbox.gift();
    const refund = await sandbox.order('/refund', { charge: charge.id, amount: 900, course: 'pending' });
    assert.deepEqual([refund.status, refund.pending_reason], ['pending', 'processing']);
    assert.equal((await transaction(refund.balance_transaction)).amount, -900);
    await sandbox.order('/clock', { advance: 60 });
    assert.equal((await stripe.refunds.retrieve(refund.id)).status, 'succeeded');
    assert.deepEqual(await told(refund.id), ['charge.refund.updated', 'refund.created', 'refund.updated']);
    assert.deepEqual(receiver.of('refund.updated', refund.id)[0].event.data.previous_attributes, { status: 'pending' });
  });

  test('may wait for the balance, which moves when they succeed', async () => {
    const charge = await sandbox.gift();
    const refund = await sandbox.order('/refund', { charge: charge.id, course: 'waiting' });
    assert.deepEqual([refund.status, refund.pending_reason, refund.balance_transaction], ['pending', 'insufficient_funds', null]);
    const done = await sandbox.order('/refund_end', { refund: refund.id, outcome: 'succeeded' });
    assert.equal((await transaction(done.balance_transaction)).amount, -2500);
    const other = await sandbox.gift();
    const canceled = await sandbox.order('/refund', { charge: other.id, course: 'waiting' });
    const end = await sandbox.order('/refund_end', { refund: canceled.id, outcome: 'canceled' });
    assert.deepEqual([end.status, end.balance_transaction, end.failure_balance_transaction], ['canceled', null, undefined]);
    assert.equal((await stripe.charges.retrieve(other.id)).amount_refunded, 0);
  });

  test('may fail while pending, and after they succeeded: the money comes back', async () => {
    for (const course of ['pending', 'succeeded']) {
      const charge = await sandbox.gift();
      const refund = await sandbox.order('/refund', { charge: charge.id, amount: 1200, course });
      const failed = await sandbox.order('/refund_end', { refund: refund.id, outcome: 'failed' });
      assert.deepEqual([failed.status, failed.failure_reason], ['failed', 'lost_or_stolen_card']);
      const back = await transaction(failed.failure_balance_transaction);
      assert.deepEqual([back.type, back.reporting_category, back.amount, back.source], ['refund_failure', 'refund_failure', 1200, refund.id]);
      assert.deepEqual((await stripe.charges.retrieve(charge.id)).amount_refunded, 0);
      const types = await told(refund.id);
      assert.ok(types.includes('refund.failed'));
      const [{ event }] = receiver.of('refund.failed', refund.id);
      assert.deepEqual(event.data.previous_attributes, { status: course });
      assert.equal(event.data.object.status, 'failed');
      // It can be refunded anew.
      assert.equal((await stripe.refunds.create({ charge: charge.id })).amount, 2500);
    }
  });

  test('are slow or fail by the clock when told', async () => {
    await sandbox.order('/misbehave', { slow_refund: 2, slow_refund_ms: 3600 * 1000, refund_fails: 1 });
    const [one, two] = [await sandbox.gift(), await sandbox.gift()];
    const fails = await stripe.refunds.create({ charge: one.id });
    const succeeds = await stripe.refunds.create({ charge: two.id });
    assert.deepEqual([fails.status, succeeds.status], ['pending', 'pending']);
    await sandbox.order('/clock', { advance: 3600 });
    assert.equal((await stripe.refunds.retrieve(fails.id)).status, 'failed');
    assert.equal((await stripe.refunds.retrieve(succeeds.id)).status, 'succeeded');
    await sandbox.order('/behave', {});
  });

  test('of a debit pend, and have a type of their own on the balance', async () => {
    const session = await stripe.checkout.sessions.create(once());
    const unpaid = await sandbox.order('/pay', { session: session.id, outcome: 'slow_debit' });
    await refused(stripe.refunds.create({ payment_intent: unpaid.payment_intent }), {});
    await sandbox.order('/settle', { session: session.id });
    const refund = await stripe.refunds.create({ payment_intent: unpaid.payment_intent });
    assert.match(refund.id, /^pyr_/);
    assert.equal(refund.status, 'pending');
    assert.equal((await transaction(refund.balance_transaction)).type, 'payment_refund');
  });

  test('are refused in the words of the original', async () => {
    await refused(stripe.refunds.create({}), { code: 'parameter_missing' });
    await rejectsWith(stripe.refunds.create({ charge: 'ch_none' }), 'StripeInvalidRequestError', { statusCode: 404, code: 'resource_missing' });
    await rejectsWith(stripe.refunds.retrieve('re_none'), 'StripeInvalidRequestError', { statusCode: 404 });
    const charge = await sandbox.gift();
    await refused(stripe.refunds.create({ charge: charge.id, amount: -1 }), { param: 'amount' });
    await refused(stripe.refunds.create({ charge: charge.id, reason: 'bored' }), { param: 'reason' });
    await refused(stripe.refunds.create({ charge: charge.id, reverse_transfer: true }), { code: 'parameter_unknown' });
    const end = (refund, outcome) => sandbox.fetch('/sandbox/refund_end', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ refund, outcome }),
    });
    const refund = await stripe.refunds.create({ charge: charge.id });
    assert.equal((await end(refund.id, 'canceled')).status, 409);
    assert.equal((await end(refund.id, 'lost')).status, 400);
    assert.equal((await end('re_none', 'failed')).status, 404);
  });
});
