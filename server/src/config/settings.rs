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
    "The secret from which all keys are derived, at least 32 bytes (`openssl rand -base64 32`). Several, separated by commas, are a rotation: the first one is used, all are accepted, nobody is signed out.",
    "required with a sign-in provider; otherwise made once and kept in the data folder",
)
.secret();

pub(super) const PROVIDERS: Setting = Setting::new(
    &["AUTH_SSO_PROVIDERS", "NEXT_AUTH_SSO_PROVIDERS", "SSO_PROVIDERS"],
    "The sign-in providers, separated by commas, in the order of their buttons: `authentik`, `generic-oidc`, `keycloak`, `authelia`, `zitadel`, `auth0`, `okta`, `google`, `microsoft-entra-id`, `logto`, `casdoor`.",
    "every provider whose variables are set",
);

pub(super) const AUTHENTIK_ID: Setting = Setting::new(
    &["AUTH_AUTHENTIK_ID", "AUTHENTIK_CLIENT_ID"],
    "The client id of the provider in Authentik. For other providers put their id, in capitals and with `_` for `-`, in the place of `AUTHENTIK`, here and below.",
    "required with the provider",
);

pub(super) const AUTHENTIK_SECRET: Setting = Setting::new(
    &["AUTH_AUTHENTIK_SECRET", "AUTHENTIK_CLIENT_SECRET"],
    "The client secret.",
    "required with the provider",
)
.secret();

pub(super) const AUTHENTIK_ISSUER: Setting = Setting::new(
    &["AUTH_AUTHENTIK_ISSUER", "AUTHENTIK_ISSUER"],
    "The *OpenID Configuration Issuer*, with or without a slash at the end, or the whole address of the configuration. For `google` it is known; for `microsoft-entra-id` `AUTH_MICROSOFT_ENTRA_ID_TENANT_ID` is enough.",
    "required with the provider",
);

pub(super) const AUTHENTIK_LABEL: Setting =
    Setting::new(&["AUTH_AUTHENTIK_LABEL"], "The name on the provider's button.", "`Authentik`");

pub(super) const AUTHENTIK_INTERNAL_URL: Setting = Setting::new(
    &["AUTH_AUTHENTIK_INTERNAL_URL"],
    "Where this server reaches the provider, if browsers reach it under another name, such as `http://authentik-server:9000`.",
    "the issuer's address",
);

pub(super) const AUTHENTIK_SCOPES: Setting = Setting::new(
    &["AUTH_AUTHENTIK_SCOPES"],
    "The scopes to ask for, separated by spaces.",
    "`openid profile email offline_access entitlements`",
);

pub(super) const ALLOWED_EMAILS: Setting = Setting::new(
    &["AUTH_ALLOWED_EMAILS"],
    "Who may enter: e-mail addresses or domains, separated by commas. Only addresses that the provider calls verified count; Authentik since 2025.10 calls none so, use groups there.",
    "everyone whom the provider lets through",
);

pub(super) const ALLOWED_GROUPS: Setting = Setting::new(
    &["AUTH_ALLOWED_GROUPS"],
    "Who may enter: names of groups, separated by commas. With `AUTH_ALLOWED_EMAILS` too, one of the two is enough.",
    "everyone whom the provider lets through",
);

pub(super) const ADMIN_GROUPS: Setting = Setting::new(
    &["AUTH_ADMIN_GROUPS"],
    "Who administers: names of groups, separated by commas. They may enter too.",
    "nobody; `confab login-link --admin` works always",
);

pub(super) const AUTO_REDIRECT: Setting = Setting::new(
    &["AUTH_AUTO_REDIRECT"],
    "`1`: with exactly one provider the sign-in page goes straight on to it, except after a sign-out or an error.",
    "`0`",
);

pub(super) const CA_FILE: Setting = Setting::new(
    &["AUTH_CA_FILE"],
    "A file with the certificates (PEM) of the private authority that signed the provider's.",
    "the certificates of the system",
);

pub(super) const ALLOW_HTTP: Setting = Setting::new(
    &["AUTH_ALLOW_HTTP"],
    "`1`: providers may be reached without https. For test networks: whoever listens in can sign in as anybody.",
    "`0`, but the loopback address always may",
);

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

pub(super) const TRUSTED_PROXIES: Setting = Setting::new(
    &["CONFAB_TRUSTED_PROXIES"],
    "The proxies in front, as addresses or networks separated by commas (`172.16.0.0/12`). What they put into `X-Forwarded-For` is shown as the place of a session; nothing else is taken from such headers.",
    "the loopback addresses",
);

pub(super) const DATA_DIR: Setting =
    Setting::new(&["CONFAB_DATA_DIR"], "The folder for everything that is kept.", "`./data`");

pub(super) const DATABASE: Setting =
    Setting::new(&["DATABASE_URL"], "The database, as `sqlite:PATH`.", "`sqlite:<data folder>/confab.db`");

pub(super) const MAX_FILE: Setting = Setting::new(
    &["CONFAB_MAX_FILE_MB"],
    "The largest file that can be attached, in MB. A proxy in front has to let as much through.",
    "`20`",
);

pub(super) const FILES_QUOTA: Setting =
    Setting::new(&["CONFAB_FILES_QUOTA_MB"], "What all attached files of a user may take, in MB.", "`1000`");

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
    "The key of OpenAI. Several, separated by commas, are used in turn. For other providers of models put their id, in capitals, in the place of `OPENAI`, here and below: `anthropic`, `google` (or `GEMINI_`), `deepseek`, `mistral`, `xai`, `openrouter`, `groq`, `cerebras`, `togetherai`, `fireworksai`, `perplexity`, `cohere`, `sambanova`, `nvidia`, `huggingface`, `github`, `nebius`, `novita`, `upstage`, `qwen`, `zhipu`, `moonshot`, `minimax`, `hunyuan`, `stepfun`, `volcengine`, `siliconcloud`, `modelscope`, `aihubmix`, `newapi`, `vllm`, `lmstudio`, `xinference`, `ollama_cloud`, `ollama`.",
    "no such provider, unless `OPENAI_PROXY_URL` is set; Ollama at `http://127.0.0.1:11434` if it answers",
)
.secret();

pub(super) const OPENAI_BASE: Setting = Setting::new(
    &["OPENAI_PROXY_URL"],
    "The base address; of anything that speaks the same language, most often ending in `/v1`. Several, separated by commas, are used in turn: with one key for all, or a key for each. A proxy on the way is taken from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.",
    "the provider's own, such as `https://api.openai.com/v1`",
);

pub(super) const OPENAI_MODELS: Setting = Setting::new(
    &["OPENAI_MODEL_LIST"],
    "Which models to offer, in LobeChat's grammar: `-all,+id,-id,id->deployment=Name<128k:vision:reasoning:fc>`.",
    "all that the provider lists",
);

pub(super) const OPENAI_NAME: Setting =
    Setting::new(&["OPENAI_NAME"], "The provider's name to show.", "its own, or the host of `OPENAI_PROXY_URL`");

pub(super) const OPENAI_DIALECT: Setting = Setting::new(
    &["OPENAI_DIALECT"],
    "The language that it speaks: `openai` (chat completions), `responses`, `anthropic`, `gemini` or `ollama`. OpenAI shows what its models think only in `responses`.",
    "the provider's own; `openai` for OpenAI",
);

pub(super) const OPENAI_ENABLED: Setting =
    Setting::new(&["ENABLED_OPENAI"], "`0` leaves the provider out, whatever else is set.", "`1`");

pub(super) const MODEL_PROVIDERS: Setting = Setting::new(
    &["CONFAB_PROVIDERS"],
    "Names of more providers, separated by commas: `my-lab` has the variables `MY_LAB_API_KEY`, `MY_LAB_PROXY_URL` and so on.",
    "none",
);

pub(super) const MODEL_CA_FILE: Setting = Setting::new(
    &["CONFAB_MODEL_CA_FILE"],
    "A file with the certificates (PEM) of the private authority that signed a model provider's.",
    "the certificates of the system",
);

pub(super) const MODEL_NETWORKS: Setting = Setting::new(
    &["CONFAB_PROVIDER_NETWORKS"],
    "The networks that are not public and in which administrators may add providers, separated by commas, such as `127.0.0.1, 192.168.1.0/24` for an Ollama at home. Addresses of one link and of a cloud's own services are refused in any case. Providers that variables set up may be anywhere.",
    "none: public hosts only",
);

pub(super) const MODEL_IDLE: Setting = Setting::new(
    &["CONFAB_MODEL_IDLE_SECONDS"],
    "How long a provider may be silent, from the request on, before an answer is given up.",
    "`120`",
);

pub(super) const MODEL_TOTAL: Setting =
    Setting::new(&["CONFAB_MODEL_TOTAL_SECONDS"], "How long an answer may take in all.", "`3600`");

pub(super) const MODEL_BYTES: Setting =
    Setting::new(&["CONFAB_MODEL_MAX_BYTES"], "How many bytes of text an answer may have.", "`4194304`");

pub(super) const LOCAL_MODEL: Setting = Setting::new(
    &["CONFAB_LOCAL_MODEL"],
    "A `.gguf` file of the Llama family to run in this process, or `off`.",
    "the small model that set-up fetched, if it is there",
);

/// All settings, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    SECRET,
    PROVIDERS,
    AUTHENTIK_ID,
    AUTHENTIK_SECRET,
    AUTHENTIK_ISSUER,
    AUTHENTIK_LABEL,
    AUTHENTIK_INTERNAL_URL,
    AUTHENTIK_SCOPES,
    ALLOWED_EMAILS,
    ALLOWED_GROUPS,
    ADMIN_GROUPS,
    AUTO_REDIRECT,
    CA_FILE,
    ALLOW_HTTP,
    PUBLIC,
    LISTEN,
    PORT,
    TRUSTED_PROXIES,
    DATA_DIR,
    DATABASE,
    MAX_FILE,
    FILES_QUOTA,
    LOG,
    LOG_FORMAT,
    OPENAI_KEY,
    OPENAI_BASE,
    OPENAI_MODELS,
    OPENAI_NAME,
    OPENAI_DIALECT,
    OPENAI_ENABLED,
    MODEL_PROVIDERS,
    MODEL_CA_FILE,
    MODEL_NETWORKS,
    MODEL_IDLE,
    MODEL_TOTAL,
    MODEL_BYTES,
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
