// What an answer can show: formulas, code that wraps, tables that scroll, pictures in large.
import { type Chat, expect, test } from '../support/fixtures.ts';
import { check } from '../support/look.ts';
import type { ScriptedLlm } from '../support/scripted_llm.ts';

// For axe; the policy is tested elsewhere.
test.use({ bypassCSP: true });

const FORMULAS = String.raw`The roots of $ax^2 + bx + c$ are

$$
x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

- it costs $5 and $10, or \(E = mc^2\)
- a system:
  \[
  \begin{aligned} a &= b + c \\ &= \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \end{aligned}
  \]

So $$\boxed{x = \sum_{i=0}^{\infty} \frac{x_i}{i!} + \int_0^1 f(t)\,dt + a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13}}$$

and $\href{javascript:alert(1)}{x}$ is none. The end`;

async function answered(chat: Chat, llm: ScriptedLlm, text: string) {
  await chat.ask('Show me');
  const ask = await llm.next();
  ask.text(text);
  ask.end();
  await expect(chat.send).toBeVisible();
}

test('e04 formulas that streamed in are those that a reload shows', async ({ chat, llm }) => {
  const { page } = chat;
  await chat.ask('Show me');
  const ask = await llm.next();
  const half = FORMULAS.indexOf('\\sqrt');
  for (const letter of FORMULAS.slice(0, half)) ask.text(letter);
  await expect(chat.replies).toContainText('\\frac{-b');
  await expect(chat.replies.locator('math')).toHaveCount(1);
  for (const letter of FORMULAS.slice(half)) ask.text(letter);
  ask.end();
  await expect(chat.send).toBeVisible();
  await expect(chat.replies).toContainText('The end');
  await expect(chat.replies.locator('math')).toHaveCount(5);
  await expect(chat.replies).toContainText('it costs $5 and $10, or');
  await expect(chat.replies.locator('code')).toHaveText([String.raw`$\href{javascript:alert(1)}{x}$`]);
  const normal = (html: string) => html.replaceAll(/<!--.*?-->/g, '');
  const streamed = await chat.replies.locator('.prose').innerHTML();
  await page.reload();
  expect(normal(streamed)).toBe(normal(await chat.replies.locator('.prose').innerHTML()));
  await chat.awake();
  await check(page, 'formulas');
});

test('what sets formulas is loaded when there is one', async ({ chat, llm }) => {
  const loaded: string[] = [];
  chat.page.on('request', (request) => loaded.push(request.url()));
  await answered(chat, llm, 'No formula: $5 and $10');
  const chunks = () => loaded.filter((url) => url.includes('chunk.formulas')).length;
  expect(chunks()).toBe(0);
  await answered(chat, llm, 'One: $x^2$');
  await expect(chat.replies.last().locator('math')).toHaveCount(1);
  expect(chunks()).toBe(1);
});

test('code wraps when asked, tables scroll inside themselves', async ({ chat, llm }) => {
  const { page } = chat;
  const long = 'word '.repeat(80);
  const cells = Array.from({ length: 14 }, (_, n) => ` column ${n} `).join('|');
  await answered(chat, llm, `\`\`\`text\n${long}\n\`\`\`\n\n|${cells}|\n|${'---|'.repeat(14)}\n|${cells}|\n`);
  const code = chat.replies.getByLabel('Text code block');
  const overflows = () => code.evaluate((pre) => pre.scrollWidth > pre.clientWidth);
  const toggle = chat.replies.getByRole('button', { name: 'Wrap lines' });
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  expect(await overflows()).toBe(true);
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  expect(await overflows()).toBe(false);
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  expect(await overflows()).toBe(true);
  await toggle.press('Enter');
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  const table = chat.replies.getByRole('region', { name: /^Table/ });
  expect(await table.evaluate((region) => region.scrollWidth > region.clientWidth)).toBe(true);
  await check(page, 'code-and-table');
});

test('e13 marks, overrides and escapes leave the layout as it is', async ({ chat, llm }) => {
  const { page } = chat;
  const hostile = `a${'\u0301\u0489'.repeat(5000)} if (admin\u202e\u2066) \u001b[31mred\u001b[0m\u200b\u{e0041}\u{e0042}`;
  await chat.ask(hostile);
  const ask = await llm.next();
  ask.text(`# ${hostile}\n\n${hostile}\n\n\`\`\`rust\n${hostile}\n\`\`\`\n\n👩‍👩‍👧 مرحبا שלום می‌خواهم क्‍ष`);
  ask.end();
  await expect(chat.send).toBeVisible();
  for (const reload of [false, true]) {
    if (reload) {
      await page.reload();
      await chat.awake();
    }
    await expect(chat.replies).toContainText('👩‍👩‍👧 مرحبا שלום می‌خواهم क्‍ष');
    const text = await page.locator('main').innerText();
    for (const hidden of ['\u202e', '\u2066', '\u001b', '\u200b', '\u{e0041}']) expect(text).not.toContain(hidden);
    expect(text.match(/[\u0301\u0489]{9}/)).toBeNull();
    const bubble = await chat.questions.locator('.bubble').boundingBox();
    expect(bubble!.height).toBeLessThan(120);
  }
});

test('e15 what is pasted into the message box is plain text', async ({ chat, confab, llm }) => {
  const { page } = chat;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: confab.origin });
  await page.evaluate(async () => {
    const html = '<b onclick="alert(1)">bold</b><img src="https://evil.example/x" onerror="alert(1)"><script>alert(1)</script>';
    const blob = (text: string, type: string) => new Blob([text], { type });
    await navigator.clipboard.write([new ClipboardItem({ 'text/html': blob(html, 'text/html'), 'text/plain': blob('bold <i>as text</i>', 'text/plain') })]);
  });
  await chat.box.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await expect(chat.box).toHaveValue('bold <i>as text</i>');
  await expect(page.getByRole('form', { name: 'Message composer' }).locator('b, img, script')).toHaveCount(0);
  await chat.send.click();
  expect((await llm.next()).prompt).toBe('bold <i>as text</i>');
  await expect(chat.questions).toHaveText(/bold <i>as text<\/i>/);
});
