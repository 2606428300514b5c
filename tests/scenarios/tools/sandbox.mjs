// The stand-in provider as a child process, the official SDK pointed at it, and a receiver for its webhooks.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';

const root = path.join(import.meta.dirname, '../../..');
export const pledger = process.env.PLEDGER ?? path.join(root, 'build/asan/pledger');
export const API_KEY = 'sk_test_sandbox_0123456789';
export const SECRET = 'whsec_sandbox_secret_one';

// Wait until `look` gives something, and give that.
export async function until(look, what = 'that', timeout_ms = 10000) {
  const end = Date.now() + timeout_ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`waited ${timeout_ms} ms for ${what}`);
    await sleep(10);
  }
}

// The SDK's error of that class, with these members.
export function rejectsWith(promise, type, members) {
  return assert.rejects(promise, (error) => {
    assert.equal(error.type, type, `${error.type}: ${error.message}`);
    for (const [name, value] of Object.entries(members)) assert.equal(error[name], value, name);
    assert.match(error.requestId, /^req_\w{14}$/);
    return true;
  });
}

// Listens for webhooks; answers 200, or what `answer` says for the n-th request.
export class Receiver {
  static async start(answer = () => 200) {
    const receiver = new Receiver();
    receiver.answer = answer;
    receiver.requests = [];
    receiver.server = http.createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', async () => {
        const body = Buffer.concat(chunks);
        const received = { body, headers: request.headers, event: JSON.parse(body), at: Date.now() };
        receiver.requests.push(received);
        response.statusCode = await receiver.answer(received, receiver.requests.length);
        response.end();
      });
    });
    await new Promise((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/webhooks/stripe`;
    return receiver;
  }

  of(type, object_id) {
    return this.requests.filter(({ event }) => event.type === type && (!object_id || event.data.object.id === object_id));
  }

  wait(type, object_id, count = 1) {
    return until(() => this.of(type, object_id).length >= count && this.of(type, object_id)[count - 1],
      `${count} ${type} of ${object_id ?? 'anything'}`);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// Text lines of a child's output, as they come.
function reader(stream) {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => { text += chunk; });
  return () => text;
}

export class Sandbox {
  static async start({ webhook_url, secrets = [SECRET], api_key = API_KEY, misbehave, seed, listen = '127.0.0.1:0' } = {}) {
    const sandbox = new Sandbox();
    const folder = sandbox.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pledger-sandbox-'));
    const file = (name, text) => {
      fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 });
      return path.join(folder, name);
    };
    const all = ['sandbox', '--listen', listen, '--key-file', file('key', `${api_key}\n`)];
    if (webhook_url) all.push('--webhook-url', webhook_url, '--webhook-secret-file', file('secrets', `${secrets.join('\n')}\n`));
    if (misbehave) all.push('--misbehave', file('misbehave.json', JSON.stringify(misbehave)));
    if (seed) all.push('--seed', String(seed));
    sandbox.child = spawn(pledger, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout = reader(sandbox.child.stdout);
    sandbox.stderr = reader(sandbox.child.stderr);
    sandbox.ended = new Promise((resolve) => sandbox.child.on('close', (code, signal) => resolve({ code, signal })));
    const line = await until(() => {
      assert.equal(sandbox.child.exitCode, null, sandbox.stderr());
      return /^sandbox: (http:\S+)$/m.exec(stdout());
    }, 'the sandbox');
    sandbox.url = line[1];
    sandbox.api_key = api_key;
    return sandbox;
  }

  stripe(options = {}) {
    const { hostname, port } = new URL(this.url);
    return new Stripe(options.api_key ?? this.api_key,
      { host: hostname, port, protocol: 'http', telemetry: false, maxNetworkRetries: 0, ...options.config });
  }

  // A request outside of the SDK.
  fetch(target, options) {
    return fetch(this.url + target, { redirect: 'manual', ...options });
  }

  async order(target, body) {
    const response = await this.fetch(`/sandbox${target}`, body === undefined ? {} : {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  }

  // A gift by the quick way: the charge that came of it, its balance transaction expanded.
  async gift({ outcome = 'card', ...more } = {}) {
    const stripe = this.stripe();
    const { id } = await stripe.checkout.sessions.create(once(more));
    const paid = await this.order('/pay', { session: id, outcome });
    const intent = await stripe.paymentIntents.retrieve(paid.payment_intent, { expand: ['latest_charge.balance_transaction'] });
    return intent.latest_charge;
  }

  // What the donor does on the payment page.
  async choose(session, outcome, more = {}) {
    const page = await fetch(session.url);
    assert.equal(page.status, 200);
    assert.match(await page.text(), new RegExp(`name="outcome"[^>]*value="${outcome}"`));
    return fetch(session.url, {
      method: 'POST', redirect: 'manual', body: new URLSearchParams({ outcome, ...more }),
    });
  }

  // Again is fine.
  async stop() {
    this.child.kill('SIGTERM');
    const { code, signal } = await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
    assert.deepEqual({ code, signal, stderr: this.stderr() }, { code: 0, signal: null, stderr: '' });
  }
}

// A sandbox, a receiver that verifies each webhook with the SDK, and what came.
export async function tellingSandbox(options = {}) {
  const receiver = await Receiver.start(({ body, headers }) => {
    Stripe.webhooks.constructEvent(body, headers['stripe-signature'], SECRET);
    return 200;
  });
  const sandbox = await Sandbox.start({ webhook_url: receiver.url, ...options }).catch(async (error) => {
    await receiver.stop(); // or nothing ends
    throw error;
  });
  // Wait until everything is told; then the types of the events about the objects, sorted, for no order is promised.
  const told = async (...ids) => {
    await until(async () => {
      const { deliveries } = await sandbox.order('');
      return deliveries.waiting + deliveries.in_flight === 0;
    }, 'everything to be told');
    return receiver.requests.filter(({ event }) => ids.includes(event.data.object.id)).map(({ event }) => event.type).sort();
  };
  const stop = async () => {
    await sandbox.stop();
    await receiver.stop();
  };
  return { sandbox, receiver, told, stop, stripe: sandbox.stripe() };
}

// One for the tests of an async describe, which ends with them.
export async function sandboxOfThese() {
  const { stop, ...all } = await tellingSandbox();
  after(stop);
  return all;
}

// The parameters of a gift.
export const once = (more = {}) => ({
  mode: 'payment',
  submit_type: 'donate',
  line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 2500, product_data: { name: 'Gift: Friend' } } }],
  client_reference_id: 'plg_1',
  metadata: { pledge: 'plg_1' },
  payment_intent_data: { metadata: { pledge: 'plg_1' }, description: 'Gift' },
  success_url: 'https://give.example/ok?sid={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://give.example/cancelled?a=1&b=2',
  adaptive_pricing: { enabled: false },
  ...more,
});

export const monthly = (more = {}) => ({
  mode: 'subscription',
  submit_type: 'donate',
  line_items: [{
    quantity: 1,
    price_data: { currency: 'eur', unit_amount: 1000, recurring: { interval: 'month' }, product_data: { name: 'Monthly' } },
  }],
  metadata: { pledge: 'plg_2' },
  subscription_data: { metadata: { pledge: 'plg_2' } },
  success_url: 'https://give.example/ok?sid={CHECKOUT_SESSION_ID}',
  ...more,
});
