// Writes src/web/date_forms.c: how each language writes a date at length, with the month's name in the form that it
// has beside a day. Run it when a language is added.
import assert from 'node:assert/strict';
import { languages, quote, save } from './cldr.mjs';

const letters = { day: 'D', month: 'M', year: 'Y' };

function formsOf(language) {
	const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
	const dates = Array.from({ length: 12 }, (_, month) => format.formatToParts(Date.UTC(2026, month, 28)));
	const orders = new Set(dates.map((parts) => parts.map(({ type, value }) => letters[type] ?? value).join('')));
	const [order] = orders;

	// No month differs from the others in more than its name, and each letter stands for one thing only.
	assert.equal(orders.size, 1, language);
	assert.equal(order.replace(/[^DMY]/g, '').length, 3, order);
	return { order, months: dates.map((parts) => parts.find(({ type }) => type === 'month').value) };
}

save('date_forms', 'date-forms.mjs', `const struct date_forms date_forms[LANGUAGES] = {
${languages.map((language) => ({ language, ...formsOf(language) })).map(({ language, order, months }) => `	[LANGUAGE_${language.toUpperCase()}] = { ${quote(order)}, {
${months.map((month) => `		${quote(month)},`).join('\n')}
	} },`).join('\n')}
};
`);
