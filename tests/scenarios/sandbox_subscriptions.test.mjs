// Subscriptions of the stand-in provider, judged by the official SDK.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { monthly, rejectsWith, sandboxOfThese } from './tools/sandbox.mjs';

const LIMIT = { timeout: 60000 };

describe('subscriptions', LIMIT, async () => {
  const { sandbox, stripe, receiver, told } = await sandboxOfThese();

  async function subscribe(outcome = 'card') {
    const session = await stripe.checkout.sessions.create(monthly());
    assert.equal((await sandbox.choose(session, outcome)).status, 303);
    return stripe.checkout.sessions.retrieve(session.id);
  }

  test('begin with a first invoice that says whose it is', async () => {
    const session = await subscribe();
    assert.equal(session.payment_intent, null);
    const { event } = await receiver.wait('invoice.paid', session.invoice);
    const invoice = event.data.object;
    assert.equal(invoice.billing_reason, 'subscription_create');
    assert.equal(invoice.amount_paid, 1000);
    assert.deepEqual(invoice.parent.subscription_details, { metadata: { pledge: 'plg_2' }, subscription: session.subscription });
    assert.equal('payments' in invoice, false);
    assert.equal('subscription' in invoice, false);
    const read = await stripe.invoices.retrieve(session.invoice, { expand: ['payments'] });
    const intent = await stripe.paymentIntents.retrieve(read.payments.data[0].payment.payment_intent);
    assert.deepEqual(intent.metadata, {});
    assert.equal('payments' in (await stripe.invoices.retrieve(session.invoice)), false);
    const found = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent.id } });
    assert.equal(found.data[0].invoice, session.invoice);
    const subscription = await stripe.subscriptions.retrieve(session.subscription);
    assert.deepEqual(subscription.metadata, { pledge: 'plg_2' });
    assert.equal(subscription.status, 'active');
    assert.ok(subscription.items.data[0].current_period_end > subscription.created);
    assert.equal('current_period_end' in subscription, false);
    await receiver.wait('customer.subscription.created', session.subscription);
    assert.equal((await stripe.checkout.sessions.list({ subscription: session.subscription })).data[0].id, session.id);
  });

  test('renew when told, and when the clock says so', async () => {
    const session = await subscribe();
    const renewal = await sandbox.order('/renew', { subscription: session.subscription });
    assert.equal(renewal.billing_reason, 'subscription_cycle');
    const { event } = await receiver.wait('invoice.paid', renewal.id);
    assert.deepEqual(event.data.object.parent.subscription_details.metadata, { pledge: 'plg_2' });
    await sandbox.order('/clock', { advance: 3 * 31 * 86400 });
    const invoices = await stripe.invoices.list({ subscription: session.subscription });
    assert.equal(invoices.data.length, 4);
    const starts = invoices.data.map(({ lines }) => lines.data[0].period.start);
    assert.deepEqual(starts, [...starts].sort((a, b) => b - a));
  });

  test('by slow debit are paid later', async () => {
    await sandbox.order('/misbehave', { slow_debit_ms: 200 });
    const session = await subscribe('slow_debit');
    assert.equal(session.payment_status, 'unpaid');
    assert.equal((await stripe.invoices.retrieve(session.invoice)).status, 'open');
    await receiver.wait('checkout.session.async_payment_succeeded', session.id);
    await receiver.wait('invoice.paid', session.invoice);
  });

  test('renew by slow debit again', async () => {
    const [{ id }] = (await stripe.subscriptions.list()).data;
    const renewal = await sandbox.order('/renew', { subscription: id });
    assert.equal(renewal.status, 'open');
    const { event } = await receiver.wait('invoice.paid', renewal.id);
    assert.equal(event.data.object.status, 'paid');
    await sandbox.order('/behave', {});
  });

  test('of a year renew once a year', async () => {
    const { line_items: [line] } = monthly();
    line.price_data.recurring.interval = 'year';
    const { id } = await stripe.checkout.sessions.create(monthly({ line_items: [line] }));
    const { subscription } = await sandbox.order('/pay', { session: id });
    await sandbox.order('/clock', { advance: 364 * 86400 });
    assert.equal((await stripe.invoices.list({ subscription })).data.length, 1);
    await sandbox.order('/clock', { advance: 3 * 86400 });
    assert.equal((await stripe.invoices.list({ subscription })).data.length, 2);
  });

  test('whose renewal fails are overdue, tried again by the clock, and go on once it is paid', async () => {
    const session = await subscribe();
    const failed = await sandbox.order('/renew', { subscription: session.subscription, outcome: 'failed' });
    assert.equal(failed.status, 'open');
    assert.equal(failed.attempt_count, 1);
    const { now } = await sandbox.order('');
    assert.ok(Math.abs(failed.next_payment_attempt - now - 3 * 86400) < 60);
    const { event } = await receiver.wait('invoice.payment_failed', failed.id);
    assert.equal(event.data.object.next_payment_attempt, failed.next_payment_attempt);
    assert.equal((await stripe.subscriptions.retrieve(session.subscription)).status, 'past_due');
    await sandbox.order('/misbehave', { renewal_fails: 1 });
    await sandbox.order('/clock', { advance: 3 * 86400 });
    assert.equal((await stripe.invoices.retrieve(failed.id)).attempt_count, 2);
    await sandbox.order('/clock', { advance: 5 * 86400 });
    const paid = await stripe.invoices.retrieve(failed.id);
    assert.deepEqual([paid.status, paid.attempt_count, paid.next_payment_attempt], ['paid', 3, null]);
    assert.equal((await stripe.subscriptions.retrieve(session.subscription)).status, 'active');
    assert.deepEqual(await told(failed.id),
      ['invoice.finalized', 'invoice.paid', 'invoice.payment_failed', 'invoice.payment_failed', 'invoice.payment_succeeded']);
    const changes = receiver.of('customer.subscription.updated', session.subscription).map((each) => each.event.data.previous_attributes);
    assert.ok(changes.some(({ status }) => status === 'active'));
    assert.ok(changes.some(({ status }) => status === 'past_due'));
    assert.ok(changes.some(({ latest_invoice }) => latest_invoice === session.invoice));
  });

  test('end when nobody pays in the end', async () => {
    const session = await subscribe();
    await sandbox.order('/misbehave', { renewal_fails: true });
    const failed = await sandbox.order('/renew', { subscription: session.subscription, outcome: 'failed' });
    await sandbox.order('/clock', { advance: 16 * 86400 });
    await sandbox.order('/behave', {});
    const ended = await stripe.subscriptions.retrieve(session.subscription);
    assert.equal(ended.status, 'canceled');
    assert.equal(ended.cancellation_details.reason, 'payment_failed');
    const given_up = await stripe.invoices.retrieve(failed.id);
    assert.deepEqual([given_up.status, given_up.attempt_count, given_up.next_payment_attempt], ['open', 4, null]);
    await receiver.wait('customer.subscription.deleted', session.subscription);
    const late = await sandbox.fetch('/sandbox/retry', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ invoice: failed.id }),
    });
    assert.equal(late.status, 409);
  });

  test('are tried again by hand', async () => {
    const session = await subscribe();
    const failed = await sandbox.order('/renew', { subscription: session.subscription, outcome: 'failed' });
    assert.equal((await sandbox.order('/retry', { invoice: failed.id, outcome: 'failed' })).attempt_count, 2);
    assert.equal((await sandbox.order('/retry', { invoice: failed.id })).status, 'paid');
  });

  test('are canceled at once by the API, once', async () => {
    const session = await subscribe();
    const canceled = await stripe.subscriptions.cancel(session.subscription);
    assert.equal(canceled.status, 'canceled');
    assert.equal(canceled.cancellation_details.reason, 'cancellation_requested');
    assert.equal(canceled.ended_at, canceled.canceled_at);
    const { event } = await receiver.wait('customer.subscription.deleted', session.subscription);
    assert.equal(event.data.object.status, 'canceled');
    await rejectsWith(stripe.subscriptions.cancel(session.subscription), 'StripeInvalidRequestError',
      { statusCode: 404, code: 'resource_missing' });
    await sandbox.order('/clock', { advance: 40 * 86400 });
    assert.equal((await stripe.invoices.list({ subscription: session.subscription })).data.length, 1);
    assert.ok((await stripe.subscriptions.list()).data.every(({ id }) => id !== session.subscription));
    assert.ok((await stripe.subscriptions.list({ status: 'canceled' })).data.some(({ id }) => id === session.subscription));
  });

  test('end with their period when the donor says so in the portal, unless she thinks better of it', async () => {
    const session = await subscribe();
    const ending = await sandbox.order('/cancel', { subscription: session.subscription, at: 'period_end' });
    assert.equal(ending.status, 'active');
    assert.equal(ending.cancel_at_period_end, true);
    assert.equal(ending.cancel_at, ending.items.data[0].current_period_end);
    const { event } = await receiver.wait('customer.subscription.updated', session.subscription);
    assert.deepEqual(event.data.previous_attributes,
      { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details: { reason: null } });
    const kept = await stripe.subscriptions.update(session.subscription, { cancel_at_period_end: false });
    assert.deepEqual([kept.cancel_at, kept.canceled_at, kept.cancel_at_period_end], [null, null, false]);
    await stripe.subscriptions.update(session.subscription, { cancel_at_period_end: true });
    await sandbox.order('/clock', { advance: 32 * 86400 });
    await receiver.wait('customer.subscription.deleted', session.subscription);
    assert.equal((await stripe.invoices.list({ subscription: session.subscription })).data.length, 1);
    assert.deepEqual((await told(session.subscription)).filter((type) => type.endsWith('deleted')).length, 1);
  });
});
