//! The built site: scripts, styles, font and icons, from inside the binary (feature `embed`) or from the
//! folder `target/site` of the workspace.

use app::Assets;
use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::borrow::Cow;

#[cfg(feature = "embed")]
#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
struct Site;

#[cfg(feature = "embed")]
fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    Site::get(path).map(|file| file.data)
}

#[cfg(not(feature = "embed"))]
fn read(path: &str) -> Option<Cow<'static, [u8]>> {
    const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site");
    let safe = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'));
    if safe { std::fs::read(std::path::Path::new(SITE).join(path)).ok().map(Cow::Owned) } else { None }
}

/// The addresses of the files that a page names; none when the site has not been built.
pub fn manifest() -> Option<Assets> {
    let json: serde_json::Value = serde_json::from_slice(&read("manifest.json")?).ok()?;
    let address = |key: &str| json.get(key)?.as_str().map(|name| ["/pkg/", name].concat().into());
    Some(Assets {
        js: address("js")?,
        wasm: address("wasm")?,
        css: address("css")?,
        plain: address("plain")?,
        font: address("font")?,
        reload: reloads(),
    })
}

/// The address of what draws diagrams; none in a build without.
pub fn diagram() -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(&read("manifest.json")?).ok()?;
    Some(["/pkg/", json.get("diagram")?.as_str()?].concat())
}

/// Whether pages reload themselves when the server has been built anew.
pub fn reloads() -> bool {
    #[cfg(debug_assertions)]
    return crate::http::reload::is_wanted();
    #[cfg(not(debug_assertions))]
    false
}

/// Files whose name carries a hash of their contents never change.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// The others may change with the next version.
const AN_HOUR: &str = "public, max-age=3600";

/// `GET /pkg/{*path}`: what a page is made of.
pub async fn package(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let caching = if cfg!(debug_assertions) { "no-cache" } else { FOREVER };
    let mut response = send(&["pkg/", &path].concat(), &headers, caching);
    if path.starts_with("diagram.") {
        // The frame that asks for it has no origin, so it is none of ours.
        let anybody = HeaderValue::from_static("cross-origin");
        response.headers_mut().insert("cross-origin-resource-policy", anybody);
    }
    response
}

/// A file under a fixed address, such as the icon.
pub async fn public(file: &'static str, headers: HeaderMap) -> Response {
    send(&["public/", file].concat(), &headers, AN_HOUR)
}

/// `GET /sw.js`: what a browser keeps for when there is no connection. It fetches that by a policy of its own.
pub async fn service_worker(headers: HeaderMap) -> Response {
    let mut response = send("public/sw.js", &headers, "no-cache");
    let policy = HeaderValue::from_static("default-src 'none'; connect-src 'self'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Sends a file in the best encoding that the browser takes and that is there.
fn send(path: &str, headers: &HeaderMap, caching: &'static str) -> Response {
    let Some(media_type) = media_type(path) else { return StatusCode::NOT_FOUND.into_response() };
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz"), ("identity", "")] {
        if encoding != "identity" && !accepts(headers, encoding) {
            continue;
        }
        let Some(bytes) = read(&[path, ending].concat()) else { continue };
        let mut response = Response::new(match bytes {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        });
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if encoding != "identity" {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        return response;
    }
    StatusCode::NOT_FOUND.into_response()
}

fn media_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// Whether an encoding is named in `Accept-Encoding` and not refused by a weight of 0 (RFC 9110, 12.5.3).
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| {
        let mut fields = part.split(';').map(str::trim);
        let refused = |field: &str| field.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        fields.next() == Some(encoding) && !fields.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_counts_unless_its_weight_is_zero() {
        let takes = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(value).expect("a header"));
            accepts(&headers, "br")
        };
        assert!(takes("gzip, deflate, br") && takes("br;q=0.5"));
        assert!(!takes("gzip") && !takes("br;q=0") && !takes("br; q=0.000") && !takes("brotli"));
    }
}
