//! MathML, made anew of what may be in it.

use super::push_text;

/// Elements of MathML Core, by what each may carry.
const ELEMENTS: &[(&str, &[&str])] = &[
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
    ("mtable", &["displaystyle", "scriptlevel"]),
    ("mtd", &["columnspan"]),
    ("mtext", &[]),
    ("mtr", &[]),
    ("munder", &["accentunder"]),
    ("munderover", &["accent", "accentunder"]),
];

/// What else an attribute may say than a number of some unit.
const WORDS: &[&str] = &["block", "false", "infix", "normal", "postfix", "prefix", "true"];
/// No formula moves its parts further than this, in any unit.
const FURTHEST: f32 = 20.0;
/// Elements within each other.
const DEEPEST: usize = 64;

/// The same MathML without anything that is not on the list of attributes; none when it has an element that is not on the
/// list, a size beyond all measure, or is no MathML.
pub(super) fn rebuilt(mathml: &str) -> Option<String> {
    let mut out = String::with_capacity(mathml.len());
    let mut open: Vec<&'static str> = Vec::new();
    let mut rest = mathml;
    while !rest.is_empty() {
        let Some(markup) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            push_text(&mut out, &decoded(text));
            rest = after;
            continue;
        };
        let (tag, after) = markup.split_once('>')?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            let known = open.pop().filter(|last| *last == name)?;
            push_close(&mut out, known);
            continue;
        }
        let (tag, is_whole) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag.trim_end(), true));
        let name = push_open(&mut out, tag)?;
        if is_whole {
            push_close(&mut out, name)
        } else {
            open.push(name)
        }
        if open.len() > DEEPEST || open.first() != Some(&"math") {
            return None;
        }
    }
    open.is_empty().then_some(out)
}

fn push_close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn push_open(out: &mut String, tag: &str) -> Option<&'static str> {
    let (name, mut rest) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
    let (name, allowed) = ELEMENTS.iter().find(|(known, _)| *known == name)?;
    out.push('<');
    out.push_str(name);
    while let Some((key, after)) = rest.trim_start().split_once("=\"") {
        let (value, after) = after.split_once('"')?;
        rest = after;
        if let Some(key) = allowed.iter().find(|known| **known == key) {
            push_attribute(out, key, value)?;
        } else if key == "style" {
            push_class(out, value);
        }
    }
    out.push('>');
    rest.trim().is_empty().then_some(*name)
}

fn push_attribute(out: &mut String, key: &str, value: &str) -> Option<()> {
    let number = value.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '%');
    let is_size = || number.parse().is_ok_and(|size: f32| size.abs() <= FURTHEST) && value.len() < 20;
    if !WORDS.contains(&value) && !is_size() {
        return None;
    }
    out.push(' ');
    out.push_str(key);
    out.push_str("=\"");
    out.push_str(value);
    out.push('"');
    Some(())
}

/// The styles of tables and their cells as classes, because the page's policy knows no others.
fn push_class(out: &mut String, style: &str) {
    const CLASSES: &[(&str, &str)] = &[
        ("text-align: left", "l"),
        ("text-align: right", "r"),
        ("border-top", "bt"),
        ("border-bottom", "bb"),
        ("border-left", "bl"),
        ("border-right", "br"),
        ("padding-left: 0", "pl"),
        ("padding-right: 0", "pr"),
    ];
    let classes: Vec<&str> = CLASSES.iter().filter(|(part, _)| style.contains(part)).map(|(_, class)| *class).collect();
    if !classes.is_empty() {
        out.push_str(" class=\"");
        out.push_str(&classes.join(" "));
        out.push('"');
    }
}

/// The crate writes these four.
fn decoded(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
