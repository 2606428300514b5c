// Every page in every state and language, as render-pages writes them; RENDER_PAGES names another one than ASan's.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const tool = process.env.RENDER_PAGES ?? path.join(import.meta.dirname, '../../../build/asan/tests/render-pages');

// Where they are, what they are called ("en-support.html"), and the policy that the service sends with one; remove() them at the end.
export function render() {
	const folder = mkdtempSync(path.join(tmpdir(), 'pledger-pages-'));

	execFileSync(tool, [folder], { stdio: ['ignore', 'ignore', 'inherit'] });
	const read = (name) => readFileSync(path.join(folder, name), 'utf8');

	return {
		folder,
		read,
		files: readdirSync(folder),
		languages: ['en', 'de', 'fr', 'es', 'uk', 'ja', 'ar'],
		policy: (name) => read(name.replace('.html', '.policy')),
		remove: () => rmSync(folder, { recursive: true }),
	};
}
