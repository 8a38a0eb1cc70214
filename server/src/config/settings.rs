//! The table of all settings. `docs/configuration.md` is printed from it, and a test compares the two.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The variables that hold it; the first one that is set counts.
    pub names: &'static [&'static str],
    /// What it is for.
    pub what: &'static str,
    /// What holds when none is set.
    pub default: &'static str,
    /// It can be put into a file whose path is in `NAME_FILE`.
    pub secret: bool,
}

impl Setting {
    const fn new(names: &'static [&'static str], what: &'static str, default: &'static str) -> Self {
        Self { names, what, default, secret: false }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

pub(super) const SECRET: Setting = Setting::new(
    &["AUTH_SECRET", "NEXT_AUTH_SECRET", "NEXTAUTH_SECRET"],
    "The secret from which all keys are derived, at least 32 bytes (`openssl rand -base64 32`). Several, separated by commas, are a rotation: the first one is used, all are accepted.",
    "made once and kept in the data folder",
)
.secret();

pub(super) const PUBLIC: Setting = Setting::new(
    &["APP_URL", "AUTH_URL", "NEXTAUTH_URL"],
    "The address that users type. Its scheme and host count; a path of `/api/auth` is accepted.",
    "the listen address",
);

pub(super) const LISTEN: Setting = Setting::new(
    &["CONFAB_LISTEN"],
    "The IP address and port to listen on. Without a sign-in provider it has to be a loopback address.",
    "`127.0.0.1:3210`",
);

pub(super) const PORT: Setting =
    Setting::new(&["PORT"], "The port alone; overrides the one in `CONFAB_LISTEN`.", "`3210`");

pub(super) const DATA_DIR: Setting =
    Setting::new(&["CONFAB_DATA_DIR"], "The folder for everything that is kept.", "`./data`");

pub(super) const DATABASE: Setting =
    Setting::new(&["DATABASE_URL"], "The database, as `sqlite:PATH`.", "`sqlite:<data folder>/confab.db`");

pub(super) const LOG: Setting = Setting::new(
    &["RUST_LOG"],
    "What is logged: `error`, `warn`, `info`, `debug`, `trace`, or per module as in `server=debug,info`.",
    "`info`",
);

pub(super) const LOG_FORMAT: Setting = Setting::new(
    &["CONFAB_LOG_FORMAT"],
    "`text` for people or `json` for machines.",
    "`text` on a terminal, `json` elsewhere",
);

pub(super) const OPENAI_KEY: Setting = Setting::new(
    &["OPENAI_API_KEY"],
    "The key of OpenAI, or of anything that speaks its language at `OPENAI_PROXY_URL`.",
    "no such provider, unless `OPENAI_PROXY_URL` is set",
)
.secret();

pub(super) const OPENAI_BASE: Setting = Setting::new(
    &["OPENAI_PROXY_URL"],
    "The base address of an OpenAI-compatible server, most often ending in `/v1`.",
    "`https://api.openai.com/v1`",
);

pub(super) const OPENAI_MODELS: Setting = Setting::new(
    &["OPENAI_MODEL_LIST"],
    "Which models to offer, in LobeChat's grammar: `-all,+id,-id,id->deployment=Name<128k:vision:reasoning:fc>`.",
    "all that the provider lists",
);

pub(super) const LOCAL_MODEL: Setting = Setting::new(
    &["CONFAB_LOCAL_MODEL"],
    "A `.gguf` file of the Llama family to run in this process, or `off`.",
    "the small model that set-up fetched, if it is there",
);

/// All settings, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    SECRET,
    PUBLIC,
    LISTEN,
    PORT,
    DATA_DIR,
    DATABASE,
    LOG,
    LOG_FORMAT,
    OPENAI_KEY,
    OPENAI_BASE,
    OPENAI_MODELS,
    LOCAL_MODEL,
];

const PREFACE: &str = "# Configuration

Everything is set by environment variables. A file `.env` in the working directory is read first and never
overrides the environment. An empty value counts as unset. All faults are told at once, before the server
listens, and the value of a secret is never shown. A variable marked *secret* can also be put into a file
whose path is in the variable of the same name with `_FILE` at its end.

This page is printed by `confab settings`; do not edit it by hand.

| variables, the first one set counts | what | default |
| --- | --- | --- |
";

/// The table as a page of documentation.
pub fn as_markdown() -> String {
    let row = |setting: &Setting| {
        let names: Vec<String> = setting.names.iter().map(|name| format!("`{name}`")).collect();
        let secret = if setting.secret { " *(secret)*" } else { "" };
        let what = setting.what.replace('|', "\\|");
        format!("| {}{secret} | {what} | {} |\n", names.join(", "), setting.default)
    };
    SETTINGS.iter().map(row).fold(PREFACE.to_owned(), |page, row| page + &row)
}
