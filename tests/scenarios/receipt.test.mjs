// The receipt of a gift, as an office prints it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newWorld } from './lib/world.mjs';

let world;

function configure(config) {
  Object.assign(config.organisation, { address: ['1 Harbour Road', 'Port <Ellen>'], registration: 'SC012345', receipt_text: 'No goods were given in return.' });
  config.accounts[0].portal_url = 'https://billing.example.com/p/login/x';
}

before(async () => { world = await newWorld({ configure }); });
after(() => world?.end());

const pathOf = (pledge) => new URL(pledge.receipt_url).pathname.replace('/v1/receipts/', '/receipt/');
const print = (pledge) => world.ask(pathOf(pledge), { headers: { accept: 'text/html' } });

async function given(tier) {
  const pledge = await world.pledge(tier);
  await world.pay(pledge);
  await world.booked(pledge, 'settled');
  return pledge;
}

test('a receipt has what an office needs, and nothing of the donor', async () => {
  const gift = await given('box-100');
  const answer = await print(gift);
  assert.equal(answer.status, 200);
  assert.equal(answer.header('cache-control'), 'no-store');
  assert.equal(answer.header('referrer-policy'), 'no-referrer');
  for (const text of ['Example &amp; Sons', '1 Harbour Road', 'Port &lt;Ellen&gt;', 'SC012345', 'No goods were given in return.',
    'Donation box', 'Supporter', '$100.00, one time', gift.pledge, new Date().toISOString().slice(0, 10)])
    assert.ok(answer.text.includes(text), text);
  assert.doesNotMatch(answer.text.replace(/<style>.*<\/style>/s, ''), /class="problem"|example\.com|@/);
});

test('a gift that comes again has a receipt for each time, and leads to the provider\'s login', async () => {
  const pledge = await given('month-10');
  const { subscription } = await world.askProvider(`/v1/checkout/sessions/${pledge.session}`);
  await world.order('renew', { subscription });
  const settled = await world.booked(pledge, 'settled', 2);
  assert.equal((await print(pledge)).header('location'), pathOf(pledge).replace('/receipt/', '/thanks/'));
  const { text } = await world.thanks(pledge);
  assert.match(text, /href="https:\/\/billing\.example\.com\/p\/login\/x"/);
  const paths = [...text.matchAll(/href="(\/receipt\/rcp_[0-9a-z]{26})"/g)].map((match) => match[1]);
  assert.equal(new Set(paths).size, 2);
  assert.ok(!paths.includes(pathOf(pledge)));
  const receipts = await Promise.all(paths.map((path) => world.ask(path, { headers: { accept: 'text/html' } })));
  assert.deepEqual(receipts.map((each) => /<dt>Receipt number<\/dt><dd>([^<]+)</.exec(each.text)[1]).sort(), settled.map(({ payment }) => payment).sort());
  // Whoever is shown one gift is not shown the way to the others.
  for (const receipt of receipts) {
    assert.match(receipt.text, /<dt>Amount<\/dt><dd class="sum-given">€10\.00 every month<\/dd>/);
    assert.doesNotMatch(receipt.text, /\/thanks\/|\/receipt\/rcp_/);
  }
  assert.equal((await world.ask(paths[0].replace('/receipt/', '/thanks/'), { headers: { accept: 'text/html' } })).status, 404);
  await world.order('refund', { session: pledge.session });
  await world.booked(pledge, 'refunded');
  const after = await Promise.all(paths.map((path) => world.ask(path, { headers: { accept: 'text/html' } })));
  assert.deepEqual(after.map((each) => each.text.includes('This receipt no longer holds')).sort(), [false, true]);
  const { text: marked } = await world.thanks(pledge);
  assert.equal(marked.match(/<\/time><\/a> <span>Gone back<\/span><\/li>/g).length, 1);
  // The links are the ledger's, not the index's.
  await world.stop();
  assert.equal(world.run('rebuild', '--config', world.configFile).status, 0);
  await world.serve();
  const again = await world.thanks(pledge);
  assert.deepEqual([...again.text.matchAll(/href="(\/receipt\/rcp_[0-9a-z]{26})"/g)].map((match) => match[1]), paths);
  assert.match(again.text, /The same gift follows every month\./);
  await world.order('cancel', { subscription, at: 'now' });
  await world.booked(pledge, 'ended');
  const { text: last } = await world.thanks(pledge);
  assert.match(last, /2 gifts of €10\.00 have arrived\. No more follow\./);
  assert.doesNotMatch(last, /follows every month|billing\.example\.com/);
});

test('a receipt says what was given back since, what is disputed, and at last that it no longer holds', async () => {
  const gift = await given('box-100');
  await world.order('refund', { session: gift.session, amount: 4000 });
  await world.booked(gift, 'refunded');
  const partly = (await print(gift)).text;
  assert.match(partly, /Given back since: \$40\.00\./);
  assert.match(partly, /<dt>What remains<\/dt><dd>\$60\.00<\/dd>/);
  assert.match(partly, /<dt>State<\/dt><dd>Received, and gone back in part<\/dd>/);
  const { id } = await world.order('dispute', { session: gift.session, amount: 6000 });
  await world.booked(gift, 'disputed');
  const held = (await print(gift)).text;
  assert.match(held, /Disputed at the bank, and not decided yet: \$60\.00\./);
  assert.doesNotMatch(held, /no longer holds/);
  await world.order('dispute_move', { dispute: id, status: 'lost' });
  await world.booked(gift, 'dispute_lost');
  const gone = (await print(gift)).text;
  assert.match(gone, /Taken back by the bank: \$60\.00\./);
  assert.match(gone, /This receipt no longer holds/);
  assert.match(gone, /class="card receipt void"/);
  // So does the page that thanked for it.
  const { text } = await world.thanks(gift);
  for (const words of ['Your gift of $100.00 has arrived.', 'Given back since: $40.00.', 'Taken back by the bank: $60.00.'])
    assert.ok(text.includes(words), words);
});

test('before anything has arrived there is none', async () => {
  const pledge = await world.pledge('box-100');
  const answer = await print(pledge);
  assert.equal(answer.status, 303);
  assert.equal(answer.header('location'), pathOf(pledge).replace('/receipt/', '/thanks/'));
  for (const token of ['rcp_00000000000000000000000000', pledge.pledge, 'rcp_', 'x'.repeat(300)])
    assert.equal((await world.ask(`/receipt/${token}`, { headers: { accept: 'text/html' } })).status, 404);
});

test('the log tells no token', async () => {
  await world.service.says(/route=\S*receipt/); // lines are written in batches
  assert.doesNotMatch(world.service.stderr, /rcp_/);
});
