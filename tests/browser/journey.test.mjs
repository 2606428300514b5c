// The whole way of a donor in a browser: support page, the provider's page, thank-you page, with scripts and
// without, by keyboard alone. The service and the sandbox are the real ones.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { newWorld } from '../scenarios/lib/world.mjs';

const options = { timeout: 120_000 };

let world;
let browser;

before(async () => {
	const look = { light: { accent: '#8a1c5b' }, logo_file: path.join(import.meta.dirname, '../config/pictures/logo.svg'), logo_text: 'Example & Sons' };

	[world, browser] = await Promise.all([newWorld({ configure: (config) => { config.look = look; } }),
		chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })]);
});
after(async () => {
	await browser?.close();
	await world?.end();
});

// A donor's tab; what its pages ask for elsewhere, and what the browser complains of, is kept.
async function arrive(path, settings) {
	const context = await browser.newContext({ viewport: { width: 320, height: 640 }, ...settings });
	const page = await context.newPage();
	const seen = { elsewhere: [], complaints: [] };

	page.setDefaultTimeout(20_000);

	page.on('request', (request) => {
		const { origin } = new URL(request.url());

		if (origin !== world.origin && origin !== world.provider)
			seen.elsewhere.push(request.url());
	});
	page.on('console', (message) => {
		if (!/status of 402/.test(message.text())) // the provider's own page, after a decline
			seen.complaints.push(message.text());
	});
	await page.goto(`${world.origin}${path}`);
	return { page, seen, leave: () => context.close() };
}

function assertQuiet(seen) {
	assert.deepEqual(seen, { elsewhere: [], complaints: [] });
}

// The chosen tier of the form that is shown: each interval has its own.
const chosen = (page) => page.locator('form:visible input[name=tier]:checked').getAttribute('value');

// Press Tab until the element has the focus, as often as there can be stops.
async function tabTo(page, selector) {
	for (let stop = 0; stop < 40; stop++) {
		await page.keyboard.press('Tab');
		if (await page.locator(`${selector}:focus`).count())
			return;
	}
	assert.fail(`no way to ${selector} by keyboard`);
}

async function pledged(page) {
	const reference = await page.getByText(/^plg_[0-9a-z]{26}$/).textContent();

	return { pledge: reference };
}

for (const javaScriptEnabled of [true, false])
	describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
		test('a donor gives and is thanked for what the ledger has', options, async () => {
			const { page, seen, leave } = await arrive('/c/box', { javaScriptEnabled });

			await page.locator('.choice', { hasText: 'Partner' }).click();
			await page.getByRole('button').click();
			assert.equal(new URL(page.url()).origin, world.provider);
			await page.getByRole('button', { name: /^Donate .*2,?500\.00/ }).click();
			assert.match(page.url(), /\/thanks\/rcp_[0-9a-z]{26}$/);
			assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Thank you!');
			await page.getByText('Your gift of $2,500.00 has arrived.').waitFor();
			const [entry] = await world.booked(await pledged(page), 'settled');

			assert.equal(entry.amount, '2500.00');
			assertQuiet(seen);
			await leave();
		});

		test('a donor gives every month by keyboard alone', options, async () => {
			const { page, seen, leave } = await arrive('/', { javaScriptEnabled });

			await tabTo(page, 'a[href="/c/members"]');
			await page.keyboard.press('Enter');
			await page.waitForURL('**/c/members');
			await tabTo(page, 'input[name=tier]');
			assert.equal(await chosen(page), 'month-10');
			await tabTo(page, 'button');
			await page.keyboard.press('Enter');
			await page.waitForURL(`${world.provider}/**`);
			await tabTo(page, 'button');
			await page.keyboard.press('Enter');
			await page.waitForURL('**/thanks/*');
			await page.getByText('The same gift follows every month.').waitFor();
			await world.booked(await pledged(page), 'settled');
			assertQuiet(seen);
			await leave();
		});

		test('a donor whose card is declined goes back to the same choice', options, async () => {
			const { page, seen, leave } = await arrive('/c/box', { javaScriptEnabled });

			await page.locator('.choice', { hasText: 'Patron' }).click();
			await page.getByRole('button').click();
			await page.getByRole('radio', { name: /decline/i }).check();
			await page.getByRole('button').click();
			await page.getByRole('alert').getByText('declined').waitFor();
			await page.getByRole('link', { name: 'Cancel and go back' }).click();
			assert.equal(page.url(), `${world.origin}/c/box?tier=box-5000`);
			assert.equal(await chosen(page), 'box-5000');
			assertQuiet(seen);
			await leave();
		});

		test('a debit that takes its time is on its way, and then it has arrived', options, async () => {
			const { page, seen, leave } = await arrive('/c/members?tier=gift-25', { javaScriptEnabled });

			await world.order('misbehave', { slow_debit_ms: 3_600_000 });
			await page.getByRole('button').click();
			const session = new URL(page.url()).pathname.split('/').at(-1);

			await page.getByRole('radio', { name: 'Bank debit', exact: true }).check();
			await page.getByRole('button').click();
			await page.getByRole('heading', { level: 1, name: 'Thank you. Your gift is on its way' }).waitFor();
			await world.order('settle', { session, outcome: 'succeeded' });
			await world.toldAll();
			if (!javaScriptEnabled)
				await page.getByRole('link', { name: 'Look again' }).click();
			await page.getByRole('heading', { level: 1, name: 'Thank you!' }).waitFor();
			assertQuiet(seen);
			await leave();
		});
	});

test('a logo that comes late moves nothing', options, async () => {
	for (const width of [320, 1280]) {
		const { page, seen, leave } = await arrive('/', { viewport: { width, height: 800 } });

		await page.route('**/logo', async (route) => {
			await new Promise((resolve) => { setTimeout(resolve, 500); });
			await route.continue();
		});
		await page.goto(`${world.origin}/c/box?lang=ar`, { waitUntil: 'load' });
		const { shown, moved } = await page.evaluate(async () => {
			const shifts = [];

			new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value))).observe({ type: 'layout-shift', buffered: true });
			await new Promise((resolve) => { setTimeout(resolve, 300); });
			return { shown: document.querySelector('img.logo').naturalWidth, moved: shifts };
		});

		assert.ok(shown > 0);
		assert.deepEqual(moved, []);
		assertQuiet(seen);
		await leave();
	}
});
