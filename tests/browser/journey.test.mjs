// The whole way of a donor in a browser: support page, the provider's page, thank-you page, with scripts and
// without, by keyboard alone. The service and the sandbox are the real ones.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { newWorld } from '../scenarios/lib/world.mjs';

const options = { timeout: 120_000 };

// Several amounts of each kind, and of two of them there is but one.
const paper = {
	id: 'paper', title: 'A paper for the harbour', text: 'No owner, no advertising.', currency: 'EUR', goal: '1000', default_tier: 'once-25', tiers: [
		{ id: 'once-5', label: 'Coffee', amount: '5', interval: 'once' },
		{ id: 'once-25', label: 'Reader', text: 'Pays for a request.', amount: '25', interval: 'once' },
		{ id: 'once-90', label: 'Patron', amount: '90', interval: 'once' },
		{ id: 'month-7', label: 'Friend', amount: '7', interval: 'month' },
		{ id: 'month-12', label: 'Ally', amount: '12', interval: 'month' },
		{ id: 'month-seat', label: 'A seat', text: 'At the table of the editors.', amount: '30', interval: 'month', stock: 1 },
		{ id: 'month-desk', label: 'A desk', text: 'Beside the editors.', amount: '40', interval: 'month', stock: 1 },
	],
};

let world;
let browser;

before(async () => {
	const look = { light: { accent: '#8a1c5b' }, logo_file: path.join(import.meta.dirname, '../config/pictures/logo.svg'), logo_text: 'Example & Sons' };

	[world, browser] = await Promise.all([newWorld({ configure: (config) => {
		config.look = look;
		config.campaigns.push(paper);
	} }),
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

// What has the focus is to be seen.
const isSeen = (element) => element.evaluate((each) => {
	const { top, bottom } = each.getBoundingClientRect();

	return top >= 0 && bottom <= innerHeight;
});

// Press Tab until the element has the focus, as often as there can be stops.
async function tabTo(page, selector) {
	for (let stop = 0; stop < 40; stop++) {
		await page.keyboard.press('Tab');
		const focused = page.locator(`${selector}:focus`);

		if (await focused.count() === 0)
			continue;
		assert.ok(await isSeen(focused), `${selector} has the focus out of sight`);
		return;
	}
	assert.fail(`no way to ${selector} by keyboard`);
}

const isChecked = (page, id) => page.locator(`#${id}:focus:checked`).count();

async function enter(page, url) {
	await page.keyboard.press('Enter');
	await page.waitForURL(url);
}

// At the provider: pay with what is chosen there, and come back.
async function payByKeyboard(page) {
	await tabTo(page, 'input[name=outcome]');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowUp');
	assert.ok(await isChecked(page, 'card'));
	await tabTo(page, 'button');
	await enter(page, '**/thanks/*');
}

// The page of thanks, looked at again as often as it takes where it does not change by itself.
async function hearThanks(page, script) {
	const thanks = page.getByRole('heading', { level: 1, name: 'Thank you!' });

	if (script)
		return thanks.waitFor();
	while (await thanks.count() === 0) {
		await tabTo(page, 'main .button');
		await page.keyboard.press('Enter');
		await page.waitForTimeout(300);
	}
	return null;
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

		test('a donor chooses with arrows, pays, and prints the receipt, by keyboard alone', options, async () => {
			const { page, seen, leave } = await arrive('/c/paper', { javaScriptEnabled });

			await tabTo(page, 'input[name=often]');
			assert.ok(await isChecked(page, 'often-once'));
			await page.keyboard.press('Tab');
			assert.ok(await isChecked(page, 'tier-once-25'));
			await page.keyboard.press('ArrowDown');
			assert.ok(await isChecked(page, 'tier-once-90'));
			await page.keyboard.press('ArrowUp');
			await page.keyboard.press('ArrowUp');
			assert.ok(await isChecked(page, 'tier-once-5'));
			await tabTo(page, 'button');
			await enter(page, `${world.provider}/**`);
			await payByKeyboard(page);
			await hearThanks(page, javaScriptEnabled);
			await page.getByText('Your gift of €5.00 has arrived.').waitFor();
			const [entry] = await world.booked(await pledged(page), 'settled');

			assert.equal(entry.amount, '5.00');
			const thanks = page.url();

			await tabTo(page, 'a[href^="/receipt/"]');
			await enter(page, '**/receipt/*');
			assert.equal(await page.locator('.sum-given').textContent(), '€5.00, one time');
			await page.emulateMedia({ media: 'print' });
			assert.equal(await page.locator('main a:visible').count(), 0);
			await page.emulateMedia({ media: 'screen' });
			await tabTo(page, 'main a');
			await enter(page, thanks);
			assertQuiet(seen);
			await leave();
		});

		test('a donor turns from once to monthly with arrows, and comes to the receipt of the first month', options, async () => {
			const { page, seen, leave } = await arrive('/c/paper', { javaScriptEnabled });

			await tabTo(page, 'input[name=often]');
			await page.keyboard.press('ArrowRight');
			assert.ok(await isChecked(page, 'often-month'));
			assert.equal(await page.locator('#tier-once-25').isVisible(), false);
			await page.keyboard.press('Tab');
			assert.ok(await isChecked(page, 'tier-month-7'));
			await page.keyboard.press('ArrowDown');
			assert.ok(await isChecked(page, 'tier-month-12'));
			await page.keyboard.press('Enter'); // from within the choice
			await page.waitForURL(`${world.provider}/**`);
			await payByKeyboard(page);
			await hearThanks(page, javaScriptEnabled);
			await page.getByText('Your first €12.00 has arrived. The same gift follows every month.').waitFor();
			await tabTo(page, 'a[href^="/receipt/"]');
			await enter(page, '**/receipt/*');
			assert.equal(await page.locator('.sum-given').textContent(), '€12.00 every month');
			assertQuiet(seen);
			await leave();
		});

		test('a donor whose choice has just gone is told so beside it, and the rest is kept', options, async () => {
			const { page, seen, leave } = await arrive('/c/paper?lang=en', { javaScriptEnabled });
			const gone = javaScriptEnabled ? 'month-seat' : 'month-desk';

			await page.getByRole('radio', { name: 'Monthly' }).check();
			await page.locator(`label[for=tier-${gone}]`).click();
			await world.pledge(gone);
			await tabTo(page, 'form.month button');
			const [answer] = await Promise.all([page.waitForResponse('**/v1/checkout'), page.keyboard.press('Enter')]);
			const alert = page.getByRole('alert');

			await alert.waitFor();
			assert.equal(answer.status(), 409);
			assert.match(await page.title(), /^Error: /);
			assert.ok(await page.locator('[role=alert]:focus').count());
			assert.ok(await isSeen(alert));
			assert.ok(await page.locator('#often-month').isChecked());
			assert.ok(await page.locator('form.month').isVisible());
			assert.ok(await page.locator(`#tier-${gone}`).isDisabled());
			assert.equal(await page.locator('form.month fieldset').getAttribute('aria-describedby'), 'refused');
			assert.equal((await page.locator('#refused:visible').textContent()).trim(), 'That one has just gone. Choose another one.');
			await page.keyboard.press('Tab');
			await page.keyboard.press('Enter');
			assert.ok(await isChecked(page, 'tier-month-7'));
			await page.keyboard.press('ArrowDown');
			await tabTo(page, 'form.month button');
			await enter(page, `${world.provider}/**`);
			await page.getByText('Ally').first().waitFor();
			assert.deepEqual(seen.elsewhere, []);
			assert.match(seen.complaints.join('\n'), /^[^\n]*status of 409[^\n]*$/);
			await leave();
		});

		test('a donor whose debit fails tries again with the same choice', options, async () => {
			const { page, seen, leave } = await arrive('/c/paper?tier=month-12', { javaScriptEnabled });

			await world.order('misbehave', { slow_debit_ms: 3_600_000 });
			await page.locator('form:visible button').click();
			const session = new URL(page.url()).pathname.split('/').at(-1);

			await page.getByRole('radio', { name: 'Bank debit', exact: true }).check();
			await page.getByRole('button').click();
			await page.getByRole('heading', { level: 1, name: 'Thank you. Your gift is on its way' }).waitFor();
			await world.order('settle', { session, outcome: 'failed' });
			await world.toldAll();
			if (!javaScriptEnabled)
				await page.getByRole('link', { name: 'Look again' }).click();
			await page.getByRole('heading', { level: 1, name: 'Your payment was not completed' }).waitFor();
			await tabTo(page, 'main .button');
			await enter(page, '**/c/paper?tier=month-12');
			assert.ok(await page.locator('#often-month').isChecked());
			assert.equal(await chosen(page), 'month-12');
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
