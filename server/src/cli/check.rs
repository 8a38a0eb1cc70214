//! `confab check`: looks at the whole set-up, and says of each part how it stands.

use super::Process;
use crate::{
    auth::{
        keys::Sealer,
        oidc::{
            Oidc, SignInKeys,
            examine::{Finding, Grade},
        },
    },
    clock::System,
    config::{Config, Fault, found},
    llm::{Catalog, ProviderState},
    store::sqlite::{Schema, Sqlite},
};
use chat::ports::Models;
use std::{
    fmt::Write as _,
    io::{self, Write as _},
    process::ExitCode,
    sync::Arc,
};

/// Looks, prints, and succeeds when nothing has to be changed.
pub(super) async fn check(config: Result<&Config, &[Fault]>) -> ExitCode {
    let mut report = Report::default();
    report.settings();
    match config {
        Err(faults) => {
            report.part("Faults", faults.iter().map(|fault| Finding::bad(fault_text(fault), &*fault.fix)).collect());
        }
        Ok(config) => report.all(config).await,
    }
    report.print()
}

fn fault_text(fault: &Fault) -> String {
    format!("{} {}", fault.variable, fault.problem)
}

#[derive(Default)]
struct Report {
    text: String,
    bad: usize,
}

impl Report {
    async fn all(&mut self, config: &Config) {
        let warned = config.warnings.iter().map(|fault| Finding::note(fault_text(fault), &*fault.fix)).collect();
        self.part("Warnings", warned);
        self.providers(config).await;
        self.part("Models", models(config).await);
        self.part("Database", vec![database(config).await]);
    }

    fn part(&mut self, name: &str, findings: Vec<Finding>) {
        if !findings.is_empty() {
            let _ = write!(self.text, "\n{name}\n");
        }
        for Finding { grade, text, fix } in findings {
            let mark = match grade {
                Grade::Good => "✓",
                Grade::Note => "!",
                Grade::Bad => "✗",
            };
            self.bad += usize::from(grade == Grade::Bad);
            let _ = writeln!(self.text, "  {mark} {text}");
            if let Some(fix) = fix {
                let _ = writeln!(self.text, "    → {fix}");
            }
        }
    }

    /// Which variables are set, never to what.
    fn settings(&mut self) {
        let _ = writeln!(self.text, "Settings");
        for (setting, variable) in found(&Process) {
            let under = if setting == variable { String::new() } else { format!(" (found as {variable})") };
            let _ = writeln!(self.text, "  {setting}{under}");
        }
    }

    async fn providers(&mut self, config: &Config) {
        if config.sign_in.providers.is_empty() {
            let finding = Finding::note("no provider is set up", "`confab login-link` makes a link to sign in by.");
            return self.part("Sign-in", vec![finding]);
        }
        // Nothing is sealed while one only looks.
        let keys = SignInKeys { attempts: Sealer::new(Vec::new()), tokens: Sealer::new(Vec::new()) };
        let oidc = match Oidc::new(&config.sign_in, &config.public, keys, Arc::new(System)) {
            Ok(oidc) => oidc,
            Err(error) => {
                let text = format!("the file of AUTH_CA_FILE can't be used: {error}");
                return self.part("Sign-in", vec![Finding::bad(text, "It has to hold certificates in PEM.")]);
            }
        };
        for button in oidc.buttons() {
            if let Ok(provider) = oidc.provider(&button.id) {
                let mut findings = oidc.examine(provider).await;
                findings.push(Finding::good(format!("redirect URI to paste there: {}", oidc.callback(provider))));
                self.part(&format!("Sign-in: {}", button.label), findings);
            }
        }
    }

    fn print(self) -> ExitCode {
        let end = match self.bad {
            0 => "Everything that has to be there is there.".to_owned(),
            1 => "One thing has to be changed (✗).".to_owned(),
            count => format!("{count} things have to be changed (✗)."),
        };
        let written = writeln!(io::stdout(), "{}\n{end}", self.text);
        if written.is_ok() && self.bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

async fn models(config: &Config) -> Vec<Finding> {
    let catalog = Catalog::new(config);
    let count = catalog.list().await.len();
    let status = |status: crate::llm::ProviderStatus| match status.state {
        ProviderState::Ready(models) => Finding::good(format!("{}: models: {models}", status.name)),
        ProviderState::Absent => Finding::note(format!("{} is not there", status.name), "Nobody has asked for it."),
        ProviderState::Unknown => Finding::note(format!("{} has not answered", status.name), "Try again in a moment."),
        ProviderState::Failed(failure) => {
            Finding::bad(format!("{}: {}", status.name, failure.message), "Check its address and its key.")
        }
    };
    let found: Vec<Finding> = catalog.status().into_iter().map(status).collect();
    if count == 0 && found.is_empty() {
        return vec![Finding::note(
            "there is none",
            "Set the key of a provider, such as OPENAI_API_KEY, OLLAMA_PROXY_URL or CONFAB_LOCAL_MODEL.",
        )];
    }
    found
}

async fn database(config: &Config) -> Finding {
    let address = &config.database_url;
    match Sqlite::schema(address).await {
        Ok(Schema::None) => Finding::good(format!("{address} will be made at the first start")),
        Ok(Schema::Current) => Finding::good(format!("{address} is up to date")),
        Ok(Schema::Older) => Finding::good(format!("{address} will be brought up to date at the next start")),
        Err(error) => Finding::bad(error.to_string(), "See docs/self-hosting.md about data and backups."),
    }
}
