//! A judge of the output that shares nothing with the writer: it reads HTML more strictly than any
//! browser and accepts only what is on its own lists. What it accepts has one reading, so a browser
//! cannot take it differently.

/// A piece of HTML.
#[derive(Debug, PartialEq)]
pub enum Token {
    Open { tag: String, attributes: Vec<(String, String)> },
    Close(String),
    Text(String),
}

/// What a document amounts to.
#[derive(Default)]
pub struct Report {
    pub elements: usize,
    pub deepest: usize,
    /// The text a reader sees.
    pub text: String,
}

/// Tags and the attributes each may carry.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["class", "href", "rel", "target", "title"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("button", &["class", "type", "aria-label", "aria-pressed", "title", "data-copy-code", "data-look"]),
    ("code", &[]),
    ("del", &[]),
    ("div", &["class", "tabindex", "role", "aria-label"]),
    ("em", &[]),
    ("figure", &["class", "aria-label"]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("li", &[]),
    ("math", &["display"]),
    ("mfrac", &["displaystyle", "linethickness"]),
    ("mi", &["mathvariant"]),
    ("mmultiscripts", &[]),
    ("mn", &[]),
    (
        "mo",
        &[
            "accent",
            "form",
            "largeop",
            "lspace",
            "maxsize",
            "minsize",
            "movablelimits",
            "rspace",
            "stretchy",
            "symmetric",
        ],
    ),
    ("mover", &["accent"]),
    ("mpadded", &["depth", "height", "lspace", "voffset", "width"]),
    ("mphantom", &[]),
    ("mprescripts", &[]),
    ("mroot", &[]),
    ("mrow", &["displaystyle", "scriptlevel"]),
    ("mspace", &["depth", "height", "width"]),
    ("msqrt", &[]),
    ("mstyle", &["displaystyle", "scriptlevel"]),
    ("msub", &[]),
    ("msubsup", &[]),
    ("msup", &[]),
    ("mtable", &["class", "displaystyle", "scriptlevel"]),
    ("mtd", &["class", "columnspan"]),
    ("mtext", &[]),
    ("mtr", &[]),
    ("munder", &["accentunder"]),
    ("munderover", &["accent", "accentunder"]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &["class", "tabindex", "aria-label"]),
    ("small", &["class"]),
    ("span", &["class", "role", "aria-label", "tabindex"]),
    ("strong", &[]),
    ("svg", &["class", "aria-hidden"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("th", &["class", "scope"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
    ("use", &["href"]),
];

/// Attributes whose values come from a fixed set.
const VALUES: &[(&str, &str, &[&str])] = &[
    ("a", "class", &["img-link"]),
    ("a", "rel", &["noopener noreferrer nofollow"]),
    ("a", "target", &["_blank"]),
    ("button", "class", &["btn btn-quiet btn-sm scripted", "ib ib-sm scripted"]),
    ("button", "type", &["button"]),
    ("button", "aria-label", &["Copy code", "Wrap lines"]),
    ("button", "aria-pressed", &["false"]),
    ("button", "data-look", &["diagram", "wrap"]),
    ("button", "title", &["Copy code", "Wrap lines"]),
    ("button", "data-copy-code", &[""]),
    ("div", "class", &["acts", "code-top", "tablewrap"]),
    ("div", "role", &["region"]),
    ("div", "tabindex", &["0"]),
    ("figure", "class", &["code"]),
    ("pre", "class", &["plain"]),
    ("pre", "tabindex", &["0"]),
    ("small", "class", &["host"]),
    ("span", "class", &["c", "f", "k", "math", "n", "s", "t", "task"]),
    ("span", "tabindex", &["0"]),
    ("span", "role", &["group", "img"]),
    ("span", "aria-label", &["Done", "Formula", "Not done"]),
    ("math", "display", &["block"]),
    ("svg", "class", &["i i-s"]),
    ("svg", "aria-hidden", &["true"]),
    ("td", "class", &["c", "r"]),
    ("th", "class", &["c", "r"]),
    ("th", "scope", &["col"]),
    ("use", "href", &["/icons.svg#copy", "/icons.svg#wrap-text"]),
];

/// Where a tag must stand, so that no HTML parser moves it.
const PARENTS: &[(&str, &[&str])] = &[
    ("li", &["ol", "ul"]),
    ("table", &["div"]),
    ("thead", &["table"]),
    ("tbody", &["table"]),
    ("tr", &["thead", "tbody"]),
    ("th", &["tr"]),
    ("td", &["tr"]),
    ("use", &["svg"]),
    ("svg", &["button"]),
    ("button", &["div"]),
];

/// Judges `html`; the error says what is wrong with it.
pub fn check(html: &str) -> Result<Report, String> {
    let mut report = Report::default();
    let mut open: Vec<String> = Vec::new();
    for token in tokens(html)? {
        match token {
            Token::Open { tag, attributes } => {
                check_tag(&tag, &attributes)?;
                check_place(&tag, &open)?;
                report.elements += 1;
                if tag != "br" && tag != "hr" {
                    open.push(tag);
                    report.deepest = report.deepest.max(open.len());
                }
            }
            Token::Close(tag) => match open.pop() {
                Some(last) if last == tag => {}
                last => return Err(format!("</{tag}> closes {last:?}")),
            },
            Token::Text(text) => {
                let parent = open.last().map_or("", String::as_str);
                let holds_no_text = ["ol", "svg", "table", "tbody", "thead", "tr", "ul", "use"];
                if holds_no_text.contains(&parent) && !text.trim().is_empty() {
                    return Err(format!("text {text:?} in <{parent}>"));
                }
                check_characters(&text)?;
                report.text.push_str(&text);
            }
        }
    }
    if open.is_empty() { Ok(report) } else { Err(format!("left open: {open:?}")) }
}

fn check_tag(tag: &str, attributes: &[(String, String)]) -> Result<(), String> {
    let allowed = ALLOWED.iter().find(|(name, _)| *name == tag).ok_or_else(|| format!("tag <{tag}>"))?.1;
    let mut seen = Vec::new();
    for (name, value) in attributes {
        if !allowed.contains(&name.as_str()) || seen.contains(&name) {
            return Err(format!("attribute {name} of <{tag}>"));
        }
        seen.push(name);
        check_characters(value)?;
        if let Some((_, _, values)) = VALUES.iter().find(|(t, a, _)| *t == tag && a == name)
            && !values.contains(&value.as_str())
        {
            return Err(format!("{name}={value:?} of <{tag}>"));
        }
        if tag == "a" && name == "href" {
            check_address(value)?;
        }
        if tag.starts_with('m') && !is_measure(name, value) {
            return Err(format!("{name}={value:?} of <{tag}>"));
        }
        if name == "start" && value.parse::<u64>().is_err() {
            return Err(format!("start={value:?}"));
        }
    }
    let has = |name: &str| attributes.iter().any(|(n, _)| n == name);
    if tag == "a" && !(has("href") && has("rel") && has("target")) {
        return Err("a link without its rel or target".to_owned());
    }
    Ok(())
}

/// What an attribute of MathML may say: a word of a few, a short number of some unit, classes for lines and alignment.
fn is_measure(name: &str, value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '%');
    match name {
        "class" => value.split(' ').all(|class| ["bb", "bl", "br", "bt", "l", "pl", "pr", "r"].contains(&class)),
        _ => {
            ["block", "false", "infix", "normal", "postfix", "prefix", "true"].contains(&value)
                || number.parse().is_ok_and(|size: f64| size.abs() <= 20.0)
        }
    }
}

fn check_place(tag: &str, open: &[String]) -> Result<(), String> {
    let parent = open.last().map_or("", String::as_str);
    if let Some((_, parents)) = PARENTS.iter().find(|(name, _)| *name == tag)
        && !parents.contains(&parent)
    {
        return Err(format!("<{tag}> in <{parent}>"));
    }
    let is_open = |name: &str| open.iter().any(|tag| tag == name);
    if tag.starts_with('m') && tag != "math" && !parent.starts_with('m') {
        return Err(format!("<{tag}> outside a formula"));
    }
    if parent.starts_with('m') && !tag.starts_with('m') {
        return Err(format!("<{tag}> within a formula"));
    }
    let is_phrase = tag.starts_with('m')
        || ["a", "br", "code", "del", "em", "small", "span", "strong", "svg", "use", "button"].contains(&tag);
    if !is_phrase && ["p", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "a"].iter().any(|tag| is_open(tag)) {
        return Err(format!("<{tag}> within a paragraph or a phrase: {open:?}"));
    }
    if tag == "a" && is_open("a") {
        return Err("a link within a link".to_owned());
    }
    Ok(())
}

/// An address must be plain in every respect, because a browser's reading of odd ones is not
/// obvious.
fn check_address(address: &str) -> Result<(), String> {
    let wrong = || Err(format!("address {address:?}"));
    if let Some(rest) = address.strip_prefix("mailto:") {
        return if rest.contains('@') { Ok(()) } else { wrong() };
    }
    let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) else {
        return wrong();
    };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or("");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._:[]".contains(c);
    if authority.is_empty() || authority.starts_with(':') || !authority.chars().all(plain) {
        return wrong();
    }
    Ok(())
}

fn check_characters(text: &str) -> Result<(), String> {
    let hidden = |c: &char| {
        (c.is_control() && *c != '\n' && *c != '\t')
            || ('\u{202a}'..='\u{202e}').contains(c)
            || ('\u{2066}'..='\u{2069}').contains(c)
    };
    match text.chars().find(hidden) {
        Some(c) => Err(format!("hidden character {c:?}")),
        None => Ok(()),
    }
}

/// Splits `html` into tokens, refusing every liberty HTML offers: unquoted values, upper case,
/// comments, stray `<`.
pub fn tokens(html: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let Some(markup) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            tokens.push(Token::Text(decode(&rest[..end])?));
            rest = &rest[end..];
            continue;
        };
        let end = markup.find(['<', '>']).filter(|end| markup[*end..].starts_with('>'));
        let Some(end) = end else { return Err(format!("a stray < before {:?}", start_of(markup))) };
        let inside = &markup[..end];
        tokens.push(match inside.strip_prefix('/') {
            Some(tag) => Token::Close(name(tag)?.to_owned()),
            None => open_tag(inside)?,
        });
        rest = &markup[end + 1..];
    }
    Ok(tokens)
}

fn open_tag(inside: &str) -> Result<Token, String> {
    let (tag, mut rest) = inside.split_at(inside.find(' ').unwrap_or(inside.len()));
    let mut attributes = Vec::new();
    while let Some(attribute) = rest.strip_prefix(' ') {
        let end = attribute.find([' ', '=']).unwrap_or(attribute.len());
        let key = name(&attribute[..end])?.to_owned();
        rest = &attribute[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix('=') {
            let quoted = quoted.strip_prefix('"').ok_or_else(|| format!("unquoted value of {key}"))?;
            let end = quoted.find('"').ok_or_else(|| format!("open value of {key}"))?;
            value = decode(&quoted[..end])?;
            rest = &quoted[end + 1..];
        }
        attributes.push((key, value));
    }
    if rest.is_empty() {
        Ok(Token::Open { tag: name(tag)?.to_owned(), attributes })
    } else {
        Err(format!("odd tag {inside:?}"))
    }
}

fn name(text: &str) -> Result<&str, String> {
    let good = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if good { Ok(text) } else { Err(format!("odd name {text:?}")) }
}

/// Decodes the five entities the writer may use; any other `&`, and any bare quote or bracket, is
/// an error.
fn decode(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let entities = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')];
        if let Some((entity, c)) = entities.iter().find(|(entity, _)| rest.starts_with(entity)) {
            out.push(*c);
            rest = &rest[entity.len()..];
        } else if "&<>\"'".contains(c) {
            return Err(format!("bare {c} before {:?}", start_of(rest)));
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(out)
}

fn start_of(text: &str) -> String {
    text.chars().take(40).collect()
}

#[test]
fn judges_strictly() {
    let good = "<p>a &amp; <a href=\"https://a.b/\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">b</a></p>";
    check(good).expect("good HTML passes");
    let bad = [
        "<script>x</script>",
        "<img src=\"https://a.b\">",
        "<p onclick=\"x\">a</p>",
        "<p>a",
        "a</p>",
        "<em><strong>a</em></strong>",
        "<p>a < b</p>",
        "<p>a > b</p>",
        "<p>a & b</p>",
        "<p title=x>a</p>",
        "<P>a</P>",
        "<p/>",
        "<!-- a -->",
        "<a href=\"https://a.b/\">b</a>",
        &good.replace("https://a.b/", "javascript:x"),
        &good.replace("https://a.b/", "JavaScript:x"),
        &good.replace("https://a.b/", "//a.b"),
        &good.replace("https://a.b/", "/a"),
        &good.replace("https://a.b/", "data:text/html,x"),
        &good.replace("https://a.b/", "https://a@b.c/"),
        &good.replace("https://a.b/", "https:///a"),
        &good.replace(" target=\"_blank\"", ""),
        &good.replace("noopener ", ""),
        "<ul>a</ul>",
        "<tr><td>a</td></tr>",
        "<p><p>a</p></p>",
        "<span class=\"dialog\">a</span>",
        "<svg class=\"i i-s\" aria-hidden=\"true\"><use href=\"https://a.b/#c\"></use></svg>",
        "<p>a\u{202e}b</p>",
        "<p>a\0b</p>",
    ];
    for html in bad {
        assert!(check(html).is_err(), "passed: {html}");
    }
}
