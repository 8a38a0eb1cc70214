// What comes between somebody and the chat: lost groups, ended sessions, a provider that is down, addresses that lead astray.
import { awake, Chat } from '../support/fixtures.ts';
import { CHANGING, MEMBER } from '../support/personas.ts';
import { account, answer, enter, expect, forgive, question, serve, signOut, test, way, who } from '../support/signing_in.ts';

test('a03 the address of a finished sign-in does nothing twice', async ({ confab, page, complaints, elsewhere }) => {
  const callbacks: string[] = [];
  page.on('request', (request) => request.url().includes('/api/auth/callback/') && callbacks.push(request.url()));
  await enter(page, confab, MEMBER);
  expect(callbacks).toHaveLength(1);
  await page.goto(callbacks[0]);
  await expect(page).toHaveURL(`${confab.origin}/`);
  await expect(account(page)).toContainText(MEMBER.name);

  const stranger = await elsewhere();
  const refused = await stranger.goto(callbacks[0]);
  expect(refused!.status()).toBe(400);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('This sign-in is over');
  expect(await who(stranger, confab)).toBeNull();
  expect(complaints).toEqual([]);
});

test('a38 i19 a logout at the provider ends that session here, in the middle of an answer, and no other', async ({
  confab,
  llm,
  provider,
  page,
  elsewhere,
  complaints,
}) => {
  const other = await elsewhere();
  await enter(other, confab, MEMBER);
  await enter(page, confab, MEMBER);
  const chat = new Chat(page);
  await chat.ask('Tell a story');
  const ask = await llm.next();
  ask.text('Once upon');
  await expect(chat.replies).toContainText('Once upon');

  await other.goto(provider.endSessionUrl);
  await expect.poll(() => who(other, confab)).toBeNull();
  expect(await who(page, confab)).toMatchObject({ name: MEMBER.name });

  await provider.endSessions(MEMBER);
  await expect(page.getByRole('status').filter({ hasText: 'You are signed out' })).toBeVisible();
  ask.text(' a time');
  ask.end();
  expect(await who(page, confab)).toBeNull();
  await expect(chat.replies).not.toContainText('a time');
  expect((await page.request.get(page.url(), { maxRedirects: 0 })).status()).toBe(303);
  expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  complaints.splice(0);
});

test.describe('with groups that may enter', () => {
  test.use({ settings: { AUTH_ALLOWED_GROUPS: 'chat, staff' } });

  test('a41 who has left the group is told so, by name, and another account gets in', async ({
    confab,
    provider,
    page,
    complaints,
  }) => {
    await enter(page, confab, CHANGING);
    await signOut(page);
    provider.setGroups(CHANGING, 'contractors');
    await way(page).click();
    const denied = page.waitForResponse((response) => response.url().includes('/api/auth/callback/'));
    await answer(page, CHANGING);
    expect((await denied).status()).toBe(403);
    await expect(page.getByRole('main')).toContainText('may not enter');
    for (const fact of [CHANGING.name, 'contractors']) await expect(page.getByRole('main')).toContainText(fact);
    expect(await who(page, confab)).toBeNull();

    await page.getByRole('link', { name: 'Use another account' }).click();
    await expect(question(page)).toBeVisible();
    expect(provider.asked.at(-1)!.get('prompt')).toBe('login');
    await answer(page, MEMBER);
    await expect(page).toHaveURL(`${confab.origin}/`);
    await expect(account(page)).toContainText(MEMBER.name);
    forgive(complaints, 403);
  });
});

test('a29 while the provider is down the sign-in page tells it, and afterwards it works', async ({
  llm,
  port,
  provider,
  page,
}) => {
  await provider.stop();
  const confab = await serve({ llm, port, provider });
  try {
    await page.goto(`${confab.origin}/settings/sessions`);
    await way(page).click();
    await expect(page).toHaveURL(/\/signin\?/);
    await expect(page.getByRole('alert')).toContainText('Authentik');
    // The way in that needs no provider.
    const owner = await page.context().newPage();
    await owner.goto(await confab.loginLink());
    await expect(owner.getByRole('button', { name: 'Continue as owner' })).toBeVisible();
    await owner.close();

    await provider.resume();
    await way(page).click();
    await answer(page, MEMBER);
    await expect(page).toHaveURL(`${confab.origin}/settings/sessions`);
    expect(await who(page, confab)).toMatchObject({ name: MEMBER.name });
  } finally {
    await confab.remove();
  }
});

test('b18 what was typed when the session ended is kept, and sent after signing in again', async ({
  confab,
  llm,
  provider,
  page,
  context,
  complaints,
}) => {
  await enter(page, confab, MEMBER);
  const chat = new Chat(page);
  await chat.box.fill('A long thought that must not be lost');
  await provider.endSessions(MEMBER);
  await chat.send.click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText(/signed out|sign in/i);
  await expect(chat.box).toHaveValue('A long thought that must not be lost');

  const opened = context.waitForEvent('page');
  await alert.getByRole('link', { name: 'Sign in' }).click();
  const beside = await opened;
  await way(beside).click();
  await answer(beside, MEMBER);
  await awake(beside);
  await beside.close();

  await chat.send.click();
  const ask = await llm.next();
  expect(ask.prompt).toBe('A long thought that must not be lost');
  ask.text('Safe.');
  ask.end();
  await expect(chat.replies).toContainText('Safe.');
  await expect(chat.box).toHaveValue('');
  expect(llm.unanswered).toBe(0);
  forgive(complaints, 401);
});

/** Addresses that a browser may take for another site's, or for a script. */
const ELSEWHERE = [
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  '/%09/evil.example',
  '/%5cevil.example',
  '/%2fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  'https:evil.example',
  'https:/evil.example',
  '//evil.example@127.0.0.1',
  '//127.0.0.1@evil.example',
  '/／evil.example',
  '//evil。example',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '/\r\nlocation: https://evil.example/',
];

test('a30 no address to come back to leads to another site', async ({ confab, page, context }) => {
  const strayed: string[] = [];
  const isElsewhere = ({ hostname }: URL) => !['127.0.0.1', 'localhost'].includes(hostname);
  await context.route(isElsewhere, (route) => {
    strayed.push(route.request().url());
    return route.abort();
  });
  page.on('dialog', (dialog) => strayed.push(dialog.message()));
  await enter(page, confab, MEMBER);
  // Where it leads is known before that page has loaded.
  const early = { waitUntil: 'commit' } as const;
  for (const address of ELSEWHERE) {
    const query = `callbackUrl=${encodeURIComponent(address)}`;
    const stays = () => expect(new URL(page.url()).origin, address).toBe(confab.origin);
    // Who is in already is sent on.
    await page.goto(`${confab.origin}/signin?${query}`, early);
    stays();
    await context.clearCookies({ name: 'confab' });
    await page.goto(`${confab.origin}/api/auth/signin/authentik?${query}`, early);
    stays();
    expect(await who(page, confab), address).not.toBeNull();
    await context.clearCookies({ name: 'confab' });
    await page.goto(`${confab.origin}/signin?${query}`);
    await way(page).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/signin'), early);
    stays();
  }
  expect(strayed).toEqual([]);
});
