// A real OpenID provider whose addresses, claims and logout are laid out as Authentik's.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Provider, { type Configuration } from 'oidc-provider';
import { type Persona, PERSONAS } from './personas.ts';

const EVERY_APPLICATION = '/application/o';
const APPLICATION = `${EVERY_APPLICATION}/chat`;
const END_SESSION = `${APPLICATION}/end-session/`;
const DISCOVERY = '/.well-known/openid-configuration';
const LOGIN_PAGE = '/if/flow/default-authentication-flow';

/** Authentik's only authentication context. */
const ACR = 'goauthentik.io/providers/oauth2/default';

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

type Session = InstanceType<Provider['Session']>;

export class OpenIdProvider {
  readonly clientId = 'chat';
  readonly clientSecret = randomBytes(32).toString('hex');
  /** What each sign-in asked for, as the client sent it. */
  readonly asked: URLSearchParams[] = [];
  /** How the client answered the back-channel logouts: `ok`, or what was wrong. */
  readonly backChannelLogouts: string[] = [];
  /** As Authentik before 2026.5: signing out there from an application shows a page and ends nothing. */
  keepsSessions = false;
  /** What becomes of each ID token on its way out: for faults that this provider does not have. */
  alterIdToken?: (token: string) => string;
  private readonly key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  private readonly personas = structuredClone(PERSONAS) as Persona[];
  private readonly sessions = new Map<string, Session>();
  private readonly provider: Provider;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    client: string,
  ) {
    this.provider = new Provider(this.issuer, this.configuration(client));
    this.provider.on('session.saved', (session) => this.sessions.set(session.uid, session));
    this.provider.on('session.destroyed', (session) => this.sessions.delete(session.uid));
    this.provider.on('backchannel.success', () => this.backChannelLogouts.push('ok'));
    this.provider.on('backchannel.error', (_, error) => this.backChannelLogouts.push(error.message));
    this.provider.on('server_error', (_, error) => console.error(error));
    const standard = this.provider.callback();
    server.on('request', (request, response) => {
      this.serve(request, response, standard).catch((error: Error) => response.writeHead(400).end(error.message));
    });
  }

  /** Knows the client that is reached at this origin. */
  static async start(client: string): Promise<OpenIdProvider> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new OpenIdProvider(server, (server.address() as AddressInfo).port, client);
  }

  /** Another site than that of the client, which has no name. */
  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** With its slash at the end, as Authentik shows it. */
  get issuer(): string {
    return `${this.origin}${APPLICATION}/`;
  }

  /** Where somebody signs out of the provider. */
  get endSessionUrl(): string {
    return this.origin + END_SESSION;
  }

  /** What Confab has to be started with. */
  get variables(): Record<string, string> {
    return {
      AUTH_SSO_PROVIDERS: 'authentik',
      AUTH_AUTHENTIK_ID: this.clientId,
      AUTH_AUTHENTIK_SECRET: this.clientSecret,
      AUTH_AUTHENTIK_ISSUER: this.issuer,
    };
  }

  /** Puts somebody into these groups only, from the next sign-in on. */
  setGroups({ login }: Persona, ...groups: string[]) {
    this.persona(login)!.groups = groups;
  }

  /** What an administrator does: ends all sessions of somebody, and tells the client. */
  async endSessions(persona: Persona) {
    // Whatever ends a session there calls this; the published types do not know it.
    type Client = { backchannelLogout(subject: string, sid: string): Promise<void> };
    const client = (await this.provider.Client.find(this.clientId)) as unknown as Client;
    const theirs = [...this.sessions.values()].filter((session) => session.accountId === subject(persona));
    for (const session of theirs) {
      await client.backchannelLogout(session.accountId!, session.sidFor(this.clientId)!);
      await session.destroy();
    }
  }

  /** As if its machine were switched off. */
  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Switches it on again. It has forgotten nothing. */
  async resume() {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
  }

  /** The same ID token with other claims, signed as well. */
  resigned(token: string, claims: Record<string, unknown>): string {
    const [header, payload] = token.split('.');
    const told = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const signed = `${header}.${Buffer.from(JSON.stringify({ ...told, ...claims })).toString('base64url')}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), this.key).toString('base64url')}`;
  }

  private persona(login: string | null): Persona | undefined {
    return this.personas.find((persona) => persona.login === login);
  }

  private configuration(client: string): Configuration {
    return {
      clients: [
        {
          client_id: this.clientId,
          client_secret: this.clientSecret,
          token_endpoint_auth_method: 'client_secret_post',
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [`${client}/api/auth/callback/authentik`],
          post_logout_redirect_uris: [`${client}/signin?signedOut=1`],
          backchannel_logout_uri: `${client}/api/auth/backchannel-logout/authentik`,
          backchannel_logout_session_required: true,
        },
      ],
      jwks: { keys: [{ ...this.key.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: randomBytes(16).toString('hex') }] },
      enabledJWA: { idTokenSigningAlgValues: ['RS256'] },
      routes: {
        authorization: `${EVERY_APPLICATION}/authorize/`,
        token: `${EVERY_APPLICATION}/token/`,
        userinfo: `${EVERY_APPLICATION}/userinfo/`,
        introspection: `${EVERY_APPLICATION}/introspect/`,
        revocation: `${EVERY_APPLICATION}/revoke/`,
        jwks: `${APPLICATION}/jwks/`,
        end_session: END_SESSION,
      },
      claims: {
        openid: ['sub', 'auth_time', 'acr', 'amr'],
        email: ['email', 'email_verified'],
        profile: ['name', 'given_name', 'preferred_username', 'nickname', 'picture', 'groups'],
        entitlements: ['entitlements', 'roles'],
        sid: null,
      },
      // Authentik puts the claims of all scopes into the ID token.
      conformIdTokenClaims: false,
      acrValues: [ACR],
      clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
      pkce: { required: () => false },
      rotateRefreshToken: true,
      cookies: { keys: [randomBytes(32).toString('hex')] },
      ttl: { AccessToken: 300, IdToken: 300, Interaction: 600, Session: 86_400, Grant: 2_592_000, RefreshToken: 2_592_000 },
      features: {
        devInteractions: { enabled: false },
        pushedAuthorizationRequests: { enabled: false },
        dPoP: { enabled: false },
        introspection: { enabled: true },
        revocation: { enabled: true },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          // The question whether to sign out is answered by the page itself, where it can.
          logoutSource: (ctx, form) => {
            const yes = '<button form="op.logoutForm" name="logout" value="yes">Sign out</button>';
            ctx.body = page('Signing out', `${form}${yes}<script>document.querySelector('button').click()</script>`);
          },
          postLogoutSuccessSource: (ctx) => {
            ctx.body = page('You are logged out of authentik', '');
          },
        },
      },
      interactions: { url: (_, interaction) => `${LOGIN_PAGE}/${interaction.uid}` },
      findAccount: (_, id) => {
        const persona = this.personas.find((each) => subject(each) === id);
        return persona && { accountId: id, claims: () => ({ sub: id, ...this.claims(persona) }) };
      },
      // Its own guard refuses addresses of this machine.
      fetch: (url, { dispatcher, ...options }: RequestInit & { dispatcher?: unknown } = {}) => fetch(url, options),
      renderError: (ctx, error) => {
        ctx.type = 'html';
        ctx.body = page(`Bad Request: ${error.error}`, escape(error.error_description ?? ''));
      },
    };
  }

  private claims({ login, name, email, picture, groups }: Persona) {
    return {
      email,
      email_verified: false,
      name,
      given_name: name,
      preferred_username: login,
      nickname: login,
      ...(picture ? { picture: this.origin + picture } : {}),
      groups,
      entitlements: [],
      roles: [],
    };
  }

  private async serve(request: IncomingMessage, response: ServerResponse, standard: ReturnType<Provider['callback']>) {
    const url = new URL(request.url ?? '/', this.origin);
    if (url.pathname.startsWith(`${LOGIN_PAGE}/`)) return this.logIn(request, response);
    if (this.personas.some((persona) => persona.picture === url.pathname)) {
      return void response.setHeader('content-type', 'image/png').end(PICTURE);
    }
    if (url.pathname.startsWith('/.well-known/')) return void response.writeHead(404).end();
    if (url.pathname === END_SESSION && this.keepsSessions) return html(response, page("You've logged out of Chat", ''));
    if (url.pathname === APPLICATION + DISCOVERY) request.url = DISCOVERY;
    if (url.pathname === `${EVERY_APPLICATION}/token/` && this.alterIdToken) alter(response, this.alterIdToken);
    if (url.pathname === `${EVERY_APPLICATION}/authorize/`) {
      this.asked.push(new URLSearchParams(url.search));
      // Without asking for consent nobody gets a refresh token here. Authentik gives one and does not ask.
      const prompts = new Set(url.searchParams.get('prompt')?.split(' '));
      if (!prompts.has('none')) url.searchParams.set('prompt', [...prompts.add('consent')].join(' '));
      request.url = url.pathname + url.search;
    }
    await standard(request, response);
  }

  /** The page that asks who it is, and the one that would ask for consent. */
  private async logIn(request: IncomingMessage, response: ServerResponse) {
    const { prompt, params, session, grantId } = await this.provider.interactionDetails(request, response);
    if (prompt.name === 'consent') {
      const known = grantId ? await this.provider.Grant.find(grantId) : undefined;
      const grant = known ?? new this.provider.Grant({ accountId: session!.accountId, clientId: this.clientId });
      grant.addOIDCScope(String(params.scope));
      return this.provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    }
    if (request.method !== 'POST') return html(response, this.loginPage());
    const persona = this.persona(new URLSearchParams(await text(request)).get('login'));
    const result = persona
      ? { login: { accountId: subject(persona), acr: ACR, amr: ['pwd'] } }
      : { error: 'access_denied', error_description: 'The resource owner or authorization server denied the request' };
    await this.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  private loginPage(): string {
    const button = ({ login, name }: Persona) => `<p><button name="login" value="${login}">Sign in as ${escape(name)}</button></p>`;
    const cancel = '<p><button name="login" value="">Cancel</button></p>';
    return page('Welcome to authentik!', `<form method="post">${this.personas.map(button).join('')}${cancel}</form>`);
  }
}

/** As opaque as Authentik's default, and the same for one persona in every test. */
function subject({ login }: Persona): string {
  return createHash('sha256').update(login).digest('hex');
}

function alter(response: ServerResponse, change: (token: string) => string) {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: string | Buffer) => {
    const answer = JSON.parse(String(body));
    const changed = JSON.stringify({ ...answer, id_token: change(answer.id_token) });
    response.setHeader('content-length', Buffer.byteLength(changed));
    return end(changed);
  }) as typeof response.end;
}

function html(response: ServerResponse, body: string) {
  response.setHeader('content-type', 'text/html; charset=utf-8').end(body);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}</html>`;
}

function escape(plain: string): string {
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
