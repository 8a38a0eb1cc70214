//! `confab export` and `confab import`: what a user takes away and brings in, without a browser. Both work beside a server
//! that runs.

use super::Refusal;
use crate::{
    config::Config,
    state::World,
    store::sqlite::Sqlite,
    transfer::{archive, export::Format, importer::Importer},
};
use chat::{
    User, UserId,
    ports::{People, PeopleFilter, Users},
    transfer::Skipped,
    user::Identity,
};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    sync::Arc,
};
use tokio_util::io::ReaderStream;

/// Writes everything that a user has said into a new archive, which `confab import` and the page *Your data* read.
pub(super) async fn export(config: &Config, name: &str, path: &Path) -> Result<(), Refusal> {
    let store = open(config).await?;
    let user = named(&store, config, name).await?;
    let told = |error: io::Error| Refusal::because(&format!("{} can't be written", path.display()), error);
    // Never over what is there, and not before all is known to be readable.
    let mut to = File::create_new(path).map_err(told)?;
    let made = archive::everything(&store, user.id, Format::Json, &config.data_dir).await;
    let copied = made.map_err(|error| error.to_string()).and_then(|mut archive| {
        io::copy(&mut archive, &mut to).and_then(|_| to.sync_all()).map_err(|error| error.to_string())
    });
    copied.map_err(|error| {
        _ = fs::remove_file(path);
        Refusal::because("No archive was made", error)
    })?;
    _ = writeln!(io::stdout(), "{} has everything that {} has said.", path.display(), user.name);
    Ok(())
}

/// Takes a file in that Confab or another program has exported, for a user, or else for the owner of this server.
pub(super) async fn import(config: &Config, name: Option<&str>, path: &Path) -> Result<(), Refusal> {
    let store = open(config).await?;
    let world = World::real(store.clone(), config);
    let owner = match name {
        Some(name) => named(&store, config, name).await?,
        None => {
            let (identity, id) = (Identity::owner(), UserId(world.ids.new_id()));
            let made = store.sign_in(&identity, chat::Role::Admin, id, world.clock.now());
            made.await.map_err(|error| Refusal::because("The owner can't be found", error))?
        }
    };
    let file = tokio::fs::File::open(path).await;
    let file = file.map_err(|error| Refusal::because(&format!("{} can't be read", path.display()), error))?;
    let importer = Importer::new(Arc::new(store), world.ids, &config.data_dir);
    let report = importer.take(owner.id, ReaderStream::new(file)).await;
    let report = report.map_err(|error| Refusal::because("Nothing was imported", error))?;
    let mut out = io::stdout();
    _ = writeln!(out, "Imported for {}: {}. There before: {}.", owner.name, report.imported, report.known);
    for Skipped { title, why } in &report.skipped {
        _ = writeln!(out, "  Skipped {title}: {why}");
    }
    if report.skipped_count > report.skipped.len() {
        _ = writeln!(out, "  and {} more.", report.skipped_count - report.skipped.len());
    }
    Ok(())
}

async fn open(config: &Config) -> Result<Sqlite, Refusal> {
    Sqlite::open_beside(&config.database_url).await.map_err(|error| {
        Refusal(format!("{error}. Start the server once with the same settings, so that there is a database."))
    })
}

/// The only user with this name or e-mail address.
async fn named(store: &Sqlite, config: &Config, name: &str) -> Result<User, Refusal> {
    let now = World::real(store.clone(), config).clock.now();
    let wanted = PeopleFilter { text: name.trim().to_owned(), ..PeopleFilter::default() };
    let found =
        store.people(&wanted, 1_000, now).await.map_err(|error| Refusal::because("Nobody can be found", error))?;
    let is_meant = |user: &User| user.name == name.trim() || user.email.as_deref() == Some(name.trim());
    let mut meant: Vec<User> = found.people.into_iter().map(|person| person.user).filter(is_meant).collect();
    match (meant.pop(), meant.len()) {
        (Some(user), 0) => Ok(user),
        (None, _) => Err(Refusal(format!("Nobody here is called “{name}”. People stand under Settings, People."))),
        (Some(_), others) => Err(Refusal(format!("{} are called “{name}”: use the e-mail address.", others + 1))),
    }
}
