/*
 * links.test.js - no page offers what its reader may not open: everybody of the sample data signs in
 * and follows every link, every form that only asks, and every fragment, without a browser.
 *
 * Of pages of one kind (addresses that differ in ids and dates alone) the first few are read.
 */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { startServer } from '../browser/server.js';

const PORT = Number(process.env.PVL_PORT ?? 43100) + 420;
const PASSWORD = 'sample-visit-2026';
const OF_A_KIND = 3;
const PAGES_MAX = 600;
const REDIRECTS_MAX = 5;

let server;
before(async () => { server = await startServer(PORT); });
after(() => server?.stop());

const unescaped = (text) => text.replace(/&quot;/g, '"').replace(/&#39;/g, '\'').replace(/&amp;/g, '&');

/** Everybody whom the start of the demo names: [who, e-mail, where they sign in]. */
function everybody() {
	const staff = /@(?!family|hale|temple|words)/;
	return [...server.said.matchAll(/^ {2}(\S.*?) {2,}(\S+@\S+\.example)$/gm)]
		.map(([, who, email]) => ({ who, email, from: staff.test(email) ? '/staff/sign-in' : '/sign-in' }));
}

/** One reader with a cookie; get(path) and post(path, form) follow redirects: { status, path, type, text }. */
class Reader {
	cookies = new Map();

	async ask(path, init = {}) {
		const said = await fetch(new URL(path, server.base), {
			...init, redirect: 'manual', headers: { ...init.headers, Cookie: [...this.cookies].map((c) => c.join('=')).join('; ') },
		});
		for (const line of said.headers.getSetCookie()) {
			const [name, value] = line.split(';')[0].split('=');
			this.cookies.set(name, value);
		}
		return said;
	}

	async get(path, init) {
		let said = await this.ask(path, init);
		for (let i = 0; i < REDIRECTS_MAX && said.status >= 300 && said.status < 400; i++) {
			path = said.headers.get('location');
			await said.arrayBuffer();
			said = await this.ask(path);
		}
		const type = said.headers.get('content-type') ?? '';
		if (type.startsWith('text/event-stream')) {
			await said.body.cancel();
			return { status: said.status, path, type, text: '' };
		}
		return { status: said.status, path, type, text: await said.text() };
	}

	async signIn({ from, email }) {
		const form = await this.get(from);
		const [, csrf] = /name="csrf" value="([^"]+)"/.exec(form.text) ?? [];
		const body = new URLSearchParams({ ...csrf && { csrf }, email, password: PASSWORD });
		const home = await this.get(from, { method: 'POST', body });
		assert.equal(home.status, 200, `${email} does not sign in`);
		assert.doesNotMatch(home.path, /sign-in/, `${email} does not sign in`);
		return home.path;
	}
}

/** The address that a form asks for as it stands, if it asks at all: with the values it holds. */
function askedBy([, tag, inside]) {
	if (/method="post"/i.test(tag))
		return [];
	const fields = [...inside.matchAll(/<input\b[^>]*>/g)].map(([input]) => ['name', 'value'].map((name) => new RegExp(`\\s${name}="([^"]*)"`).exec(input)?.[1] ?? ''))
		.filter(([name]) => name !== '').map((pair) => pair.map(unescaped));
	return [`${/\saction="([^"]*)"/.exec(tag)?.[1] ?? ''}?${new URLSearchParams(fields)}`];
}

/** What a page leads to without changing anything: addresses, with their fragments. */
function offered(page) {
	const links = [...page.text.matchAll(/<(?:a|link|area)\b[^>]*?\shref="([^"]*)"/g), ...page.text.matchAll(/<(?:img|script)\b[^>]*?\ssrc="([^"]*)"/g)]
		.map(([, to]) => unescaped(to));
	const asks = [...page.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].flatMap(askedBy);
	return [...links, ...asks].map((to) => new URL(to, new URL(page.path, server.base)))
		.filter((url) => url.origin === new URL(server.base).origin);
}

const kindOf = (url) => url.pathname.replace(/\d{4}-\d\d-\d\d/g, 'DAY').replace(/\/(?=[A-Z0-9]*\d)[A-Z0-9]{8,}(?=\/|$)/g, '/REF')
	.replace(/\/\d+/g, '/ID').replace(/\/[A-Z]{2,3}\d?(?=\/|$)/g, '/CODE') + [...url.searchParams.keys()].sort().join('&');

function hasFragment(page, url) {
	const id = decodeURIComponent(url.hash.slice(1));
	return id === '' || !page.type.startsWith('text/html') || page.text.includes(` id="${id}"`) || page.text.includes(` name="${id}"`);
}

/** What is wrong with the links that this reader meets, and how many pages it read. */
async function walk(reader, start) {
	const found = [], kinds = new Map(), known = new Map();
	const waiting = [{ to: new URL(start, server.base), on: 'the start' }];
	for (let next = waiting.shift(); next && known.size < PAGES_MAX; next = waiting.shift()) {
		const { to, on } = next;
		const address = to.pathname + to.search;
		if (to.pathname.endsWith('/sign-out') || to.searchParams.has('lang'))
			continue;
		let page = known.get(address);
		if (!page) {
			const kind = kindOf(to), seen = kinds.get(kind) ?? 0;
			if (seen >= OF_A_KIND)
				continue;
			kinds.set(kind, seen + 1);
			page = await reader.get(address);
			known.set(address, page);
			if (page.status >= 400)
				found.push(`${address}, offered on ${on}, answers ${page.status}`);
			else if (page.type.startsWith('text/html'))
				for (const further of offered(page))
					waiting.push({ to: further, on: page.path });
		}
		if (page.status < 400 && !hasFragment(page, to))
			found.push(`${address}${to.hash}, offered on ${on}, has no such place`);
	}
	return { found: [...new Set(found)], pages: known.size };
}

test('whatever a page offers, its reader may open', { timeout: 300_000 }, async (t) => {
	const readers = [{ who: 'nobody signed in' }, ...everybody()];
	assert.ok(readers.length > 15, 'the demo names its people');
	for (const one of readers)
		await t.test(one.who, async () => {
			const reader = new Reader();
			const { found, pages } = await walk(reader, one.email ? await reader.signIn(one) : '/');
			t.diagnostic(`${one.who}: ${pages} pages`);
			assert.ok(pages > 8, 'there is something to read');
			assert.deepEqual(found, []);
		});
});
