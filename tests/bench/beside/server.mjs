// server.mjs PORT SECRET DIR file|sqlite -- what a site would write by hand: Express, the provider's own package, and
// every event made durable before it is answered: appended to a file with fdatasync, or a row of SQLite in its
// safest mode.
import Database from 'better-sqlite3';
import express from 'express';
import fs from 'node:fs';
import path from 'node:path';
import Stripe from 'stripe';

const [port, secret, dir, store] = process.argv.slice(2);
const stripe = new Stripe('sk_test_none');

function intoFile() {
  const fd = fs.openSync(path.join(dir, 'events.jsonl'), 'a');
  const seen = new Set();
  return (event, row) => {
    if (seen.has(event.id)) return;
    fs.writeSync(fd, `${JSON.stringify(row)}\n`);
    fs.fdatasyncSync(fd);
    seen.add(event.id);
  };
}

function intoSqlite() {
  const db = new Database(path.join(dir, 'events.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table gifts (event text primary key, pledge text, payment text, amount integer, currency text, at integer)');
  const insert = db.prepare('insert or ignore into gifts values (?, ?, ?, ?, ?, ?)');
  return (event, row) => { insert.run(event.id, row.pledge, row.payment, row.amount, row.currency, row.at); };
}

const book = store === 'file' ? intoFile() : intoSqlite();
const app = express();

app.post('/webhooks/stripe', express.raw({ type: 'application/json', limit: '512kb' }), (request, response) => {
  let event;
  try {
    event = stripe.webhooks.constructEvent(request.body, request.headers['stripe-signature'], secret);
  } catch (error) {
    response.status(400).json({ error: error.message });
    return;
  }
  const session = event.data.object;
  book(event, {
    event: event.id, pledge: session.client_reference_id, payment: session.payment_intent, amount: session.amount_total,
    currency: session.currency, at: event.created,
  });
  response.json({ received: true });
});
app.listen(Number(port), '127.0.0.1', () => console.log('ready'));
