// The service is killed between every two steps of a donation's road and started again: each paid
// session is booked exactly once, and the donor can always go on.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Killer } from './lib/killer.mjs';
import { checkLedger } from './lib/ledger.mjs';
import { Passage } from './lib/passage.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

const killer = new Killer();

let world, passage;

before(async () => {
  passage = await Passage.open();
  world = await newWorld({
    environment: killer.environment,
    configure(config, { provider }) {
      passage.target = provider;
      config.accounts[0].api_url = passage.origin;
    },
  });
});
after(async () => {
  killer.disarm();
  try {
    await world.end();
  } finally {
    await passage.close();
    killer.remove();
  }
});

const died = () => killer.done(world);

async function again() {
  await world.serve();
}

const lost = (promise) => promise.then((answer) => assert.fail(`answered ${answer.status} by a dead service`), () => null);

// What must be true at the end of every road, whatever happened on it.
async function settledOnce(pledge, kinds = ['pledged', 'settled']) {
  await world.booked(pledge, 'settled');
  await world.toldAll();
  assert.deepEqual(world.kindsOf(pledge), kinds);
  assert.match((await world.thanks(pledge)).text, /has arrived/);
  checkLedger(world.data);
}

// The donor presses the same button again, pays, and is thanked.
async function goesOn(key, tier = 'gift-25') {
  const pledge = await world.pledge(tier, { headers: key });
  await world.pay(pledge);
  await settledOnce(pledge);
  return pledge;
}

const newKey = () => ({ 'idempotency-key': randomUUID() });
const sessions = async () => (await world.askProvider('/sandbox')).objects.sessions;
const segment = '.jsonl';

describe('killed on the way to the provider’s page', () => {
  test('before the provider has heard of it: nothing was opened', async () => {
    const key = newKey();
    const opened = await sessions();
    const gate = passage.hold('there', '/v1/checkout/sessions');
    const pressed = lost(world.press('gift-25', { headers: key }));
    await gate.reached;
    const recorded = world.lines().length;
    await world.kill();
    await pressed;
    gate.lift();
    assert.equal(world.lines().length, recorded);
    await again();
    await goesOn(key);
    assert.equal(await sessions(), opened + 1);
  });

  test('after the provider opened a session and before we knew: that one is seen by nobody', async () => {
    const key = newKey();
    const opened = await sessions();
    const gate = passage.hold('back', '/v1/checkout/sessions');
    const pressed = lost(world.press('gift-25', { headers: key }));
    await gate.reached;
    await world.kill();
    await pressed;
    gate.lift();
    await again();
    const [orphan] = (await world.askProvider('/v1/checkout/sessions?limit=1')).data;
    const pledge = await goesOn(key);
    assert.equal(await sessions(), opened + 2);
    assert.notEqual(pledge.pledge, orphan.client_reference_id);
    // It ends at the provider, and its end is nobody's news.
    await world.writesNothing(async () => {
      await world.order('expire', { session: orphan.id });
      await world.toldAll();
    });
  });

  const steps = {
    'before the entry is written': ['write', 'before', segment, 0],
    'after the entry is written and before it is synced': ['sync', 'before', segment, 1],
    'after the entry is synced and before anybody is told': ['sync', 'after', segment, 1],
    'before the donor is answered': ['answer', 'before', 'HTTP/1.1 201', 1],
  };
  for (const [name, [call, when, what, recorded]] of Object.entries(steps))
    test(`${name}: the same key leads on, and ${recorded ? 'the recorded pledge is found' : 'a new pledge is made'}`, async () => {
      const key = newKey();
      const opened = await sessions();
      const before_ = world.lines('pledged').length;
      killer.at(call, when, what);
      await lost(world.press('gift-25', { headers: key }));
      await died();
      await again();
      assert.equal(world.lines('pledged').length, before_ + recorded);
      const pledge = await goesOn(key);
      assert.equal(await sessions(), opened + 2 - recorded);
      assert.equal(world.lines('pledged').length, before_ + 1);
      assert.equal(world.lines('pledged').at(-1).pledge, pledge.pledge);
    });

  test('and then asked for another tier with the same key: 409, and the first choice still stands', async () => {
    const key = newKey();
    killer.at('answer', 'before', 'HTTP/1.1 201');
    await lost(world.press('gift-25', { headers: key }));
    await died();
    await again();
    assert.equal((await world.press('box-100', { headers: key })).status, 409);
    await goesOn(key);
  });

  test('before anything was recorded, and then asked for another tier with the same key: that is the choice', async () => {
    const key = newKey();
    killer.at('write', 'before', segment);
    await lost(world.press('gift-25', { headers: key }));
    await died();
    await again();
    const pledge = await goesOn(key, 'box-100');
    assert.equal(world.of(pledge)[0].tier, 'box-100');
    assert.equal((await world.press('gift-25', { headers: key })).status, 409);
  });

  test('with twenty tabs waiting for the same key: they all get the same session', async () => {
    const key = newKey();
    const gate = passage.hold('back', '/v1/checkout/sessions');
    const tabs = Array.from({ length: 20 }, () => lost(world.press('gift-25', { headers: key })));
    await gate.reached;
    await world.kill();
    await Promise.all(tabs);
    gate.lift();
    await again();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.press('gift-25', { headers: key })));
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1);
    const pledge = await goesOn(key);
    assert.equal(answers[0].json.pledge, pledge.pledge);
  });

  test('after a form was pressed: Back and the button again lead to the recorded session', async () => {
    const key = randomUUID();
    killer.at('answer', 'before', 'HTTP/1.1 303');
    await lost(world.pressForm({ tier: 'gift-25', idempotency_key: key }));
    await died();
    await again();
    const recorded = world.lines('pledged').at(-1);
    const answer = await world.pressForm({ tier: 'gift-25', idempotency_key: key });
    assert.equal(answer.status, 303);
    assert.ok(answer.header('location').endsWith(recorded.refs.session), answer.header('location'));
    assert.equal(world.lines('pledged').at(-1).seq, recorded.seq);
  });
});

describe('killed while the donor pays', () => {
  test('before she pays: she pays while nobody is there, and it is booked afterwards', async () => {
    const pledge = await world.pledge('gift-25');
    await world.kill();
    await world.order('pay', { session: pledge.session });
    await again();
    await settledOnce(pledge);
  });

  test('after she paid and before the provider told us', async () => {
    const pledge = await world.pledge('gift-25');
    await world.order('pause');
    await world.order('pay', { session: pledge.session });
    await world.kill();
    await world.order('resume');
    await again();
    await settledOnce(pledge);
  });

  const steps = {
    'after the delivery came and before its entry is written': ['write', 'before', segment],
    'after the entry is written and before it is synced': ['sync', 'before', segment],
    'after the entry is synced and before the provider is answered': ['sync', 'after', segment],
    'before the 200 leaves': ['answer', 'before', 'HTTP/1.1 200'],
    'after the 200 left': ['answer', 'after', 'HTTP/1.1 200'],
  };
  for (const [name, [call, when, what]] of Object.entries(steps)) {
    test(`${name}: booked once`, async () => {
      const pledge = await world.pledge('gift-25');
      killer.at(call, when, what);
      const paid = world.pay(pledge);
      await died();
      await again();
      assert.equal((await paid).status, 303);
      await settledOnce(pledge);
    });

    test(`${name}, of a monthly gift: booked once`, async () => {
      const pledge = await world.pledge('month-10');
      killer.at(call, when, what);
      const paid = world.pay(pledge);
      await died();
      await again();
      assert.equal((await paid).status, 303);
      await settledOnce(pledge);
    });
  }

  test('while the provider is asked for what the delivery lacks: booked once when it comes again', async () => {
    const pledge = await world.pledge('month-10');
    const gate = passage.hold('back', '/v1/invoices/');
    const paid = world.pay(pledge);
    await gate.reached;
    await world.kill();
    gate.lift();
    await again();
    assert.equal((await paid).status, 303);
    await settledOnce(pledge);
  });

  test('while a slow debit is on its way: pending survives, and it is settled when the bank has paid', async () => {
    const pledge = await world.pledge('gift-25');
    killer.at('answer', 'before', 'HTTP/1.1 200');
    const paid = world.pay(pledge, 'slow_debit');
    await died();
    await again();
    assert.equal((await paid).status, 303);
    await world.booked(pledge, 'pending');
    assert.equal((await world.receipt(pledge)).state, 'on-its-way');
    killer.at('sync', 'after', segment);
    await world.order('settle', { session: pledge.session, outcome: 'succeeded' });
    await died();
    await again();
    await settledOnce(pledge, ['pledged', 'pending', 'settled']);
  });

  test('before the thank-you page is sent: it says the same after the restart', async () => {
    const pledge = await world.pledge('gift-25');
    await world.pay(pledge);
    await world.booked(pledge, 'settled');
    killer.at('answer', 'before', 'HTTP/1.1 200');
    await lost(world.thanks(pledge));
    await died();
    await again();
    await settledOnce(pledge);
  });

  test('while a payment that came before its pledge is moved on: booked once', async () => {
    const opened = await sessions();
    const key = newKey();
    const gate = passage.hold('back', '/v1/checkout/sessions');
    const pressed = world.press('gift-25', { headers: key });
    await waitFor('the session', async () => await sessions() > opened);
    const [session] = (await world.askProvider('/v1/checkout/sessions?limit=1')).data;
    await world.order('pay', { session: session.id });
    await waitFor('the payment to be parked', () => world.lines('parked').find(({ pledge }) => pledge === session.client_reference_id));
    // The pledge is one batch, what it makes possible the next.
    killer.at('write', 'before', segment, 2);
    gate.lift();
    const answer = await pressed.catch(() => null);
    await died();
    await again();
    const pledge = { pledge: session.client_reference_id };
    await world.booked(pledge, 'unparked');
    await world.toldAll();
    assert.deepEqual(world.kindsOf(pledge), ['parked', 'pledged', 'unparked']);
    assert.ok(answer === null || answer.status === 201);
    assert.equal((await world.press('gift-25', { headers: key })).status, 409, 'it is paid');
  });
});

// Whether it lives on. Something of its own may change a file at any moment: it cannot be killed any more when it is asked.
async function livesOn() {
  killer.disarm();
  return world.ask('/healthz').then(({ status }) => status === 200, () => false);
}

// At the n-th call that changes a file of the data directory, for n = 1 until it is no longer reached.
async function sweep(act) {
  for (let n = 1; ; n++) {
    killer.at('any', 'before', world.data, n);
    if (!await act(n)) return n - 1;
  }
}

describe('killed at every call that changes a file', () => {
  test('of the whole road of a gift', async () => {
    const points = await sweep(async () => {
      const key = newKey();
      let pledge = null;
      const press = () => world.pledge('gift-25', { headers: key }).then((made) => { pledge = made; }, (error) => { if (error.name === 'AssertionError') throw error; });
      await press();
      if (pledge === null) {
        await died();
        await again();
        await goesOn(key);
        return true;
      }
      const paid = world.pay(pledge);
      await waitFor('everything to be told or the service to be killed', async () => {
        const { deliveries } = await world.askProvider('/sandbox');
        return !world.service.running || (world.kindsOf(pledge).includes('settled') && deliveries.waiting + deliveries.in_flight === 0);
      });
      const reached = !await livesOn();
      if (reached) {
        await died();
        await again();
      }
      await paid;
      await settledOnce(pledge);
      return reached;
    });
    console.log(`n = ${points}`);
    assert.ok(points >= 4, String(points));
  });

  test('of the start after a kill', async () => {
    const pledge = await world.pledge('gift-25');
    await world.kill();
    const points = await sweep(async () => {
      await world.serve({ ready: false });
      await waitFor('the service to serve or to be killed', () => !world.service.running || /event=serving operator=/.test(world.service.stderr));
      if (await livesOn()) return false;
      await died();
      return true;
    });
    console.log(`n = ${points}`);
    assert.ok(points >= 4, String(points));
    await world.pay(pledge);
    await settledOnce(pledge);
  });
});
