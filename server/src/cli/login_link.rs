//! `confab login-link`, and the link that the server prints when it starts.

use super::Refusal;
use crate::{
    auth::{sign_in::LINK_SECONDS, token},
    config::Config,
    state::World,
    store::sqlite::Sqlite,
};
use chat::{
    Role, UserId,
    ports::{LoginLinks, StoreError, Users},
    user::Identity,
};
use std::io::{self, Write};

/// Makes a link beside the server that may be running, and prints its address.
pub(super) async fn print(config: &Config, admin: bool, name: Option<&str>) -> Result<(), Refusal> {
    let store = Sqlite::open_beside(&config.database_url).await.map_err(|error| {
        Refusal(format!("{error}. Start the server once with the same settings, so that there is a database."))
    })?;
    let identity = match name.map(str::trim) {
        None => Identity::owner(),
        Some("") => return Err(Refusal("--user needs a name".into())),
        Some(name) => Identity::local(name),
    };
    let role = if admin || name.is_none() { Role::Admin } else { Role::Member };
    let world = World::real(store, config);
    let address = link(&world, config, &identity, role).await?;
    let _ = writeln!(io::stdout(), "{address}");
    Ok(())
}

/// Prints the owner's link when the server starts: without a sign-in provider it is the only way in.
pub(super) async fn announce(world: &World, config: &Config) -> Result<(), Refusal> {
    let address = link(world, config, &Identity::owner(), Role::Admin).await?;
    let _ = writeln!(
        io::stdout(),
        "\n  Confab is ready. Sign in as its owner, once, within ten minutes:\n\n  {address}\n\n  \
         `confab login-link` makes another one.\n"
    );
    let _ = io::stdout().flush();
    Ok(())
}

async fn link(world: &World, config: &Config, identity: &Identity, role: Role) -> Result<String, Refusal> {
    let token = token::new_token().map_err(|error| Refusal::because("The system gives no randomness", error))?;
    let made = async {
        let now = world.clock.now();
        let user = world.store.sign_in(identity, role, UserId(world.ids.new_id()), now).await?;
        let expires_at = now.plus_seconds(LINK_SECONDS);
        LoginLinks::create(&world.store, token::hash(&token), user.id, now, expires_at).await
    };
    made.await.map_err(|error: StoreError| Refusal::because("No login link could be made", error))?;
    Ok(format!("{}/login/{token}", config.public.origin()))
}
