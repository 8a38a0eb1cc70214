//! The document around every page.

use crate::{
    App,
    context::{look, page_facts, requested_path},
    is_plain,
    theme::edge_media,
};
use leptos::{
    nonce::{Nonce, use_nonce},
    prelude::*,
};
use leptos_meta::MetaTags;
use std::sync::Arc;

/// The addresses of the built files. Their names hold a hash of what is in them, so browsers may keep them for ever.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The script that loads the wasm.
    pub js: Arc<str>,
    /// The page's code.
    pub wasm: Arc<str>,
    /// The style sheet.
    pub css: Arc<str>,
    /// What the pages need besides that never wake up.
    pub plain: Arc<str>,
    /// The typeface.
    pub font: Arc<str>,
    /// The page loads itself anew when the server has been built anew: for developers.
    pub reload: bool,
}

/// The document around every page. Everything it loads is asked for at once, and only from here; the one script carries
/// the response's nonce (Content Security Policy Level 3).
pub fn shell(assets: Assets) -> impl IntoView {
    let facts = page_facts();
    let theme = facts.preferences.theme;
    provide_context(facts);

    let nonce = use_nonce();
    let path = requested_path();
    let plain = is_plain(path.split('?').next().unwrap_or_default());
    let scripts = (!plain).then(|| scripts(&assets, nonce));
    let Assets { css, font, plain: plain_css, .. } = &assets;
    let more = plain.then(|| view! { <link rel="stylesheet" href=plain_css.to_string()/> });
    let [light, dark] = edge_media(theme);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.word() data-choices=look().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                {edge("#fdfdfc", light)}
                {edge("#141413", dark)}
                <link rel="preload" href=font.to_string() r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=css.to_string()/>
                {more}
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="apple-touch-icon" href="/icon-192.png"/>
                {scripts}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The page's code. All of it is asked for at once.
fn scripts(assets: &Assets, nonce: Option<Nonce>) -> impl IntoView {
    let Assets { js, wasm, .. } = assets;
    view! {
        <link rel="modulepreload" href=js.to_string() nonce=nonce.clone()/>
        <link rel="preload" href=wasm.to_string() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>{wake(assets)}</script>
    }
}

const RELOAD: &str = "let built;setInterval(()=>fetch('/dev/started').then(r=>r.text()).then(now=>{\
                      if(built&&built!==now)location.reload();built=now}).catch(()=>{}),500);";

/// Has the browser keep the page for when there is no connection. Not before somebody does something: the first load has
/// enough to do.
const KEEP: &str = "['pointerdown','keydown'].forEach(kind=>\
                    addEventListener(kind,()=>navigator.serviceWorker?.register('/sw.js'),{once:true}))";

/// The one script: it loads the page's code and wakes the page up.
fn wake(Assets { js, wasm, reload, .. }: &Assets) -> String {
    let reload = if *reload { RELOAD } else { "" };
    format!(
        "{reload}import init,{{hydrate}} from {js:?};\
         await init({{module_or_path:{wasm:?}}});hydrate();{KEEP}"
    )
}

/// The colour of the browser's own edges, and when it applies (HTML, section 4.2.5.3).
fn edge(colour: &'static str, media: &'static str) -> impl IntoView {
    view! { <meta name="theme-color" content=colour/> }.attr("media", media)
}
