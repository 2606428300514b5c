// What an operator enters: through the running service, beside it by the lock, twice at a time, cut short, and wrongly.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { balances } from './lib/ledger.mjs';
import { Child, pledger, preloaded, root } from './lib/processes.mjs';
import { event, paidSession } from './lib/stripe.mjs';
import { waitFor } from './lib/wait.mjs';
import { newWorld } from './lib/world.mjs';

let world;

before(async () => { world = await newWorld(); });
after(() => world.end());

const command = (...args) => world.run(...args, '--config', world.configFile);

// A command that has to succeed: what it says.
function done(...args) {
  const run = command(...args);
  assert.deepEqual([run.status, run.stderr], [0, ''], args.join(' '));
  return run.stdout;
}

// Entries that an operator makes; what the provider tells of earlier ones may come at any time.
const entered = () => world.lines().filter(({ kind }) => ['recorded', 'adjusted', 'refund_asked', 'unparked', 'dropped'].includes(kind)).length;

function refused(code, pattern, ...args) {
  const before_ = entered();
  const run = command(...args);
  assert.equal(run.status, code, `${args.join(' ')}: ${run.stderr}${run.stdout}`);
  assert.match(run.stderr, pattern);
  assert.equal(run.stdout, '');
  assert.equal(entered(), before_, args.join(' '));
}

const enter = (door, body, headers = {}) => world.askOperator(`/v1/${door}`, {
  method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body),
});

// The books hold, told by us and by a script that knows nothing of us.
function assertWhole() {
  done('verify');
  const chain = spawnSync(process.execPath, [path.join(root, 'tests/check-chain.mjs'), path.join(world.data, 'ledger')], { encoding: 'utf8' });
  assert.equal(chain.status, 0, chain.stdout + chain.stderr);
}

let number = 0;
const newRef = () => `ref/${++number}`;
const ofRef = (ref) => world.lines().filter(({ reference }) => reference === ref);

// A pledge paid twice: its second payment is parked.
async function parkedPayment() {
  const pledge = await world.pledge('gift-25');
  for (let i = 0; i < 2; i++)
    assert.equal((await world.deliver(event('checkout.session.completed', paidSession(pledge.pledge, pledge.session, 2500, 'eur')))).status, 200);
  const parked = world.of(pledge).at(-1);
  assert.equal(parked.kind, 'parked');
  return parked;
}

const raised = async (campaign) => (await world.ask('/v1/tiers')).json.campaigns.find(({ id }) => id === campaign).meter.raised;

// The ways in which a command reaches the ledger.
function everyOperation() {
  test('an offline gift counts', async () => {
    const [ref, own] = [newRef(), newRef()];
    assert.match(done('record', '--tier', 'kyoto-3000', '--reason', 'cash', '--ref', ref), /^recorded: seq \d+, 3000 JPY, kyoto\/kyoto-3000, pledge plg_\w{26}, ref ref\/\d+\n$/);
    assert.match(done('record', '--tier', 'kyoto-3000', '--amount', '500', '--reason', 'bank-transfer', '--at', '2026-01-31', '--ref', own), /500 JPY/);
    const [[cash], [bank]] = [ofRef(ref), ofRef(own)];
    assert.deepEqual([cash.kind, cash.campaign, cash.tier, cash.interval, cash.amount, cash.reason, cash.at], ['recorded', 'kyoto', 'kyoto-3000', 'once', '3000', 'cash', undefined]);
    assert.deepEqual([bank.amount, bank.at, bank.reason], ['500', '2026-01-31T12:00:00Z', 'bank-transfer']);
    assert.deepEqual(balances([cash, bank]), { 'assets:cash JPY': 3000n, 'assets:bank JPY': 500n, 'income:donations:kyoto:kyoto-3000 JPY': -3500n });
    assertWhole();
  });

  test('the same again is already done, other content under the same reference is refused', () => {
    const ref = newRef();
    const gift = ['record', '--tier', 'box-100', '--reason', 'cash', '--ref', ref];
    const [, seq] = /seq (\d+)/.exec(done(...gift));
    for (let i = 0; i < 2; i++) assert.equal(done(...gift), `already recorded: seq ${seq}, ref ${ref}\n`);
    const other = [[...gift, '--amount', '100.01'], [...gift, '--at', '2026-01-31'], gift.with(4, 'cheque'), gift.with(2, 'box-2500'),
      ['adjust', '--debit', 'assets:cash', '--credit', 'income:donations:box:box-100', '--amount', '100', '--currency', 'USD', '--reason', 'correction', '--ref', ref]];
    for (const each of other) refused(1, new RegExp(`the reference ${ref} stands for something else: entry ${seq}`), ...each);
    assert.equal(ofRef(ref).length, 1);
  });

  test('a correction moves an amount between two accounts', () => {
    const ref = newRef();
    const args = ['adjust', '--debit', 'assets:bank', '--credit', 'assets:cash', '--amount', '12.5', '--currency', 'USD', '--reason', 'correction', '--ref', ref];
    assert.match(done(...args), /^adjusted: seq \d+, 12.50 USD, ref /);
    assert.match(done(...args), /^already adjusted/);
    assert.deepEqual(balances(ofRef(ref)), { 'assets:bank USD': 1250n, 'assets:cash USD': -1250n });
    refused(1, /stands for something else/, ...args.with(2, 'assets:transit:stripe'));
    assertWhole();
  });

  test('what cannot be is said, and enters nothing', () => {
    refused(1, /there is no tier 'nothing'/, 'record', '--tier', 'nothing', '--reason', 'cash', '--ref', newRef());
    refused(1, /know the account/, 'adjust', '--debit', 'assets:provider:other', '--credit', 'assets:cash', '--amount', '1', '--currency', 'USD', '--reason', 'correction', '--ref', newRef());
    for (const amount of ['92233720368547758.07', '92233720367000000.00'])
      refused(1, /more than can be reckoned with/, 'record', '--tier', 'box-100', '--amount', amount, '--reason', 'cash', '--ref', newRef());
    refused(1, /no payment is known/, 'refund', 'pi_unheard_of', '--ref', newRef());
    refused(1, /there is no account 'nope'/, 'refund', 'pi_unheard_of', '--account', 'nope', '--ref', newRef());
    refused(1, /no parked entry has the seq 1\b/, 'park', 'drop', '1', '--reason', 'not-ours', '--ref', newRef());
    refused(1, /no parked entry has the seq 1\b/, 'park', 'retry', '1');
  });

  test('two at the same time: one reference is entered once, two are both entered', async () => {
    const ref = newRef();
    const refs = [ref, ref, ref, newRef(), newRef()];
    const children = refs.map((each) => new Child(pledger, ['record', '--config', world.configFile, '--tier', 'box-100', '--reason', 'cash', '--ref', each]));
    await Promise.all(children.map(({ ended }) => ended));
    children.forEach((child) => {
      child.assertClean();
      assert.equal(child.code, 0, child.stderr);
    });
    for (const each of new Set(refs)) assert.equal(ofRef(each).length, 1, each);
    assert.equal(children.filter(({ stdout }) => stdout.startsWith('already')).length, 2);
    assertWhole();
  });
}

describe('through the running service', () => {
  everyOperation();

  test('a reconciliation with another token is refused in words', () => {
    const run = command('reconcile', '--token-file', world.write('other-token', 'another-token-of-the-scenarios\n'));
    assert.equal(run.status, 2);
    assert.match(run.stderr, /^pledger reconcile: The operator's token is needed[^{}?]+\n$/);
  });

  test('what is given wrongly is said, and enters nothing', () => {
    const gift = ['record', '--tier', 'box-100', '--reason', 'cash', '--ref', newRef()];
    refused(2, /--ref is missing/, ...gift.slice(0, 5));
    refused(2, /there is no option '--for'/, ...gift, '--for', 'fun');
    refused(2, /is one argument too many/, ...gift, 'more');
    refused(1, /the reason is one of cash, bank-transfer, cheque, not 'card'/, ...gift.with(4, 'card'));
    for (const ref of ['with blank', 'a'.repeat(41), 'ümlaut', '=1+1']) refused(1, /cannot be a reference/, ...gift.with(6, ref));
    for (const amount of ['0', '0.00', '-1', '1.001', '1e3', '1,00', 'x', '01', '99999999999999999999', '92233720368547758.08'])
      refused(1, /is no amount in USD|is above zero/, ...gift, `--amount=${amount}`);
    for (const at of ['yesterday', '2026-02-30', '2026-01-01T00:00:00', '1969-12-31', '2100-01-01']) refused(1, /is neither a date|has not been/, ...gift, '--at', at);
    const fix = ['adjust', '--debit', 'assets:bank', '--credit', 'assets:cash', '--amount', '1', '--currency', 'USD', '--reason', 'correction', '--ref', newRef()];
    refused(1, /is no account of the books/, ...fix.with(2, 'assets:mattress'));
    refused(1, /know the account/, ...fix.with(2, 'income:donations:box:gift-25'));
    refused(1, /the same account/, ...fix.with(2, 'assets:cash'));
    refused(1, /the campaign 'kyoto' is in JPY/, ...fix.with(2, 'income:donations:kyoto:kyoto-3000'));
    refused(1, /there is no currency 'usd'/, ...fix.with(8, 'usd'));
    refused(1, /no provider has money of the pledge/, 'refund', `plg_${'0'.repeat(26)}`, '--ref', newRef());
    refused(1, /is not the seq/, 'park', 'drop', 'one', '--reason', 'not-ours', '--ref', newRef());
    assert.equal(world.run('park').status, 2);
    assert.equal(world.run('park', 'keep').status, 2);
    assert.equal(world.run('record', '--tier', 'box-100', '--reason', 'cash', '--ref', 'r', '--config', '/nowhere').status, 4);
    for (const each of [['record'], ['adjust'], ['refund'], ['park'], ['park', 'list'], ['park', 'retry'], ['park', 'drop']])
      assert.equal(world.run(...each, '--help').status, 0, each.join(' '));
  });

  test('the meter rises by an offline gift', async () => {
    const before_ = Number(await raised('box'));
    done('record', '--tier', 'box-2500', '--reason', 'cheque', '--ref', newRef());
    await waitFor('the meter', async () => Number(await raised('box')) === before_ + 2500);
    assert.match(world.service.stderr, /event=entered seq=\d+ ref=ref\/\d+ already=false/);
  });

  test('a refund is asked for once, and never for more than is left', async () => {
    const pledge = await world.pledge('box-100');
    await world.pay(pledge);
    const [{ payment }] = await world.booked(pledge, 'settled');
    const [part, rest] = [newRef(), newRef()];
    assert.match(done('refund', payment, '--amount', '40', '--ref', part), new RegExp(`^refund_asked: seq \\d+, 40.00 USD, payment ${payment}, ref ${part}\n`));
    refused(1, /more than is left/, 'refund', payment, '--amount', '60.01', '--ref', rest);
    assert.match(done('refund', pledge.pledge, '--reason', 'duplicate', '--ref', rest), /, 60.00 USD/);
    assert.match(done('refund', pledge.pledge, '--reason', 'duplicate', '--ref', rest), /^already refund_asked/);
    refused(1, /more than is left/, 'refund', payment, '--ref', newRef());
    refused(1, /stands for something else/, 'refund', payment, '--amount', '41', '--ref', part);
    const [asked] = ofRef(rest);
    assert.deepEqual([asked.kind, asked.account, asked.pledge, asked.payment, asked.amount, asked.reason, asked.postings], ['refund_asked', 'stripe', pledge.pledge, payment, '60.00', 'duplicate', undefined]);
    assert.match(done('explain', pledge.pledge), /60\.00/);
    assertWhole();
  });

  test('what is parked is listed, tried again and dropped', async () => {
    const [first, second] = [await parkedPayment(), await parkedPayment()];
    const rows = done('park', 'list').trim().split(/\r?\n/);
    assert.equal(rows[0], 'seq,at,account,reason,status,amount,currency,pledge,payment,event,type');
    for (const { seq, pledge, payment, event: id } of [first, second])
      assert.ok(rows.some((row) => row.startsWith(`${seq},`) && row.endsWith(`,stripe,second-payment,settled,25.00,EUR,${pledge},${payment},${id},checkout.session.completed`)), rows.join('\n'));
    assert.equal(done('park', 'retry', String(first.seq)), 'booked 0, waiting 1\n');
    assert.match(done('park', 'retry'), /^booked 0, waiting [2-9]\d*\n$/);
    const ref = newRef();
    assert.match(done('park', 'drop', String(first.seq), '--reason', 'not-ours', '--ref', ref), /^dropped: seq \d+, ref /);
    assert.match(done('park', 'drop', String(first.seq), '--reason', 'not-ours', '--ref', ref), /^already dropped/);
    refused(1, /stands for something else/, 'park', 'drop', String(second.seq), '--reason', 'not-ours', '--ref', ref);
    refused(1, /no parked entry has the seq/, 'park', 'drop', String(first.seq), '--reason', 'not-ours', '--ref', newRef());
    const [dropped] = ofRef(ref);
    assert.deepEqual([dropped.parked, dropped.reason], [first.seq, 'not-ours']);
    assert.deepEqual(balances([first, dropped]), { 'assets:provider:stripe EUR': 0n, 'liabilities:unidentified:stripe EUR': 0n });
    assert.ok(world.lines().some(({ seq }) => seq === first.seq), 'nothing is deleted');
    assert.ok(!done('park', 'list').includes(`\n${first.seq},`));
    assertWhole();
  });

  test('more than a page is listed whole', async () => {
    const before_ = done('park', 'list').trim().split('\n').length;
    for (let i = 0; i < 101; i++)
      assert.equal((await world.deliver(event('checkout.session.completed', paidSession(`plg_${String(i).padStart(26, '0')}`, `cs_test_${i}`, 100, 'usd')))).status, 200);
    assert.equal((await world.askOperator('/v1/parked')).json.parked.length, 100);
    assert.equal(done('park', 'list').trim().split('\n').length, before_ + 101);
  });

  test('a token that is wrong, missing or somebody else’s to read enters nothing', () => {
    const gift = ['record', '--tier', 'box-100', '--reason', 'cash', '--ref', newRef()];
    refused(1, /operator's token is needed/i, ...gift, '--token-file', world.write('other-token', 'another-token-of-nobody\n'));
    refused(1, /no such file/, ...gift, '--token-file', '/nowhere');
    fs.chmodSync(world.write('open-token', `${world.token}\n`), 0o644);
    refused(1, /others than its owner/, ...gift, '--token-file', path.join(world.folder, 'open-token'));
    done(...gift, '--token-file', world.write('own-token', `${world.token}\n`));
  });
});

describe('the doors', () => {
  const gift = () => ({ tier: 'box-100', reason: 'cash', ref: newRef() });

  test('answer 201 for what is entered now and 200 for what was before', async () => {
    const body = gift();
    const first = await enter('record', body);
    assert.equal(first.status, 201, first.text);
    assert.deepEqual([first.json.already, first.json.kind, first.json.amount, first.json.currency], [false, 'recorded', '100.00', 'USD']);
    const second = await enter('record', body);
    assert.equal(second.status, 200);
    assert.deepEqual(second.json, { already: true, seq: first.json.seq, kind: 'recorded', ref: body.ref });
    assert.equal((await enter('record', { ...body, amount: '5' })).status, 409);
    assert.equal((await enter('parked/retry', {})).status, 200);
    assert.equal((await world.askOperator('/v1/parked?after=999999')).json.more, false);
    assert.equal((await world.askOperator('/v1/parked?after=x')).status, 400);
  });

  test('refuse every body that is not one', async () => {
    const bodies = ['', '{', '[]', 'null', '"x"', '{}', '{"tier":"box-100","tier":"box-100","reason":"cash","ref":"r"}', `${JSON.stringify(gift())}\0`,
      { ...gift(), ref: 1 }, { ...gift(), ref: '' }, { ...gift(), ref: null }, { ...gift(), ref: 'x'.repeat(256) }, { ...gift(), ref: 'a\0b' }, { ...gift(), amount: 5 },
      { ...gift(), currency: 'USD' }, { ...gift(), seq: 1 }, { ...gift(), pledge: 'plg_' }, { tier: 'box-100', reason: 'cash' }];
    await world.writesNothing(async () => {
      for (const body of bodies) assert.equal((await enter('record', body)).status, 400, JSON.stringify(body));
      for (const seq of [0, -1, 1.5, '1', null, 1e30]) assert.equal((await enter('parked/drop', { seq, reason: 'fraud', ref: newRef() })).status, 400, String(seq));
      assert.equal((await enter('record', `{"tier":"${'x'.repeat(9000)}"}`)).status, 413);
      assert.equal((await enter('record', { ...gift(), amount: '0' })).status, 422);
      assert.equal((await enter('record', { ...gift(), tier: 'nothing' })).status, 404);
      assert.equal((await enter('refund', { payment: 'pi_1', pledge: 'plg_1', ref: newRef() })).status, 422);
      assert.equal((await enter('refund', { ref: newRef() })).status, 422);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', null])
        assert.equal((await enter('record', gift(), { 'content-type': type })).status, 415, String(type));
      assert.equal((await world.askOperator('/v1/record')).status, 405);
    });
  });

  test('take nothing from another site’s page, from another host name or without the token', async () => {
    await world.writesNothing(async () => {
      for (const origin of ['https://evil.example', 'null', '', 'http://127.0.0.1', `http://127.0.0.1:${world.publicPort}`, `ftp://127.0.0.1:${world.operatorPort}`, `http://x@127.0.0.1:${world.operatorPort}`])
        assert.equal((await enter('record', gift(), { origin })).status, 403, origin);
      assert.equal((await enter('record', gift(), { authorization: 'Bearer nothing' })).status, 401);
      assert.equal((await enter('record', gift(), { host: 'evil.example' })).status, 421);
      assert.equal((await world.ask('/v1/record')).status, 404, 'the public listener has no such door');
    });
    assert.equal((await enter('record', gift(), { origin: world.operatorOrigin })).status, 201);
  });
});

describe('where no service runs', () => {
  before(() => world.stop());

  everyOperation();

  test('a lock that somebody has who cannot be asked is waited for, and then said', async () => {
    const holder = new Child('flock', ['--no-fork', path.join(world.data, 'lock'), 'sleep', '60']);
    await waitFor('the lock to be taken', () => spawnSync('flock', ['-n', path.join(world.data, 'lock'), 'true']).status !== 0);
    refused(3, /another process has the ledger/, 'record', '--tier', 'box-100', '--reason', 'cash', '--ref', newRef());
    await holder.kill();
  });

  test('a clock that is far from the last entry enters nothing unless it is vouched for', () => {
    const ref = newRef();
    const late = { ...preloaded('/usr/$LIB/faketime/libfaketimeMT.so.1'), FAKETIME: '+30d', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const run = spawnSync(pledger, ['record', '--config', world.configFile, '--tier', 'box-100', '--reason', 'cash', '--ref', ref], { encoding: 'utf8', env: { ...process.env, ...late } });
    assert.equal(run.status, 3, run.stderr);
    assert.match(run.stderr, /takes nothing at the moment: .*clock/);
    assert.equal(ofRef(ref).length, 0);
  });

  test('killed at any moment, the same again enters it once', async () => {
    for (let i = 0; i < 8; i++) {
      const ref = newRef();
      const args = ['record', '--config', world.configFile, '--tier', 'box-100', '--reason', 'cash', '--ref', ref];
      const child = new Child(pledger, args);
      await new Promise((resolve) => setTimeout(resolve, i * 20));
      await child.kill();
      assert.ok(ofRef(ref).length <= 1);
      assert.match(done('record', '--tier', 'box-100', '--reason', 'cash', '--ref', ref), /^(already )?recorded: /);
      assert.equal(ofRef(ref).length, 1);
    }
    assertWhole();
  });
});

// Root's sudo beside a service that runs as a user of its own.
describe('another user’s data directory', { skip: process.getuid() !== 0 && 'only root can give files away' }, () => {
  const nobody = 65534;
  const owners = () => fs.readdirSync(world.data, { recursive: true }).map((name) => fs.statSync(path.join(world.data, name)).uid);
  const give = (uid) => {
    for (const name of ['', ...fs.readdirSync(world.folder, { recursive: true })]) fs.chownSync(path.join(world.folder, name), uid, uid);
  };
  const gift = (ref) => ['record', '--tier', 'box-100', '--reason', 'cash', '--ref', ref];

  before(() => give(nobody));
  after(() => give(0));

  test('is written to by nobody else where no service runs', () => {
    const names = fs.readdirSync(world.data);
    refused(1, /no service runs, and \S+ belongs to another user: run this as that one/, ...gift(newRef()));
    for (const args of [['rebuild'], ['rebuild', '--accept-loss'], ['park', 'list'], ['serve']]) refused(1, /belongs to another user/, ...args);
    const reconciled = command('reconcile');
    assert.deepEqual([reconciled.status, reconciled.stdout], [2, '']);
    assert.match(reconciled.stderr, /belongs to another user/);
    assert.deepEqual(fs.readdirSync(world.data), names);
    assert.ok(owners().every((uid) => uid === nobody));
    done('verify');
  });

  test('is no hindrance where the service can be asked', async () => {
    const service = new Child(pledger, ['serve', '--config', world.configFile], { uid: nobody, gid: nobody });
    await service.says(/event=serving operator=/, 60000);
    const token = ['--token-file', path.join(world.folder, 'operator-token')];
    const ref = newRef();
    assert.match(done(...gift(ref), ...token), /^recorded: /);
    assert.match(done('park', 'list', ...token), /^seq,/);
    assert.match(done('adjust', '--debit', 'assets:bank', '--credit', 'assets:cash', '--amount', '1', '--currency', 'USD', '--reason', 'correction', '--ref', newRef(), ...token), /^adjusted: /);
    refused(3, /another process serves the ledger/, 'rebuild');
    assert.equal(ofRef(ref).length, 1);
    await service.stop();
    assert.ok(owners().every((uid) => uid === nobody));
  });

  test('that cannot be read is named', () => {
    const run = (...args) => spawnSync(pledger, [...args, '--data', world.data], { encoding: 'utf8', uid: 65533, gid: 65533 });
    for (const name of ['verify', 'rebuild']) assert.match(run(name).stderr, new RegExp(`${name}: .*${world.data}.*Permission denied`));
    fs.chmodSync(world.folder, 0o755);
    const segment = path.join(world.data, 'ledger', fs.readdirSync(path.join(world.data, 'ledger')).filter((name) => /^\d{20}\.jsonl$/.test(name))[0]);
    fs.chownSync(segment, 0, 0);
    const unreadable = spawnSync(pledger, ['rebuild', '--data', world.data], { encoding: 'utf8', uid: nobody, gid: nobody });
    assert.equal(unreadable.status, 4);
    assert.match(unreadable.stderr, /cannot open ledger\/\d{20}\.jsonl: Permission denied/);
  });
});

describe('a service that was killed', () => {
  test('leaves its address behind, and misleads nobody', async () => {
    await world.serve();
    const body = { tier: 'box-100', reason: 'cash', ref: newRef() };
    assert.equal((await enter('record', body)).status, 201);
    await world.kill();
    assert.ok(fs.existsSync(path.join(world.data, 'operator.address')));
    assert.match(done('record', '--tier', body.tier, '--reason', body.reason, '--ref', body.ref), /^already recorded/);
    done('record', '--tier', 'box-100', '--reason', 'cash', '--ref', newRef());
    assertWhole();
    await world.serve();
    assert.match(done('record', '--tier', body.tier, '--reason', body.reason, '--ref', body.ref), /^already recorded/);
    await world.stop();
    assert.ok(!fs.existsSync(path.join(world.data, 'operator.address')));
  });

  test('while it is killed and started over and over, every entry is made once', async () => {
    const refs = Array.from({ length: 8 }, newRef);
    let over = false;
    const churn = (async () => {
      while (!over) {
        await world.serve();
        await new Promise((resolve) => setTimeout(resolve, 300));
        await world.kill();
      }
    })();
    for (const ref of refs) {
      const args = ['record', '--config', world.configFile, '--tier', 'box-100', '--reason', 'cash', '--ref', ref];
      for (let code = null; code !== 0;) {
        const child = new Child(pledger, args);
        await child.ended;
        child.assertClean();
        assert.ok([0, 3].includes(child.code), `${child.code}: ${child.stderr}`);
        code = child.code;
      }
    }
    over = true;
    await churn;
    for (const ref of refs) assert.equal(ofRef(ref).length, 1, ref);
    assertWhole();
  });
});

describe('an operator’s listener on a Unix socket', () => {
  test('is reached like any other', async () => {
    await world.end();
    world = await newWorld({ sandbox: false, configure: (config, { folder }) => { config.operator.listen = `unix:${path.join(folder, 'operator.sock')}`; } });
    assert.match(done('record', '--tier', 'box-100', '--reason', 'cash', '--ref', 'sock/1'), /^recorded: /);
    await world.service.says(/event=entered/);
    assertWhole();
  });
});
