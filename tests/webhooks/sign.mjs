// sign.mjs CASE…: write the `headers` of new cases below stripe/. Stripe's library turns a body into text
// first, which changes bytes that are not UTF-8: so the signature is made here.
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const { secrets: [secret], now } = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'stripe/account.json'), 'utf8'));
for (const folder of process.argv.slice(2)) {
  const mac = createHmac('sha256', secret).update(`${now}.`).update(fs.readFileSync(path.join(folder, 'body'))).digest('hex');
  fs.writeFileSync(path.join(folder, 'headers'), `Content-Type: application/json; charset=utf-8\nStripe-Signature: t=${now},v1=${mac}\n`);
}
