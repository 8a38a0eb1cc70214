// People who sign in, one for each shape that a provider's claims can have.

export type Persona = {
  /** What they sign in with, and the only thing that tells two of them apart. */
  login: string;
  name: string;
  /** Authentik sends an empty string for somebody without one. */
  email: string;
  /** A path at the provider. */
  picture?: string;
  groups: string[];
};

export const ADMIN: Persona = {
  login: 'maya',
  name: 'Maya Lindqvist',
  email: 'maya@northwind.example',
  groups: ['chat-admins', 'chat'],
};

export const MEMBER: Persona = {
  login: 'xiaoming',
  name: '王小明',
  email: 'xiaoming@northwind.example',
  picture: '/media/public/xiaoming.png',
  groups: ['chat'],
};

export const OUTSIDER: Persona = { login: 'nadia', name: 'Nadia Haddad', email: 'nadia@example.net', groups: [] };

export const WITHOUT_EMAIL: Persona = { login: 'ola', name: 'Ola Nordmann', email: '', groups: ['chat'] };

/** Their groups are the ones that tests change between two sign-ins. */
export const CHANGING: Persona = {
  login: 'robin',
  name: 'Robin Okafor',
  email: 'robin@northwind.example',
  groups: ['chat'],
};

/** Two people behind one address. */
export const TWINS: readonly [Persona, Persona] = [
  { login: 'sam.a', name: 'Sam Abara', email: 'sam@northwind.example', groups: ['chat'] },
  { login: 'sam.b', name: 'Sam Berg', email: 'sam@northwind.example', groups: ['chat'] },
];

export const PERSONAS: readonly Persona[] = [ADMIN, MEMBER, OUTSIDER, WITHOUT_EMAIL, CHANGING, ...TWINS];
