// A row of a report: what was measured beside what, the number that it is about, and whether that is good enough.
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Of two things measured in turns, the median of the turns' ratios: what disturbs one turn disturbs both of it.
export const ratio = (a, b) => median(a.map((each, i) => each / b[i]));

export const micro = (us) => `${us.toFixed(us < 100 ? 1 : 0)} µs`;
export const count = (number) => Math.round(number).toLocaleString('en');

export function atMost(value, limit, cells) {
  return { ...cells, value, aim: `at most ${limit}`, reached: value <= limit };
}

export function atLeast(value, limit, cells) {
  return { ...cells, value, aim: `at least ${limit}`, reached: value >= limit };
}

export function print(title, rows) {
  const table = [
    ['what', 'pledger', 'beside', 'so', 'aim', ''],
    ...rows.map((row) => [row.what, row.own, row.beside ?? '', `${row.digits === 0 ? count(row.value) : row.value.toFixed(2)} ${row.unit}`,
      row.aim, row.reached ? 'reached' : 'NOT reached']),
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  console.log(`\n## ${title}\n`);
  table.forEach((row, i) => {
    console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
    if (i === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  });
}
