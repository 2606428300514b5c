// Tiers of which there is a number, and campaigns that close: what is said, what is refused, and that nothing is sold twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newWorld } from './lib/world.mjs';
import { waitFor } from './lib/wait.mjs';

const hour = 3_600_000;

let world;

function configure(config) {
  const [box, members, kyoto] = config.campaigns;
  box.tiers[0].stock = 7;
  box.tiers[1].stock = 1;
  box.tiers.push({ id: 'box-seat', label: 'A seat', amount: '40.00', interval: 'once', stock: 20 });
  members.ends = new Date(Date.now() - hour).toISOString().replace(/\.\d+Z/, 'Z');
  Object.assign(kyoto, { goal: '3000', closes_at_goal: true });
}

before(async () => { world = await newWorld({ configure }); });
after(() => world?.end());

const campaign = async (id) => (await world.ask('/v1/tiers')).json.campaigns.find((each) => each.id === id);
const left = async (tier) => (await campaign('box')).tiers.find(({ id }) => id === tier).left;
const open = async () => (await world.askProvider('/v1/checkout/sessions?limit=100&status=open')).data;

describe('a tier with a stock', () => {
  test('says how many are left, one without says nothing', async () => {
    assert.equal(await left('box-100'), 7);
    assert.equal(await left('box-5000'), undefined);
    assert.match((await world.ask('/c/box', { headers: { Accept: 'text/html' } })).text, />7 left</);
  });

  test('is not oversold by a thousand at once', { timeout: 300_000 }, async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => world.press('box-100')));
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 201).length, 7);
    assert.deepEqual([...new Set(statuses)].sort(), [201, 409]);
    assert.equal(world.lines('pledged').filter(({ tier }) => tier === 'box-100').length, 7);
    assert.equal(answers.find(({ status }) => status === 409).json.detail, 'This amount is sold out.');
  });

  test('and the sessions of those who came too late are closed', async () => {
    assert.equal((await open()).length, 7);
  });

  test('is what the button of another site says, too', async () => {
    await waitFor('the pages to be made anew', async () => await left('box-100') === 0);
    const said = (await world.ask('/v1/button/box?lang=de')).json.tiers;
    assert.deepEqual(said.map(({ gone, stock }) => [gone, stock]), [[true, 'Vergriffen'], [false, 'Noch 1 da'], [false, ''], [false, 'Noch 20 da']]);
    assert.equal(said[0].chosen, false);
  });

  test('that is sold out says so, and a form comes back with the message', async () => {
    const page = await world.pressForm({ tier: 'box-100' });
    assert.equal(page.status, 409);
    assert.match(page.text, /That one has just gone/);
    assert.match(page.text, /id="tier-box-100" disabled/);
    assert.match(page.text, /id="tier-box-2500" checked/);
  });

  test('has one again when a session expires unpaid', async () => {
    const held = await world.pledge('box-2500');
    assert.equal((await world.press('box-2500')).status, 409);
    await world.order('expire', { session: held.session });
    await world.booked(held, 'expired');
    const again = await world.pledge('box-2500');
    await world.pay(again);
    await world.booked(again, 'settled');
    assert.equal((await world.press('box-2500')).status, 409);
  });

  test('has one again when the bank does not pay', async () => {
    const before = await left('box-seat');
    const held = await world.pledge('box-seat');
    await world.pay(held, 'slow_debit');
    await world.booked(held, 'pending');
    await waitFor('it to be taken', async () => await left('box-seat') === before - 1);
    await world.order('settle', { session: held.session, outcome: 'failed' });
    await world.booked(held, 'failed');
    await waitFor('it to be free', async () => await left('box-seat') === before);
  });

  test('is not oversold by a service that is killed in between and comes back', { timeout: 300_000 }, async () => {
    const rush = () => Promise.allSettled(Array.from({ length: 200 }, () => world.press('box-seat')));
    const taken = () => world.lines('pledged').filter(({ tier }) => tier === 'box-seat').length - 1; // less the one that came free
    const first = rush();
    await waitFor('some to be taken', () => taken() >= 5);
    await world.kill();
    await first;
    assert.ok(taken() <= 20, String(taken()));
    await world.serve();
    const rest = 20 - taken();
    assert.equal(await left('box-seat'), rest);
    const answers = await rush();
    assert.equal(answers.filter(({ value }) => value?.status === 201).length, rest);
    assert.equal(taken(), 20);
    await waitFor('the page to say so', async () => await left('box-seat') === 0);
  });

  test('is as sold out after a restart, and with an index made anew', async () => {
    await world.stop();
    assert.equal(world.run('rebuild', '--config', world.configFile).status, 0);
    await world.serve();
    assert.equal(await left('box-100'), 0);
    assert.equal(await left('box-2500'), 0);
    assert.equal((await world.press('box-2500')).status, 409);
  });
});

describe('a campaign that is closed', () => {
  test('since its time is over takes nothing and says so', async () => {
    const answer = await world.writesNothing(() => world.press('gift-25'));
    assert.equal(answer.status, 409);
    assert.equal(answer.json.detail, 'This campaign has ended.');
    assert.equal((await campaign('members')).state, 'ended');
    const page = await world.pressForm({ tier: 'gift-25' });
    assert.equal(page.status, 409);
    assert.match(page.text, /<h2>This campaign has ended\.<\/h2>/);
    assert.doesNotMatch(page.text, /<form/);
  });

  test('at its goal takes nothing any more', async () => {
    assert.equal((await campaign('kyoto')).state, 'open');
    const gift = await world.pledge('kyoto-3000');
    await world.pay(gift);
    await world.booked(gift, 'settled');
    await waitFor('the goal', async () => (await campaign('kyoto')).state === 'reached');
    assert.equal((await world.press('kyoto-3000')).json.detail, 'This campaign has reached its goal and takes no more gifts.');
  });

  test('closes at its time without any news from the ledger', async () => {
    world.config.campaigns[0].ends = new Date(Date.now() + 2500).toISOString().replace(/\.\d+Z/, 'Z');
    world.write('pledger.json', JSON.stringify(world.config));
    world.service.interrupt('SIGHUP');
    await waitFor('the new end', async () => (await campaign('box')).ends === world.config.campaigns[0].ends);
    await waitFor('the end', async () => (await campaign('box')).state === 'ended');
  });
});
