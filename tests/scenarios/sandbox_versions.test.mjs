// The two shapes of an invoice: before and since API version 2025-03-31.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { monthly, rejectsWith, sandboxOfThese } from './tools/sandbox.mjs';

const LIMIT = { timeout: 60000 };
const OLD = '2024-06-20';

describe('API versions', LIMIT, async () => {
  const { sandbox, stripe, receiver } = await sandboxOfThese();

  async function subscribe() {
    const { id } = await stripe.checkout.sessions.create(monthly());
    return sandbox.order('/pay', { session: id });
  }

  function assertOld(invoice, session) {
    assert.equal(invoice.subscription, session.subscription);
    assert.match(invoice.payment_intent, /^pi_/);
    assert.match(invoice.charge, /^ch_/);
    assert.equal(invoice.paid, true);
    assert.deepEqual(invoice.subscription_details, { metadata: { pledge: 'plg_2' } });
    assert.equal(invoice.lines.data[0].price.unit_amount, 1000);
    for (const newer of ['parent', 'payments', 'total_taxes']) assert.equal(newer in invoice, false, newer);
  }

  test('are the webhook endpoint\'s own; the list of events keeps the account\'s', async () => {
    await sandbox.order('/webhook', { api_version: OLD });
    const session = await subscribe();
    const { event } = await receiver.wait('invoice.paid', session.invoice);
    assert.equal(event.api_version, OLD);
    assertOld(event.data.object, session);
    const listed = await stripe.events.retrieve(event.id);
    assert.equal(listed.api_version, '2026-10-28.endive');
    assert.equal(listed.data.object.parent.subscription_details.subscription, session.subscription);
    assert.equal('subscription' in listed.data.object, false);
    assert.equal(listed.created, event.created);
    const created = await receiver.wait('customer.subscription.created', session.subscription);
    assert.equal(created.event.data.object.current_period_end, listed.data.object.lines.data[0].period.end);
    const completed = await receiver.wait('checkout.session.completed', session.id);
    assert.equal(completed.event.data.object.ui_mode, 'hosted');
    // Once more is the same once more, whatever the endpoint's version has become.
    await sandbox.order('/webhook', { api_version: '2026-10-28.endive' });
    await sandbox.order('/resend', { event: event.id });
    const again = await receiver.wait('invoice.paid', session.invoice, 2);
    assert.deepEqual(again.event, event);
    const later = await subscribe();
    const since = await receiver.wait('invoice.paid', later.invoice);
    assert.equal(since.event.api_version, '2026-10-28.endive');
    assert.equal('subscription' in since.event.data.object, false);
  });

  test('are what a request says', async () => {
    const session = await subscribe();
    const old = await stripe.invoices.retrieve(session.invoice, {}, { apiVersion: OLD });
    assert.equal(old.lastResponse.apiVersion, OLD);
    assertOld(old, session);
    assertOld((await stripe.invoices.list({ subscription: session.subscription }, { apiVersion: OLD })).data[0], session);
    const first_of_the_new = await stripe.invoices.retrieve(session.invoice, {}, { apiVersion: '2025-03-31.basil' });
    assert.equal(first_of_the_new.parent.type, 'subscription_details');
    const subscription = await stripe.subscriptions.retrieve(session.subscription, {}, { apiVersion: OLD });
    assert.ok(subscription.current_period_end > subscription.current_period_start);
    assert.equal('current_period_end' in subscription.items.data[0], false);
    await rejectsWith(stripe.invoices.retrieve(session.invoice, {}, { apiVersion: 'yesterday' }), 'StripeInvalidRequestError', { statusCode: 400 });
    for (const api_version of ['2024-6-20', '2024-06-20.', '2024-06-20.A', '2024-06-20x', '', 20240620]) {
      const refused = await sandbox.fetch('/sandbox/webhook', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ api_version }),
      });
      assert.equal(refused.status, 400, api_version);
    }
  });
});
