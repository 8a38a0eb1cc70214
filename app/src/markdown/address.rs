//! Which addresses a message may link to, and how they are shown.
//!
//! An address is taken apart as a browser does it (the WHATWG URL standard) and refused when the
//! two could disagree: what is not plainly `http://host`, `https://host` or `mailto:somebody` is no
//! link at all.

use chat::visible::is_hidden;

/// An address that is safe to put into `href`, once escaped.
pub(super) struct Address {
    /// The whole address. Its host is in ASCII, so that it cannot look like another one.
    pub href: String,
    /// Where the link leads: the host with its port, or the addressee.
    pub target: String,
}

impl Address {
    /// Reads a link destination; `None` when it may not become a link.
    pub(super) fn parse(destination: &str) -> Option<Address> {
        // Browsers drop tabs and line breaks wherever they stand, so they go before anything is
        // compared.
        let cleaned: String = destination.chars().filter(|c| !is_hidden(*c) && !matches!(c, '\n' | '\t')).collect();
        let (scheme, rest) = cleaned.trim_matches(' ').split_once(':')?;
        if scheme.eq_ignore_ascii_case("https") {
            Self::web("https://", rest)
        } else if scheme.eq_ignore_ascii_case("http") {
            Self::web("http://", rest)
        } else if scheme.eq_ignore_ascii_case("mailto") {
            Self::mail(rest)
        } else {
            None
        }
    }

    fn web(scheme: &str, rest: &str) -> Option<Address> {
        let rest = rest.strip_prefix("//")?;
        let (authority, tail) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
        let target = ascii_authority(authority)?;
        let mut href = String::with_capacity(scheme.len() + target.len() + tail.len());
        href.push_str(scheme);
        href.push_str(&target);
        href.push_str(tail);
        Some(Address { href, target })
    }

    /// Reads the mail address of an autolink, which has no scheme.
    pub(super) fn mail(rest: &str) -> Option<Address> {
        let target = rest.split('?').next().unwrap_or(rest);
        let (name, host) = target.split_once('@')?;
        if name.is_empty() || host.is_empty() || target.contains(char::is_whitespace) {
            return None;
        }
        let mut href = String::from("mailto:");
        href.push_str(rest);
        Some(Address { href, target: target.to_owned() })
    }

    /// Whether `text`, the visible words of the link, already says where it leads.
    pub(super) fn is_told_by(&self, text: &str) -> bool {
        let said = without_scheme(text.trim());
        said.eq_ignore_ascii_case(without_scheme(&self.href)) || said.eq_ignore_ascii_case(&self.target)
    }

    /// The target for display. A long one loses its beginning: the end of a host name is what tells
    /// whose it is.
    pub(super) fn shown(&self) -> String {
        const LONGEST: usize = 60;
        let chars = self.target.chars().count();
        if chars <= LONGEST {
            return self.target.clone();
        }
        let mut shown = String::from("…");
        shown.extend(self.target.chars().skip(chars + 1 - LONGEST));
        shown
    }
}

fn without_scheme(address: &str) -> &str {
    let rest = ["https://", "http://", "mailto:"].iter().find_map(|scheme| match address.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => Some(&address[scheme.len()..]),
        _ => None,
    });
    let rest = rest.unwrap_or(address);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// `host[:port]` in lower-case ASCII. User names ("https://bank.example@evil.example") are refused:
/// they only deceive.
fn ascii_authority(authority: &str) -> Option<String> {
    let mut out = String::with_capacity(authority.len());
    let port = if let Some(literal) = authority.strip_prefix('[') {
        let (address, port) = literal.split_once(']')?;
        if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.') {
            return None;
        }
        out.push('[');
        out.push_str(&address.to_ascii_lowercase());
        out.push(']');
        port
    } else {
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        push_ascii_host(&mut out, host)?;
        port
    };
    match port.strip_prefix(':') {
        None if port.is_empty() => {}
        Some("") => {}
        Some(digits) if digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit()) => out.push_str(port),
        _ => return None,
    }
    Some(out)
}

fn push_ascii_host(out: &mut String, host: &str) -> Option<()> {
    const LONGEST_HOST: usize = 253;
    if host.len() > LONGEST_HOST {
        return None;
    }
    // One dot at the end is the root of the DNS and belongs to a valid name.
    for (index, label) in host.strip_suffix('.').unwrap_or(host).split('.').enumerate() {
        if index > 0 {
            out.push('.');
        }
        let label = label.to_lowercase();
        if label.is_empty() || !label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        if label.is_ascii() { out.push_str(&label) } else { push_punycode(out, &label) }
    }
    Some(())
}

/// Appends a label in its ASCII form, "xn--" and the encoding of RFC 3492, section 6.3.
fn push_punycode(out: &mut String, label: &str) {
    const BASE: u32 = 36;
    const T_MIN: u32 = 1;
    const T_MAX: u32 = 26;
    let chars: Vec<u32> = label.chars().map(u32::from).collect();
    out.push_str("xn--");
    out.extend(label.chars().filter(char::is_ascii));
    let basic = chars.iter().filter(|c| **c < 128).count() as u32;
    if basic > 0 {
        out.push('-');
    }
    let (mut code, mut delta, mut bias, mut done) = (128, 0, 72, basic);
    while let Some(next) = chars.iter().copied().filter(|c| *c >= code).min() {
        // A host has at most 253 bytes, so this stays far below u32::MAX.
        delta += (next - code) * (done + 1);
        code = next;
        for c in &chars {
            if *c < code {
                delta += 1;
            } else if *c == code {
                let (mut q, mut k) = (delta, BASE);
                loop {
                    let t = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
                    if q < t {
                        break;
                    }
                    out.push(digit(t + (q - t) % (BASE - t)));
                    q = (q - t) / (BASE - t);
                    k += BASE;
                }
                out.push(digit(q));
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        code += 1;
    }
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 35 * 26 / 2 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

fn digit(value: u32) -> char {
    let value = value as u8;
    char::from(if value < 26 { b'a' + value } else { b'0' + value - 26 })
}

/// The first web address that stands bare in `text`, as a byte range; what it contains is for
/// [`Address::parse`]. Follows the extended autolinks of GitHub's Markdown, and ends before East
/// Asian punctuation as well.
pub(super) fn find_bare(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("://") {
        let colon = from + found;
        from = colon + 3;
        let scheme = ["https", "http"].iter().find(|scheme| {
            colon >= scheme.len()
                && text.as_bytes()[colon - scheme.len()..colon].eq_ignore_ascii_case(scheme.as_bytes())
        });
        let Some(scheme) = scheme else { continue };
        let start = colon - scheme.len();
        if text[..start].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let ends = |c: char| c.is_whitespace() || c == '<' || (!c.is_ascii() && !c.is_alphanumeric());
        let end = text[from..].find(ends).map_or(text.len(), |length| from + length);
        return Some((start, start + without_tail(&text[start..end])));
    }
    None
}

/// The length of `address` without the punctuation of the sentence around it.
fn without_tail(address: &str) -> usize {
    let bytes = address.as_bytes();
    let count = |wanted| bytes.iter().filter(|b| **b == wanted).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let mut end = bytes.len();
    while end > 0 {
        match bytes[end - 1] {
            b'.' | b',' | b':' | b';' | b'!' | b'?' | b'*' | b'_' | b'~' | b'\'' | b'"' | b'|' => {}
            b')' if closed > opened => closed -= 1,
            _ => break,
        }
        end -= 1;
    }
    end
}
