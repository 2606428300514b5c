// The thank-you page of a gift of which there may be news, of the real service: it changes while it is looked at, tells
// those who listen, and stops; where its script may not run there is a link.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { newWorld } from '../scenarios/lib/world.mjs';

const options = { timeout: 120_000 };
const axe = readFileSync(path.join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8');

let world;
let browser;

before(async () => {
	[world, browser] = await Promise.all([newWorld(), chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })]);
}, options);
after(async () => {
	await browser?.close();
	await world?.end();
});

// The page of a new pledge; what it asks for, and what the browser complains of, is kept.
async function open(tier, { query = '', pay, prepare, ...settings } = {}) {
	const context = await browser.newContext({ viewport: { width: 320, height: 800 }, reducedMotion: 'reduce', ...settings });
	const page = await context.newPage();
	const seen = { asked: [], complaints: [] };
	const pledge = await world.pledge(tier);

	if (pay) {
		await world.order('misbehave', { slow_debit_ms: 3_600_000 });
		await world.pay(pledge, pay);
		await world.toldAll();
	}
	page.setDefaultTimeout(20_000);
	page.on('request', (request) => seen.asked.push(request.url()));
	page.on('console', (message) => seen.complaints.push(message.text()));
	page.on('pageerror', (error) => seen.complaints.push(String(error)));
	await prepare?.(page);
	await page.goto(`${world.origin}/thanks/${pledge.receipt}${query}`);
	return { page, seen, pledge, news: `${world.origin}/v1/receipts/${pledge.receipt}`, leave: () => context.close() };
}

const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });

// A tool of the test, not of the page: it comes in beside the policy.
async function assertAccessible(page) {
	const session = await page.context().newCDPSession(page);
	const { result } = await session.send('Runtime.evaluate', { awaitPromise: true, expression: `${axe}; axe.run(document, { rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } })
		.then(({ violations, incomplete }) => JSON.stringify([...violations, ...incomplete].map(({ id, nodes }) => [id, nodes.map((node) => node.html)])))` });

	assert.deepEqual(JSON.parse(result.value), []);
}

// What a page keeps as long as it is not loaded again.
const mark = (page) => page.evaluate(() => { document.querySelector('[role=status]').mark = 'the same'; });
const marked = (page) => page.evaluate(() => document.querySelector('[role=status]').mark);
const focused = (page) => page.evaluate(() => document.activeElement.className || document.activeElement.localName);

for (const colorScheme of ['light', 'dark'])
	test(`what arrives is said in place, to those who listen as well, and nothing is asked any more: ${colorScheme}`, options, async () => {
		const { page, seen, pledge, news, leave } = await open('box-100', { colorScheme });

		await heading(page, 'Waiting for your payment').waitFor();
		await page.getByText('This page updates by itself while it is open.').waitFor();
		assert.match(await page.locator('footer').innerText(), /This page sets no cookies and loads nothing from anywhere else\./);
		await assertAccessible(page);
		await mark(page);
		await world.pay(pledge);
		await heading(page, 'Thank you!').waitFor();
		assert.match(await page.getByRole('status').innerText(), /^Thank you!\s+Your gift of \$100\.00 has arrived\.$/);
		assert.equal(await marked(page), 'the same');
		assert.match(await page.title(), /^TEST: Thank you! – Example & Sons$/);
		assert.equal(await page.locator('.outcome').getAttribute('class'), 'card outcome good');
		assert.equal(await page.locator('dl').count(), 1);
		assert.equal(await focused(page), 'slim'); // nowhere, as before
		assert.equal(await page.getByRole('link', { name: 'Look again' }).count(), 0);
		assert.equal(await page.getByText('This page updates by itself').count(), 0);
		await assertAccessible(page);
		const asked = seen.asked.filter((url) => url === news).length;

		assert.ok(asked > 0);
		await page.waitForTimeout(2500);
		assert.equal(seen.asked.filter((url) => url === news).length, asked);
		assert.deepEqual(seen.asked.filter((url) => new URL(url).origin !== world.origin), []);
		assert.deepEqual(seen.complaints, []);
		await page.getByRole('link', { name: 'Receipt to print' }).click();
		await heading(page, 'Receipt').waitFor();
		await leave();
	});

test('what fails is said in the page\'s language and direction, and the focus stays where it was', options, async () => {
	const { page, seen, pledge, leave } = await open('box-100', { query: '?lang=ar', pay: 'slow_debit' });

	assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
	const before = await page.locator('h1').innerText();

	await page.locator('.outcome .button').focus();
	await mark(page);
	await world.order('settle', { session: pledge.session, outcome: 'failed' });
	await page.locator('.outcome.bad').waitFor();
	assert.notEqual(await page.locator('h1').innerText(), before);
	assert.match(await page.getByRole('status').innerText(), /^[\u0600-\u06ff\s.،]+$/);
	assert.equal(await marked(page), 'the same');
	assert.equal(await focused(page), 'card outcome bad');
	await page.keyboard.press('Tab');
	assert.equal(await page.locator('.outcome .button:focus').getAttribute('href'), '/c/box?tier=box-100&lang=ar');
	await assertAccessible(page);
	assert.deepEqual(seen.complaints, []);
	await leave();
});

test('a debit is waited for, then on its way, then there: each said in its turn', options, async () => {
	const { page, pledge, leave } = await open('gift-25', { query: '?lang=de' });

	await heading(page, 'Wir warten auf Ihre Zahlung').waitFor();
	await mark(page);
	await world.order('misbehave', { slow_debit_ms: 3_600_000 });
	await world.pay(pledge, 'slow_debit');
	await page.locator('.outcome[data-state=on-its-way]').waitFor();
	await page.getByText('Diese Seite aktualisiert sich von selbst').waitFor();
	await world.order('settle', { session: pledge.session, outcome: 'succeeded' });
	await page.locator('.outcome.good').waitFor();
	assert.match(await page.getByRole('status').innerText(), /25,00\s€/);
	assert.equal(await marked(page), 'the same');
	await leave();
});

// A browser that obeys a stricter policy than ours, and one without scripts.
const withoutScript = async (page) => page.route('**/thanks/*', async (route) => {
	const answer = await route.fetch();
	const policy = answer.headers()['content-security-policy'].replace(/ script-src [^;]*;/, '');

	assert.doesNotMatch(policy, /script-src/);
	return route.fulfill({ response: answer, headers: { ...answer.headers(), 'content-security-policy': policy } });
});

for (const [how, settings] of [['scripts are off', { javaScriptEnabled: false }], ['a policy blocks it', { prepare: withoutScript }]])
	test(`where ${how} nothing is promised, and the link shows what is new`, options, async () => {
		const { page, seen, pledge, news, leave } = await open('box-100', settings);

		await world.pay(pledge);
		await world.booked(pledge, 'settled');
		await page.waitForTimeout(2000);
		assert.equal(await page.getByText('This page updates by itself').isVisible(), false);
		assert.ok(await heading(page, 'Waiting for your payment').isVisible());
		assert.ok(!seen.asked.includes(news));
		await page.getByRole('link', { name: 'Look again' }).click();
		await heading(page, 'Thank you!').waitFor();
		await leave();
	});

test('it asks ever less often, not while nobody looks, and for half an hour', options, async () => {
	const start = Date.now();
	const { page, seen, news, leave } = await open('box-100', { prepare: async (page) => {
		await page.clock.install({ time: start });
		await page.clock.pauseAt(start + 1000);
	} });
	const asked = () => seen.asked.filter((url) => url === news).length;
	const note = page.getByText('This page updates by itself');
	// One question after so long, not before, and time for the answer to be read.
	const expectAfter = async (pause) => {
		const before = asked();
		const answer = page.waitForResponse(news);

		await page.clock.runFor(pause - 10);
		assert.equal(asked(), before);
		await page.clock.runFor(20);
		await (await answer).finished();
		await page.evaluate(() => new Promise((resolve) => {
			const { port1, port2 } = new MessageChannel();

			port2.onmessage = resolve;
			port1.postMessage(0);
		}));
	};
	const expectNothingIn = async (pause) => {
		const before = asked();

		await page.clock.runFor(pause);
		assert.equal(asked(), before);
	};
	const turn = (hidden) => page.evaluate((hidden) => {
		Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
		document.dispatchEvent(new Event('visibilitychange'));
	}, hidden);

	await expectAfter(1000);
	await expectAfter(1500);
	await turn(true);
	await expectNothingIn(3_600_000);
	await turn(false);
	let [pause, sum, times] = [1000, 0, 0];

	for (; sum < 1_750_000; times++) {
		await expectAfter(pause);
		sum += pause;
		pause = Math.min(pause * 1.5, 60_000);
	}
	assert.equal(times, 38);
	assert.equal(await note.isVisible(), false);
	await expectNothingIn(3_600_000);
	await turn(false);
	assert.equal(await note.isVisible(), true);
	await expectAfter(1000);
	assert.deepEqual(seen.complaints, []);
	await leave();
});
