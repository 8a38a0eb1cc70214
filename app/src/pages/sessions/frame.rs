//! The frame of the pages of settings. It needs no scripts, so on narrow screens there is a link in place of the sidebar.

use crate::{
    components::{Brand, Icon, IconLink, IconName},
    pages::face::Who,
};
use chat::User;
use leptos::prelude::*;

/// The pages of settings, in their order in the sidebar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Place {
    Profile,
    Sessions,
    Appearance,
    Models,
    Data,
    Shortcuts,
    Usage,
    People,
    Access,
    Audit,
}

impl Place {
    const ALL: [Self; 6] = [Self::Profile, Self::Sessions, Self::Appearance, Self::Models, Self::Data, Self::Shortcuts];
    /// The pages of administrators.
    pub(in crate::pages) const ADMIN: [Self; 4] = [Self::Usage, Self::People, Self::Access, Self::Audit];

    pub(in crate::pages) fn look(self) -> (&'static str, &'static str, IconName) {
        match self {
            Self::Profile => ("Profile", "/settings/profile", IconName::User),
            Self::Appearance => ("Appearance", "/settings/appearance", IconName::Palette),
            Self::Shortcuts => ("Shortcuts", "/settings/shortcuts", IconName::Keyboard),
            Self::Sessions => ("Sessions", "/settings/sessions", IconName::Laptop),
            Self::Models => ("Models", "/settings/models", IconName::Plug),
            Self::Data => ("Your data", "/settings/data", IconName::Archive),
            Self::Usage => ("Usage", "/admin/usage", IconName::Gauge),
            Self::People => ("People", "/admin/people", IconName::Users),
            Self::Access => ("Access", "/admin/access", IconName::Shield),
            Self::Audit => ("Audit log", "/admin/audit", IconName::ScrollText),
        }
    }
}

/// The sidebar of the settings, and the page beside it.
#[component]
pub(in crate::pages) fn Frame(
    user: User,
    /// The page, or the one that it belongs to.
    here: Place,
    /// With room for a table.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let label = [here.look().0, " settings"].concat();
    let tabs = (!Place::ADMIN.contains(&here)).then(|| view! { <Tabs here admin=user.role.administers()/> });
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app">
            <Sidebar user here/>
            <main class="main" id="main" tabindex="-1">
                <header class="bar">
                    <IconLink icon=IconName::ArrowLeft label="Back to chat" href="/" class="only-narrow"/>
                </header>
                <div class="scroll" tabindex="0" role="region" aria-label=label>
                    <div class="page" class:wide=wide>{tabs} {children()}</div>
                </div>
            </main>
        </div>
    }
    .into_any()
}

/// The way to the other pages where there is no room for the sidebar.
#[component]
fn Tabs(here: Place, admin: bool) -> impl IntoView {
    let tab = |place: Place| {
        let (name, href, _) = place.look();
        view! { <a href=href aria-current=(place == here).then_some("page")>{name}</a> }
    };
    let admin = admin.then(|| view! { <a href=Place::Usage.look().1>"Admin"</a> });
    view! { <nav class="tabs" aria-label="Pages of settings">{Place::ALL.map(tab).collect_view()} {admin}</nav> }
        .into_any()
}

#[component]
fn Sidebar(user: User, here: Place) -> impl IntoView {
    let link = |place: Place| {
        let (name, href, icon) = place.look();
        let current = (place == here).then_some("page");
        view! {
            <li>
                <a class="srow-link" href=href aria-current=current><Icon name=icon/><span>{name}</span></a>
            </li>
        }
    };
    let links = Place::ALL.map(link).collect_view();
    let admin = user.role.administers().then(|| {
        let links = Place::ADMIN.map(link).collect_view();
        view! { <h2 id="admin">"Admin"</h2><ul role="list" aria-labelledby="admin">{links}</ul> }
    });
    view! {
        <nav class="side" aria-label="Settings">
            <div class="side-top">
                <a href="/" aria-label="Confab home"><Brand/></a>
            </div>
            <div class="side-nav">
                <a class="srow-link" href="/"><Icon name=IconName::ArrowLeft/><span>"Back to chat"</span></a>
                <h2 id="settings">"Settings"</h2>
                <ul role="list" aria-labelledby="settings">
                    {links}
                </ul>
                {admin}
            </div>
            <div class="side-foot">
                <div class="user">
                    <Who user/>
                </div>
            </div>
        </nav>
    }
    .into_any()
}
