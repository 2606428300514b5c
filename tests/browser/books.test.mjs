// The operator's page of the books in a browser, of the real service: what it says, and what its buttons bring.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { waitFor } from '../scenarios/lib/wait.mjs';
import { newWorld } from '../scenarios/lib/world.mjs';

const options = { timeout: 120_000 };
const axe = readFileSync(path.join(import.meta.dirname, '../node_modules/axe-core/axe.min.js'), 'utf8');

let world;
let browser;
let page;

before(async () => {
	[world, browser] = await Promise.all([newWorld({ clears: true }), chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })]);
	const pledge = await world.pledge('box-100');

	await world.pay(pledge);
	await world.booked(pledge, 'cleared');
	const odd = await world.pledge('gift-25');

	await world.order('misbehave', { wrong_amount: 1 });
	await world.pay(odd);
	await world.toldAll();
	// Sums are made anew once a second at most.
	await waitFor('the sums to be told', async () => (await world.ask('/v1/meter/box')).json.meter.raised === '100.00');
	const context = await browser.newContext({ javaScriptEnabled: true, acceptDownloads: true, httpCredentials: { username: 'me', password: world.token, send: 'always' } });

	page = await context.newPage();
	page.setDefaultTimeout(20_000);
});
after(async () => {
	await browser?.close();
	await world?.end();
});

const open = () => page.goto(`${world.operatorOrigin}/books`);

describe('the books', options, () => {
	test('tell of each campaign what arrived, this month and in all, and what waits', async () => {
		await open();
		const card = page.locator('section', { has: page.locator('#campaign-box') });

		assert.match(await card.locator('dl').innerText(), /Arrived\s+\$100\.00/);
		assert.match(await card.locator('tbody tr').first().innerText(), new RegExp(`${new Date().toISOString().slice(0, 7)}\\s+1\\s+\\$100\\.00`));
		assert.match(await page.locator('section[aria-labelledby=waiting] tbody').innerText(), /Its amount is not the one that was pledged or told before\. other-amount/);
	});

	test('tell how they were last compared with the provider, and what differs', async () => {
		const card = page.locator('section[aria-labelledby=reconciled]');

		await open();
		assert.match(await card.innerText(), /^Last compared with the provider\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\s+Books and provider agree\.$/);
		await world.order('misbehave', { drop: true });
		await world.pay(await world.pledge('box-2500'));
		await world.order('behave');
		assert.equal(world.run('reconcile', '--config', world.configFile, '--dry-run').status, 1);
		await open();
		assert.match(await card.innerText(), /\b\d+ differences?\b/);
		assert.match(await card.locator('tbody tr').first().innerText(), /^ch_\S+\s+stripe\s+The provider has it, the books lack it or a part of it\. not-booked\s/);
		await world.order('misbehave', { api_count: 100, api_status: 401 });
		assert.equal(world.run('reconcile', '--config', world.configFile).status, 2);
		await open();
		assert.match(await card.innerText(), /It could not be done: stripe: Stripe answered 401/);
	});

	test('a button brings just what the command does', async () => {
		for (const [name, profile] of [['Gifts', 'gifts'], ['Journal', 'journal'], ['hledger', 'hledger']]) {
			await open();
			const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);

			assert.equal(readFileSync(await download.path(), 'utf8'), world.run('export', '--config', world.configFile, '--profile', profile).stdout);
		}
	});

	test('for a month, with a delimiter, in a time zone', async () => {
		await open();
		const month = new Date().toISOString().slice(0, 7);

		await page.getByLabel('Period', { exact: true }).selectOption(month);
		await page.getByLabel('Time zone').fill('Europe/Berlin');
		await page.getByLabel('Between the cells').selectOption('semicolon');
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Gifts', exact: true }).click()]);

		assert.equal(readFileSync(await download.path(), 'utf8'),
			world.run('export', '--config', world.configFile, '--period', month, '--zone', 'Europe/Berlin', '--delimiter', 'semicolon').stdout);
		assert.equal(download.suggestedFilename(), `gifts-${month}.csv`);
	});

	test('a statement of one currency, and its control totals', async () => {
		const options = ['export', '--config', world.configFile, '--profile', 'xero', '--currency', 'USD'];

		await open();
		await page.getByText('More choices').click();
		await page.getByLabel('Currency of a statement').fill('USD');
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Xero' }).click()]);

		assert.equal(readFileSync(await file.path(), 'utf8'), world.run(...options).stdout);
		await page.getByLabel('What to download').selectOption('Its control totals: balances, rows, SHA-256');
		const [totals] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Xero' }).click()]);

		assert.equal(readFileSync(await totals.path(), 'utf8'), world.run(...options).stderr);
		assert.equal(totals.suggestedFilename(), 'xero.totals.txt');
	});

	test('what cannot be is said on a page', async () => {
		await open();
		await page.getByLabel('Time zone').fill('Europe/Atlantis');
		await page.getByRole('button', { name: 'Gifts', exact: true }).click();
		await page.waitForURL(/ledger\.csv/);
		assert.match(await page.locator('main').innerText(), /Atlantis|Europe/);
	});

	test('on a phone tell all of what waits and what differs without scrolling sideways, and scroll the months beside their names', async () => {
		await open();
		await page.setViewportSize({ width: 320, height: 640 });
		for (const row of await page.locator('.rows tbody tr').all()) {
			const cells = await row.locator('th, td').evaluateAll((all) => all.map((cell) => ({ right: cell.getBoundingClientRect().right, label: getComputedStyle(cell, '::before').content })));

			assert.ok(cells.length >= 5);
			for (const { right, label } of cells) {
				assert.ok(right <= 320, `${label} ends at ${right}`);
				assert.match(label, /^"[A-Z][a-z ]+"$/);
			}
		}
		const months = page.locator('.wide:has(.months)').first();

		await months.evaluate((element) => { element.scrollLeft = element.scrollWidth; });
		const [month, fees] = await months.locator('tbody tr').first().locator('th, td:last-child').evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect()));

		assert.ok(month.left >= 0 && month.left < 40, `the month is at ${month.left}`);
		assert.ok(fees.left >= month.right && fees.right <= 320, `the fees are at ${fees.left}`);
		await page.setViewportSize({ width: 1280, height: 720 });
	});

	test('are used by keyboard alone, and the focus can be seen wherever it goes', async () => {
		await open();
		const month = new Date().toISOString().slice(0, 7);
		const at = () => page.evaluate(() => {
			const { id, tagName, textContent, type } = document.activeElement;
			return { name: id || `${tagName} ${textContent}`, type, outline: getComputedStyle(document.activeElement).outline };
		});
		const tabTo = async (wanted) => {
			for (let stops = 0; stops < 40; stops++) {
				await page.keyboard.press('Tab');
				const { name, type, outline } = await at();

				// The parts of a date have marks of the browser's own.
				if (type !== 'date')
					assert.match(outline, /solid 3px$/, name);
				if (name === wanted)
					return;
			}
			assert.fail(`${wanted} is not reached`);
		};

		await tabTo('A Downloads');
		await page.keyboard.press('Enter');
		assert.match(page.url(), /#downloads$/);
		await tabTo('period');
		await page.keyboard.type(month);
		await tabTo('SUMMARY More choices');
		await page.keyboard.press('Enter');
		await tabTo('campaign');
		await page.keyboard.type('Donation');
		await tabTo('BUTTON QuickBooks');
		const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);

		assert.equal(download.suggestedFilename(), `quickbooks-box-${month}.csv`);
		assert.equal(readFileSync(await download.path(), 'utf8'),
			world.run('export', '--config', world.configFile, '--profile', 'quickbooks', '--period', month, '--campaign', 'box').stdout);
	});

	test('are open to everybody’s means', async () => {
		await open();
		await page.getByText('More choices').click();
		const violations = await page.evaluate(async (source) => {
			(0, eval)(source);
			return (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
		}, axe);

		assert.deepEqual(violations, []);
	});
});
