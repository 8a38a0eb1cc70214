//! `confab serve`.

use super::{Refusal, login_link};
use crate::{
    auth::{SessionLayerParts, oidc::refresh},
    config::Config,
    files::{FileKeeper, open_to_others},
    listen::{self, Limits},
    router,
    state::{AppState, World},
    store::sqlite::Sqlite,
    turns::TurnRunner,
};
use chat::{
    audit::KEPT_DAYS,
    ports::{Audit, Conversations, Turns},
};
use std::{fs, io, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    time::{interval, sleep},
};

/// How often ended sessions, deleted messages and files that nobody needs are forgotten.
const PURGE_EVERY: Duration = Duration::from_secs(3600);
/// For how many seconds a message that was deleted can be brought back.
const DELETED_SECONDS: i64 = 24 * 3600;
/// How often it is looked which sign-ins are to be asked about again.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// Opens the data, listens and serves until the process is told to stop. Without a sign-in provider it prints a login
/// link for the owner.
pub(super) async fn serve(config: &Config) -> Result<(), Refusal> {
    config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let store = open_store(config).await?;
    let world = World::real(store.clone(), config);
    let interrupted = store.interrupt_all(world.clock.now()).await;
    match interrupted.map_err(|error| Refusal::because("The database can't be written", error))? {
        0 => {}
        count => tracing::warn!(count, "turns had been cut off when the server stopped; they can be tried again"),
    }
    if open_to_others(&config.data_dir) {
        let folder = config.data_dir.display();
        tracing::warn!("everybody on this machine can write to the folder {folder}; `chmod o-w {folder}` changes that");
    }
    world.files.recover().await;
    let runner = world.runner(config);
    let state = world.state(config, runner.clone()).map_err(|error| {
        Refusal::because("The server's own secret, or the file of AUTH_CA_FILE, can't be used", error)
    })?;
    if let Err(error) = state.added.offer().await {
        tracing::error!(%error, "providers that administrators added can't be read; the others are on offer");
    }
    let listener = bind(config.listen).await?;
    tokio::spawn(purge(state.sessions.clone(), world.clone()));
    tokio::spawn(ask_providers(state.clone()));
    tracing::info!("listening on {}", config.public.origin());
    // Before the link is printed: whoever reads it may stop the server at once.
    let stop = Stop::listen().map_err(|error| Refusal::because("Signals can't be heard", error))?;
    if config.sign_in.providers.is_empty() {
        login_link::announce(&world, config).await?;
    }
    let (proxies, files) = (state.proxies.clone(), world.files.clone());
    let stopped = stop.stopped(runner.clone(), files, config.turns.stop_grace);
    listen::serve(listener, router(state), proxies, Limits::default(), stopped).await;
    runner.shut_down().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Opens the database of this server and brings it up to date.
pub(super) async fn open_store(config: &Config) -> Result<Sqlite, Refusal> {
    // Conversations are nobody's business but the server's.
    let mut folder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder
        .recursive(true)
        .create(&config.data_dir)
        .map_err(|error| Refusal::because(&format!("The folder {} can't be made", config.data_dir.display()), error))?;
    let store = Sqlite::open(&config.database_url).await.map_err(|error| Refusal(error.to_string()))?;
    store.migrate().await.map_err(|error| Refusal(error.to_string()))?;
    Ok(store)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Refusal> {
    TcpListener::bind(address).await.map_err(|error| {
        let fix = match error.kind() {
            io::ErrorKind::AddrInUse => "another program listens there. Stop it, or set PORT to another number",
            io::ErrorKind::PermissionDenied => "ports below 1024 need a privilege. Set PORT to a higher number",
            io::ErrorKind::AddrNotAvailable => "this machine has no such address. Check CONFAB_LISTEN",
            _ => "check CONFAB_LISTEN and PORT",
        };
        Refusal(format!("Can't listen on {address}: {fix} ({error})"))
    })
}

async fn purge(sessions: SessionLayerParts, world: World) {
    let mut hours = interval(PURGE_EVERY);
    loop {
        hours.tick().await;
        sessions.purge().await;
        match world.store.purge_deleted(world.clock.now().plus_seconds(-DELETED_SECONDS)).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "forgot messages that had been deleted"),
            Err(error) => tracing::warn!(%error, "could not forget deleted messages; the next try is in an hour"),
        }
        match Audit::purge(&world.store, world.clock.now().plus_seconds(-KEPT_DAYS * 24 * 3600)).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "forgot entries of the audit log that were a year old"),
            Err(error) => tracing::warn!(%error, "could not forget old entries of the audit log"),
        }
        world.files.sweep(world.clock.now()).await;
    }
}

async fn ask_providers(state: AppState) {
    let mut minutes = interval(ASK_EVERY);
    loop {
        minutes.tick().await;
        refresh::ask_again(&state).await;
    }
}

/// The signals by which a process is told to stop.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    /// Waits until the process is told to stop. Turns that run may go on for the grace time, or until it is told again;
    /// then what is left of them is interrupted. Their watchers would otherwise keep their connections open.
    async fn stopped(mut self, runner: TurnRunner, files: FileKeeper, grace: Duration) {
        self.heard().await;
        tracing::info!("stopping");
        files.shut_down();
        runner.close();
        tokio::select! {
            () = runner.ended() => {}
            () = sleep(grace) => tracing::info!("the time is up: interrupting the turns that still run"),
            () = self.heard() => tracing::info!("told to stop again: interrupting the turns that still run"),
        }
        runner.shut_down().await;
    }
}
