// Disputes at the stand-in provider, judged by the official SDK.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rejectsWith, sandboxOfThese } from './tools/sandbox.mjs';

const LIMIT = { timeout: 60000 };

describe('disputes', LIMIT, async () => {
  const { sandbox, stripe, receiver, told } = await sandboxOfThese();

  const move = (dispute, status, more = {}) => sandbox.order('/dispute_move', { dispute: dispute.id, status, ...more });
  const sums = ({ balance_transactions }) => balance_transactions.map(({ type, reporting_category, amount, fee, net }) => ({ type, reporting_category, amount, fee, net }));
  const withdrawn = { type: 'adjustment', reporting_category: 'dispute', amount: -2500, fee: 1500, net: -4000 };

  test('take the money and a fee, and tell of both', async () => {
    const charge = await sandbox.gift();
    const dispute = await sandbox.order('/dispute', { charge: charge.id, reason: 'product_not_received' });
    assert.deepEqual([dispute.amount, dispute.currency, dispute.status, dispute.reason, dispute.charge, dispute.payment_intent],
      [2500, 'eur', 'needs_response', 'product_not_received', charge.id, charge.payment_intent]);
    assert.deepEqual(sums(dispute), [withdrawn]);
    assert.equal(dispute.balance_transactions[0].source, dispute.id);
    assert.equal(dispute.balance_transactions[0].fee_details[0].type, 'stripe_fee');
    assert.deepEqual(await told(dispute.id), ['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
    assert.equal((await stripe.charges.retrieve(charge.id)).disputed, true);
    assert.deepEqual((await stripe.disputes.list({ payment_intent: charge.payment_intent })).data.map(({ id }) => id), [dispute.id]);
    assert.equal((await stripe.disputes.retrieve(dispute.id, { expand: ['charge', 'payment_intent'] })).charge.id, charge.id);
    await rejectsWith(stripe.refunds.create({ charge: charge.id }), 'StripeInvalidRequestError', { code: 'charge_disputed' });
  });

  test('that are won bring the money back, and the fee where it is said', async () => {
    for (const fee_returned of [false, true]) {
      const dispute = await sandbox.order('/dispute', { charge: (await sandbox.gift()).id });
      const answered = await move(dispute, 'under_review');
      assert.equal(answered.evidence_details.has_evidence, true);
      const won = await move(dispute, 'won', { fee_returned });
      assert.deepEqual(sums(won), [withdrawn, {
        type: 'adjustment', reporting_category: 'dispute_reversal', amount: 2500, fee: fee_returned ? -1500 : 0, net: fee_returned ? 4000 : 2500,
      }]);
      assert.deepEqual(await told(dispute.id), ['charge.dispute.closed', 'charge.dispute.created', 'charge.dispute.funds_reinstated',
        'charge.dispute.funds_withdrawn', 'charge.dispute.updated']);
      assert.deepEqual(receiver.of('charge.dispute.updated', dispute.id)[0].event.data.previous_attributes, { status: 'needs_response' });
      const [{ event }] = receiver.of('charge.dispute.closed', dispute.id);
      assert.deepEqual([event.data.object.status, event.data.previous_attributes], ['won', { status: 'under_review' }]);
    }
  });

  test('that are lost or given up move nothing more', async () => {
    const lost = await sandbox.order('/dispute', { charge: (await sandbox.gift()).id });
    assert.deepEqual(sums(await move(lost, 'lost')), [withdrawn]);
    assert.deepEqual(await told(lost.id), ['charge.dispute.closed', 'charge.dispute.created', 'charge.dispute.funds_withdrawn']);
    const given_up = await sandbox.order('/dispute', { charge: (await sandbox.gift()).id });
    assert.equal((await stripe.disputes.close(given_up.id)).status, 'lost');
    await rejectsWith(stripe.disputes.close(given_up.id), 'StripeInvalidRequestError', { statusCode: 400 });
  });

  test('may be over a part, and after a refund: a payment can go below zero', async () => {
    const charge = await sandbox.gift();
    const part = await sandbox.order('/dispute', { charge: charge.id, amount: 600 });
    assert.equal(sums(part)[0].amount, -600);
    const refunded = await sandbox.gift();
    await stripe.refunds.create({ charge: refunded.id, amount: 2000 });
    const dispute = await sandbox.order('/dispute', { charge: refunded.id });
    const { transactions } = await sandbox.order('/statement');
    const net = transactions.filter((each) => each.charge === refunded.id).reduce((sum, { transaction }) => sum + transaction.amount, 0);
    assert.equal(net, -2000);
    assert.equal((await stripe.charges.retrieve(refunded.id)).amount_refunded, 2000);
    assert.equal(dispute.is_charge_refundable, false);
  });

  test('begin as an inquiry that moves no money, and are closed or escalate', async () => {
    const closed = await sandbox.order('/dispute', { charge: (await sandbox.gift()).id, inquiry: true });
    assert.deepEqual([closed.status, closed.balance_transactions], ['warning_needs_response', []]);
    await move(closed, 'warning_under_review');
    assert.deepEqual((await move(closed, 'warning_closed')).balance_transactions, []);
    assert.deepEqual(await told(closed.id), ['charge.dispute.closed', 'charge.dispute.created', 'charge.dispute.updated']);
    const escalated = await sandbox.order('/dispute', { charge: (await sandbox.gift()).id, inquiry: true });
    assert.deepEqual(sums(await move(escalated, 'needs_response')), [withdrawn]);
    assert.deepEqual(await told(escalated.id), ['charge.dispute.created', 'charge.dispute.funds_withdrawn', 'charge.dispute.updated']);
  });

  test('go on by steps that exist', async () => {
    const order = (name, body) => sandbox.fetch(`/sandbox/${name}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    const charge = await sandbox.gift();
    assert.equal((await order('dispute', { charge: charge.id, amount: 2501 })).status, 409);
    assert.equal((await order('dispute', { charge: charge.id, reason: 'bored' })).status, 400);
    const dispute = await sandbox.order('/dispute', { charge: charge.id });
    assert.equal((await order('dispute', { charge: charge.id })).status, 409);
    assert.equal((await order('dispute_move', { dispute: dispute.id, status: 'warning_closed' })).status, 409);
    assert.equal((await order('dispute_move', { dispute: dispute.id, status: 'forgotten' })).status, 400);
    await move(dispute, 'lost');
    assert.equal((await order('dispute_move', { dispute: dispute.id, status: 'won' })).status, 409);
  });
});
