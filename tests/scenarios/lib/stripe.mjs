// What a provider would send: signed by Stripe's own library.
import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';

const stripe = new Stripe('sk_test_nothing');

export const newId = (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`;

export function signature(payload, secret, timestamp = Math.floor(Date.now() / 1000)) {
  return stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
}

// An event around an object. `created` is whole seconds.
export function event(type, object, rest = {}) {
  return {
    id: newId('evt'), object: 'event', api_version: '2026-10-28.endive', created: Math.floor(Date.now() / 1000), type,
    livemode: false, pending_webhooks: 1, request: { id: null, idempotency_key: null }, data: { object }, ...rest,
  };
}

// The session of a pledge as it stands after a payment by card.
export function paidSession(pledge, session, units, currency, rest = {}) {
  return {
    id: session, object: 'checkout.session', mode: 'payment', status: 'complete', payment_status: 'paid',
    amount_total: units, currency, payment_intent: newId('pi'), client_reference_id: pledge, metadata: { pledge },
    subscription: null, invoice: null, livemode: false, ...rest,
  };
}
