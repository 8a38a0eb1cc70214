// Signing in through a provider that is laid out as Authentik: the ways in and out.
import { awake, Chat } from '../support/fixtures.ts';
import { ADMIN, MEMBER, TWINS, WITHOUT_EMAIL } from '../support/personas.ts';
import { account, answer, enter, expect, forgive, question, signOut, test, way, who } from '../support/signing_in.ts';

test('a01 a37 b03 somebody signs in, comes back to the page asked for, and is called by name', async ({
  confab,
  provider,
  page,
  context,
  complaints,
}) => {
  void complaints;
  const visited: string[] = [];
  page.on('request', (request) => visited.push(request.url()));
  await page.goto(`${confab.origin}/settings/sessions`);
  await expect(page).toHaveURL(`${confab.origin}/signin?callbackUrl=%2Fsettings%2Fsessions`);
  await way(page).click();
  await answer(page, MEMBER);
  await expect(page).toHaveURL(`${confab.origin}/settings/sessions`);

  await page.goto(confab.origin);
  await awake(page);
  await expect(page.getByRole('heading', { level: 2, name: 'Welcome, 王小明' })).toBeVisible();
  await expect(account(page)).toContainText(MEMBER.email);
  // Nobody's browser fetches a picture from elsewhere.
  expect(visited.filter((url) => url.startsWith(provider.origin + MEMBER.picture))).toEqual([]);
  expect(provider.asked.map((asked) => [asked.get('prompt'), asked.get('code_challenge_method')])).toEqual([[null, 'S256']]);

  const cookies = await context.cookies(confab.origin);
  expect(cookies.map(({ name }) => name).filter((name) => name.startsWith('confab-signin'))).toEqual([]);
  const session = cookies.find(({ name }) => name === 'confab');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: '127.0.0.1' });
  // There is another way in than the owner's link.
  expect(confab.greeting).not.toContain('/login/');
});

test('whoever is signed in at the provider is not asked again', async ({ confab, provider, page, context }) => {
  await enter(page, confab, MEMBER);
  const first = await who(page, confab);
  await context.clearCookies({ name: 'confab' });
  await page.goto(confab.origin);
  await way(page).click();
  await expect(page).toHaveURL(`${confab.origin}/`);
  await awake(page);
  expect(await who(page, confab)).toEqual(first);
  expect(provider.asked.map((asked) => asked.get('prompt'))).toEqual([null, null]);
});

test('a09 saying no at the provider is told as such, and leads on', async ({ confab, page, complaints }) => {
  await page.goto(confab.origin);
  await way(page).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The sign-in was cancelled');
  expect(await who(page, confab)).toBeNull();
  await page.getByRole('link', { name: 'Try again' }).click();
  await answer(page, MEMBER);
  await expect(page).toHaveURL(`${confab.origin}/`);
  forgive(complaints, 400);
});

test('a39 b04 signing out ends both sessions, and the next sign-in asks who it is', async ({
  confab,
  provider,
  page,
  context,
  complaints,
}) => {
  void complaints;
  await enter(page, confab, MEMBER);
  await signOut(page);
  await expect(page).toHaveURL(new RegExp(`^${confab.origin}/signin\\?signedOut=1`));
  await expect(page.getByText('You are signed out.')).toBeVisible();
  expect(await context.cookies(confab.origin)).not.toContainEqual(expect.objectContaining({ name: 'confab' }));
  await expect.poll(() => provider.backChannelLogouts).toEqual(['ok']);
  await page.goBack();
  await expect(page.getByText(MEMBER.name)).toBeHidden();

  await page.goto(confab.origin);
  await way(page).click();
  await expect(question(page)).toBeVisible();
  expect(provider.asked.at(-1)!.get('prompt')).toBe('login');
  await answer(page, ADMIN);
  await expect(page).toHaveURL(`${confab.origin}/`);
  await expect(account(page)).toContainText(ADMIN.name);
});

test('a39 a provider that keeps its session and sends nobody back does not sign anybody in again by itself', async ({
  confab,
  provider,
  page,
  complaints,
}) => {
  void complaints;
  provider.keepsSessions = true;
  await enter(page, confab, MEMBER);
  await signOut(page);
  await expect(page.getByRole('heading', { name: "You've logged out of Chat" })).toBeVisible();
  expect(await who(page, confab)).toBeNull();
  await page.goto(confab.origin);
  await way(page).click();
  await expect(question(page)).toBeVisible();
  expect(provider.asked.at(-1)!.get('prompt')).toBe('login');
});

test('b12 a session that is revoked on the page of sessions has ended', async ({ confab, page, elsewhere, complaints }) => {
  void complaints;
  const [second, third] = [await elsewhere(), await elsewhere()];
  for (const each of [second, third, page]) await enter(each, confab, MEMBER);
  const stranger = await elsewhere();
  await enter(stranger, confab, ADMIN);

  await account(page).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions' })).toBeVisible();
  await expect(page.getByText('This device')).toHaveCount(1);
  const revoke = page.getByRole('button', { name: /^Revoke session/ });
  await expect(revoke).toHaveCount(2);
  await revoke.first().click();
  await expect(revoke).toHaveCount(1);
  const left = [await who(second, confab), await who(third, confab)].filter((user) => user !== null);
  expect(left).toHaveLength(1);

  await page.getByRole('button', { name: 'Sign out others' }).click();
  await expect(revoke).toHaveCount(0);
  for (const each of [second, third]) {
    await each.reload();
    await expect(each).toHaveURL(/\/signin\?callbackUrl=/);
  }
  expect(await who(page, confab)).toMatchObject({ name: MEMBER.name });
  expect(await who(stranger, confab)).toMatchObject({ name: ADMIN.name });
});

test('a34 two people behind one e-mail address are two users', async ({ confab, llm, page, elsewhere, complaints }) => {
  void complaints;
  const other = await elsewhere();
  await enter(page, confab, TWINS[0]);
  await enter(other, confab, TWINS[1]);
  const [first, second] = [await who(page, confab), await who(other, confab)];
  expect(first).toMatchObject({ name: TWINS[0].name, email: TWINS[0].email });
  expect(second).toMatchObject({ name: TWINS[1].name, email: TWINS[0].email });
  expect(first!.id).not.toBe(second!.id);

  const chat = new Chat(page);
  await chat.ask('Only for me');
  (await llm.next()).end();
  await expect(chat.send).toBeVisible();
  expect((await other.goto(page.url()))!.status()).toBe(404);
  await other.goto(confab.origin);
  await expect(other.getByText('No conversations yet')).toBeVisible();
});

test('somebody without an e-mail address is somebody', async ({ confab, page, complaints }) => {
  void complaints;
  await enter(page, confab, WITHOUT_EMAIL);
  await expect(account(page)).toContainText(WITHOUT_EMAIL.name);
  expect(await who(page, confab)).toMatchObject({ name: WITHOUT_EMAIL.name, email: null });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('signing in, ending another session and signing out are plain forms', async ({ confab, page, elsewhere }) => {
    for (const each of [await elsewhere(), page]) {
      await each.goto(`${confab.origin}/settings/sessions`);
      await way(each).click();
      await answer(each, MEMBER);
      await expect(each).toHaveURL(`${confab.origin}/settings/sessions`);
    }
    await page.getByRole('button', { name: /^Revoke session/ }).click();
    await expect(page.getByRole('button', { name: /^Revoke session/ })).toHaveCount(0);
    await page.goto(confab.origin);
    await page.locator('form[action="/api/auth/signout"]').evaluate((form: HTMLFormElement) => form.submit());
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    expect(await who(page, confab)).toBeNull();
  });
});

test.describe('with the provider as the only way', () => {
  test.use({ settings: { AUTH_AUTO_REDIRECT: '1' } });

  test('l06 the sign-in page goes straight on, but not in circles', async ({ confab, page, complaints }) => {
    await page.goto(confab.origin);
    await expect(question(page)).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The sign-in was cancelled');
    await page.goto(`${confab.origin}/settings/sessions`);
    await answer(page, MEMBER);
    await expect(page).toHaveURL(`${confab.origin}/settings/sessions`);
    await page.goto(confab.origin);
    await awake(page);
    await signOut(page);
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await expect(way(page)).toBeVisible();
    forgive(complaints, 400);
  });
});
