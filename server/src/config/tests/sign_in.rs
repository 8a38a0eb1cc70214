//! Signing in: rows L of the security catalogue, and A33.

use super::*;
use chat::access::EmailRule;

/// What an administrator has who followed LobeChat's page.
const LOBE: [(&str, &str); 6] = [
    ("NEXT_AUTH_SECRET", "kB9T2n0yF4m6Qx7Zp1Lr8VdWcJ3hGs5e"),
    ("NEXT_AUTH_SSO_PROVIDERS", "authentik"),
    ("AUTH_AUTHENTIK_ID", "chat"),
    ("AUTH_AUTHENTIK_SECRET", "s3cr3t-of-the-client"),
    ("AUTH_AUTHENTIK_ISSUER", "https://auth.example.com/application/o/chat/"),
    ("NEXTAUTH_URL", "https://chat.example.com/api/auth"),
];

/// Those six, some of them changed or more of them.
fn lobe_with(changes: &[(&str, &str)]) -> Env {
    Env::of(&[&LOBE[..], changes].concat())
}

fn told(env: &Env) -> Vec<Fault> {
    Config::parse(env).expect_err("faults")
}

fn variables(env: &Env) -> Vec<String> {
    told(env).into_iter().map(|fault| fault.variable).collect()
}

fn provider(env: &Env) -> Provider {
    Config::parse(env).expect("settings").sign_in.providers.remove(0)
}

#[test]
fn lobechats_six_variables_are_enough() {
    let config = Config::parse(&lobe_with(&[])).expect("settings");
    let provider = &config.sign_in.providers[0];
    assert_eq!((provider.id.as_str(), provider.label.as_str()), ("authentik", "Authentik"));
    assert_eq!((provider.client_id.as_str(), provider.client_secret.expose()), ("chat", "s3cr3t-of-the-client"));
    assert_eq!(provider.scopes, "openid profile email offline_access entitlements");
    assert_eq!((config.public.origin().as_str(), config.warnings.len()), ("https://chat.example.com", 0));
    assert!(!format!("{config:?}").contains("s3cr3t"));
}

#[test]
fn three_generations_of_names_are_read() {
    let today = [
        ("AUTH_SECRET", LOBE[0].1),
        ("AUTH_SSO_PROVIDERS", "authentik"),
        ("AUTH_AUTHENTIK_ID", "chat"),
        ("AUTH_AUTHENTIK_SECRET", "s3"),
        ("AUTH_AUTHENTIK_ISSUER", "https://auth.example.com/"),
        ("APP_URL", "https://chat.example.com"),
    ];
    let oldest = [
        ("NEXTAUTH_SECRET", LOBE[0].1),
        ("SSO_PROVIDERS", "authentik"),
        ("AUTHENTIK_CLIENT_ID", "chat"),
        ("AUTHENTIK_CLIENT_SECRET", "s3"),
        ("AUTHENTIK_ISSUER", "https://auth.example.com/"),
        ("AUTH_URL", "https://chat.example.com"),
    ];
    for names in [today, oldest] {
        assert_eq!(provider(&Env::of(&names)).client_id, "chat");
    }
    let both = lobe_with(&[("AUTHENTIK_CLIENT_ID", "older")]);
    assert_eq!(provider(&both).client_id, "chat", "the first name counts");
}

#[test]
fn l01_each_variable_that_is_missing_is_named_and_nothing_is_served_open() {
    for missing in ["", "  "] {
        for (index, (name, _)) in LOBE.iter().enumerate().filter(|(_, (name, _))| *name != "NEXTAUTH_URL") {
            // Without the list every provider counts whose variables are set.
            let expected = match index {
                0 => "AUTH_SECRET",
                1 => continue,
                _ => name,
            };
            assert_eq!(variables(&lobe_with(&[(name, missing)])), [expected], "{name}");
        }
        let none = lobe_with(&LOBE[2..5].iter().map(|(name, _)| (*name, missing)).collect::<Vec<_>>());
        assert_eq!(variables(&none), ["AUTH_AUTHENTIK_ID", "AUTH_AUTHENTIK_SECRET", "AUTH_AUTHENTIK_ISSUER"]);
    }
    let open = Env::of(&[("CONFAB_LISTEN", "0.0.0.0:3210")]);
    assert_eq!(variables(&open), ["CONFAB_LISTEN"], "without a provider nobody else reaches the server");
    assert!(Config::parse(&lobe_with(&[("CONFAB_LISTEN", "0.0.0.0:3210")])).is_ok());
}

#[test]
fn l02_a_secret_that_is_none_is_refused_without_being_shown() {
    let short = "only-31-bytes-are-not-enough-ok";
    let known = "NX2kaPE923dt6BL2U8e9oSre5RfoT7hg";
    let bad =
        [short, known, "please-changeme-please-changeme-1", "00000000000000000000000000000000", "\u{fffd}\u{fffd}bad"];
    for secret in bad {
        let faults = told(&lobe_with(&[("NEXT_AUTH_SECRET", secret)]));
        assert_eq!(faults[0].variable, "NEXT_AUTH_SECRET", "{secret}");
        assert!(!faults[0].to_string().contains(secret));
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
    let newline = lobe_with(&[("NEXT_AUTH_SECRET", &format!("{}\r\n", LOBE[0].1))]);
    assert_eq!(Config::parse(&newline).expect("trimmed").secrets, [Secret::new(LOBE[0].1)]);
    let rotated = lobe_with(&[("NEXT_AUTH_SECRET", &format!("{LONG},{short}"))]);
    assert_eq!(variables(&rotated), ["NEXT_AUTH_SECRET"], "each one of a rotation counts");
}

#[test]
fn l03_the_list_of_providers_is_read_as_people_write_it() {
    let ids = |list: &str| -> Vec<String> {
        let keycloak = [
            ("AUTH_KEYCLOAK_ID", "k"),
            ("AUTH_KEYCLOAK_SECRET", "k"),
            ("AUTH_KEYCLOAK_ISSUER", "https://kc.example.com/realms/x"),
            ("NEXT_AUTH_SSO_PROVIDERS", list),
        ];
        let config = Config::parse(&lobe_with(&keycloak)).expect(list);
        config.sign_in.providers.into_iter().map(|provider| provider.id).collect()
    };
    assert_eq!(ids("authentik"), ["authentik"]);
    assert_eq!(ids(" Keycloak ，AUTHENTIK,, keycloak"), ["keycloak", "authentik"], "in the order of the list");
    assert_eq!(ids(""), ["authentik", "keycloak"], "whose variables are set");
    let unknown = told(&lobe_with(&[("NEXT_AUTH_SSO_PROVIDERS", "authentik,unknown")]));
    assert_eq!(unknown[0].variable, "NEXT_AUTH_SSO_PROVIDERS");
    assert!(unknown[0].problem.contains("unknown") && unknown[0].fix.contains("generic-oidc"), "{unknown:?}");
}

#[test]
fn l04_an_issuer_is_an_https_address_in_any_of_its_shapes() {
    let good = [
        "https://auth.example.com/application/o/chat/",
        "https://auth.example.com/application/o/chat",
        " https://AUTH.example.com/application/o/chat/.well-known/openid-configuration ",
        "http://localhost:9000/application/o/chat/",
        "http://127.0.0.1:9000/application/o/chat/",
        "http://[::1]:9000/",
    ];
    for issuer in good {
        assert_eq!(provider(&lobe_with(&[("AUTH_AUTHENTIK_ISSUER", issuer)])).issuer, issuer.trim());
    }
    let bad = [
        "auth.example.com/application/o/chat/",
        "http://auth.example.com/application/o/chat/",
        "http://authentik-server:9000/application/o/chat/",
        "https://user:pass@auth.example.com/",
        "https://auth.example.com/?a=b",
        "ftp://auth.example.com/",
    ];
    for issuer in bad {
        let faults = told(&lobe_with(&[("AUTH_AUTHENTIK_ISSUER", issuer)]));
        assert_eq!(faults[0].variable, "AUTH_AUTHENTIK_ISSUER", "{issuer}");
        assert!(!faults[0].to_string().contains(issuer));
    }
    let inside = told(&lobe_with(&[("AUTH_AUTHENTIK_ISSUER", bad[2])]));
    assert!(inside[0].fix.contains("AUTH_AUTHENTIK_INTERNAL_URL"), "{}", inside[0]);
    let flag = lobe_with(&[("AUTH_AUTHENTIK_ISSUER", bad[1]), ("AUTH_ALLOW_HTTP", "1")]);
    assert_eq!(provider(&flag).issuer, bad[1]);
}

#[test]
fn a33_l05_every_shape_of_the_public_address_has_one_origin() {
    for address in
        ["https://h.example", "https://h.example/", "https://h.example/api/auth", "https://h.example/api/auth/"]
    {
        let config = Config::parse(&lobe_with(&[("NEXTAUTH_URL", address)])).expect(address);
        assert_eq!((config.public.origin().as_str(), config.warnings.len()), ("https://h.example", 0), "{address}");
    }
    let below = Config::parse(&lobe_with(&[("NEXTAUTH_URL", "https://h.example/base/api/auth")])).expect("settings");
    assert_eq!((below.public.origin().as_str(), below.warnings.len()), ("https://h.example", 1));
    let missing =
        Config::parse(&lobe_with(&[("NEXTAUTH_URL", ""), ("CONFAB_LISTEN", "0.0.0.0:80")])).expect("settings");
    assert_eq!(missing.public.origin(), "http://localhost");
    assert_eq!(missing.warnings[0].variable, "APP_URL");
}

#[test]
fn l07_a_secret_in_a_file_and_in_a_variable_is_one_too_many() {
    let no_secret = ("AUTH_AUTHENTIK_SECRET", "");
    let in_file = lobe_with(&[no_secret, ("AUTH_AUTHENTIK_SECRET_FILE", "/run/s")]).file("/run/s", "from-a-file\r\n");
    assert_eq!(provider(&in_file).client_secret, Secret::new("from-a-file"));
    let both = lobe_with(&[("AUTH_AUTHENTIK_SECRET_FILE", "/run/s")]).file("/run/s", "x");
    assert_eq!(variables(&both), ["AUTH_AUTHENTIK_SECRET_FILE"]);
    let unreadable = lobe_with(&[no_secret, ("AUTH_AUTHENTIK_SECRET_FILE", "/run/absent")]);
    assert_eq!(variables(&unreadable), ["AUTH_AUTHENTIK_SECRET_FILE"]);
    assert_eq!(variables(&lobe_with(&[("AUTH_CA_FILE", "/run/absent")])), ["AUTH_CA_FILE"]);
}

#[test]
fn l09_a_slip_of_the_finger_is_told_with_the_name_that_was_meant() {
    let warned = |name: &str| -> Vec<String> {
        let config = Config::parse(&lobe_with(&[(name, "x")])).expect("settings");
        config.warnings.iter().map(ToString::to_string).collect()
    };
    for (slip, meant) in [
        ("AUTH_AUTHENTK_ID", "AUTH_AUTHENTIK_ID"),
        ("NEXTAUTH_SECERT", "NEXTAUTH_SECRET"),
        ("AUTH_AUTHENTIK_ISSUER_FIEL", "AUTH_AUTHENTIK_ISSUER_FILE"),
        ("CONFAB_LISTN", "CONFAB_LISTEN"),
        ("AUTH_KEYCLOAK_SECRETT", "AUTH_KEYCLOAK_SECRET"),
    ] {
        let warnings = warned(slip);
        assert_eq!(warnings.len(), 1, "{slip}");
        assert!(warnings[0].contains(slip) && warnings[0].contains(meant), "{warnings:?}");
    }
    for other in ["PATH", "HOSTNAME", "AUTHENTIK_SECRET_KEY", "NEXT_AUTH_DEBUG", "KEY_VAULTS_SECRET", "ACCESS_CODE"] {
        assert_eq!(warned(other), [""; 0], "{other}");
    }
}

#[test]
fn who_may_enter_is_read_strictly() {
    let rules = [
        ("AUTH_ALLOWED_EMAILS", "Ann@Example.org, example.com"),
        ("AUTH_ALLOWED_GROUPS", "chat users，family"),
        ("AUTH_ADMIN_GROUPS", "admins"),
    ];
    let access = Config::parse(&lobe_with(&rules)).expect("settings").sign_in.access;
    assert_eq!(access.emails, [EmailRule::Address("ann@example.org".into()), EmailRule::Domain("example.com".into())]);
    assert_eq!(access.groups, ["chat users", "family"]);
    assert_eq!(access.admin_groups, ["admins"]);
    assert_eq!(variables(&lobe_with(&[("AUTH_ALLOWED_EMAILS", "ann@example.org, nonsense")])), ["AUTH_ALLOWED_EMAILS"]);
    assert_eq!(variables(&lobe_with(&[("AUTH_AUTO_REDIRECT", "maybe")])), ["AUTH_AUTO_REDIRECT"]);
}

#[test]
fn other_providers_need_their_row_and_nothing_else() {
    let of = |id: &str, more: &[(&str, &str)]| {
        let (id_name, secret_name) = (format!("{}_ID", prefix(id)), format!("{}_SECRET", prefix(id)));
        let pairs = [("AUTH_SECRET", LONG), ("AUTH_SSO_PROVIDERS", id), (&id_name, "i"), (&secret_name, "s")];
        Config::parse(&Env::of(&[&pairs[..], more].concat())).map(|config| config.sign_in.providers[0].clone())
    };
    assert_eq!(of("google", &[]).expect("known").issuer, "https://accounts.google.com");
    let tenant = of("microsoft-entra-id", &[("AUTH_MICROSOFT_ENTRA_ID_TENANT_ID", "t")]).expect("a tenant");
    assert_eq!(tenant.issuer, "https://login.microsoftonline.com/t/v2.0");
    for id in ["generic-oidc", "keycloak", "authelia", "zitadel", "auth0", "okta", "logto", "casdoor"] {
        let issuer = format!("{}_ISSUER", prefix(id));
        assert_eq!(of(id, &[(&issuer, "https://id.example.com")]).expect(id).issuer, "https://id.example.com");
        assert_eq!(of(id, &[]).expect_err(id)[0].variable, issuer);
    }
}

#[test]
fn lobechats_database_is_left_alone() {
    let config = Config::parse(&lobe_with(&[("DATABASE_URL", "postgresql://u:p4ss@db/lobe")])).expect("settings");
    assert_eq!(config.database_url, "sqlite:data/confab.db");
    assert!(!config.warnings[0].to_string().contains("p4ss"));
}
