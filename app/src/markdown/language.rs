//! The languages of code blocks: the names people write after a fence, the name shown, and how to
//! highlight.

use super::escape::cut;

/// What the highlighter needs to know about a language.
pub(super) struct Syntax {
    pub shape: Shape,
    /// Separated by spaces; in lower case where `any_case` is set.
    pub keywords: &'static str,
    /// Keywords count in upper and lower case, as in SQL.
    pub any_case: bool,
    /// What starts a comment that ends with the line. A `#` only counts after a space.
    pub line_comment: &'static [&'static str],
    pub block_comment: Option<(&'static str, &'static str)>,
    /// Quotes of strings that end with their line at the latest.
    pub quotes: &'static str,
    /// Quotes of strings that may span lines.
    pub long_quotes: &'static [&'static str],
    /// Names with a capital are types.
    pub types: bool,
}

/// The few kinds of text that need rules of their own.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// Words, calls, strings.
    Program,
    /// As a program; an apostrophe may also begin a lifetime, and `!` follows the name of a macro.
    Rust,
    /// Keys before `:` or `=`.
    Data,
    /// As data; names may contain `-`, and `#` and `@` begin words.
    Css,
    /// Tags.
    Markup,
}

const PROGRAM: Syntax = Syntax {
    shape: Shape::Program,
    keywords: "",
    any_case: false,
    line_comment: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: "\"'",
    long_quotes: &[],
    types: true,
};

static RUST: Syntax = Syntax {
    shape: Shape::Rust,
    keywords: "as async await break const continue crate dyn else enum extern false fn for if impl \
               in let loop match mod move mut pub ref return self Self static struct super trait \
               true type unsafe use where while",
    quotes: "'",
    long_quotes: &["\""],
    ..PROGRAM
};
static SCRIPT: Syntax = Syntax {
    keywords: "abstract any as async await boolean break case catch class const continue debugger \
               default delete do else enum export extends false finally for from function if \
               implements import in instanceof interface keyof let namespace never new null number \
               of private protected public readonly return satisfies static string super switch \
               this throw true try type typeof undefined unknown var void while with yield",
    long_quotes: &["`"],
    ..PROGRAM
};
static PYTHON: Syntax = Syntax {
    keywords: "False None True and as assert async await break case class continue def del elif \
               else except finally for from global if import in is lambda match nonlocal not or \
               pass raise return self try while with yield",
    line_comment: &["#"],
    block_comment: None,
    long_quotes: &["\"\"\"", "'''"],
    ..PROGRAM
};
static GO: Syntax = Syntax {
    keywords: "any bool break byte case chan const continue default defer else error fallthrough \
               false float64 for func go goto if import int int64 interface map nil package range \
               return rune select string struct switch true type var",
    long_quotes: &["`"],
    ..PROGRAM
};
/// Java, C, C++, C#, and those close enough to share their words.
static C_FAMILY: Syntax = Syntax {
    keywords: "abstract as async auto await base bool boolean break byte case catch char class \
               const constexpr continue decimal default delete do double else enum export extends \
               extern false final finally float fn for foreach fun func function guard if \
               implements import in inline int interface internal is let long mutable namespace new \
               nil noexcept null nullptr operator out override package private protected public \
               readonly ref return sealed short signed sizeof static string struct super switch \
               template this throw throws true try typedef typename union unsigned using val var \
               virtual void volatile when where while yield",
    ..PROGRAM
};
static SQL: Syntax = Syntax {
    keywords: "add all alter and as asc begin between by case cast check column commit constraint \
               create cross current_timestamp database default delete desc distinct drop else end \
               except exists explain false foreign from full group having if in index inner insert \
               intersect into is join key left like limit not null offset on or order outer over \
               partition pragma primary references returning right rollback select set table then \
               transaction trigger true union unique update using values view when where with",
    any_case: true,
    line_comment: &["--"],
    types: false,
    ..PROGRAM
};
static SHELL: Syntax = Syntax {
    keywords: "case cd do done echo elif else esac exit export fi for function if in local read \
               return select set shift source sudo then trap unset until while",
    line_comment: &["#"],
    block_comment: None,
    quotes: "",
    long_quotes: &["\"", "'"],
    types: false,
    ..PROGRAM
};
static JSON: Syntax = Syntax { shape: Shape::Data, keywords: "true false null", quotes: "\"", types: false, ..PROGRAM };
static YAML: Syntax = Syntax {
    shape: Shape::Data,
    keywords: "true false null yes no on off",
    line_comment: &["#"],
    block_comment: None,
    long_quotes: &["\"\"\"", "'''"],
    types: false,
    ..PROGRAM
};
static CSS: Syntax = Syntax { shape: Shape::Css, line_comment: &[], types: false, ..PROGRAM };
static MARKUP: Syntax =
    Syntax { shape: Shape::Markup, block_comment: Some(("<!--", "-->")), line_comment: &[], ..PROGRAM };

type Row = (&'static str, &'static str, Option<&'static Syntax>);

/// The name shown, the names written after a fence, the syntax.
static LANGUAGES: &[Row] = &[
    ("Rust", "rust rs", Some(&RUST)),
    ("TypeScript", "typescript ts mts cts", Some(&SCRIPT)),
    ("JavaScript", "javascript js mjs cjs node", Some(&SCRIPT)),
    ("TSX", "tsx", Some(&SCRIPT)),
    ("JSX", "jsx", Some(&SCRIPT)),
    ("Python", "python py python3 py3", Some(&PYTHON)),
    ("Go", "go golang", Some(&GO)),
    ("Java", "java", Some(&C_FAMILY)),
    ("C", "c h", Some(&C_FAMILY)),
    ("C++", "cpp c++ cc cxx hpp", Some(&C_FAMILY)),
    ("C#", "csharp cs c#", Some(&C_FAMILY)),
    ("Kotlin", "kotlin kt", Some(&C_FAMILY)),
    ("Swift", "swift", Some(&C_FAMILY)),
    ("Dart", "dart", Some(&C_FAMILY)),
    ("PHP", "php", Some(&C_FAMILY)),
    ("SQL", "sql sqlite mysql postgres postgresql psql plsql tsql", Some(&SQL)),
    ("Shell", "shell sh bash zsh fish console terminal shellsession", Some(&SHELL)),
    ("Dockerfile", "dockerfile docker", Some(&SHELL)),
    ("JSON", "json jsonc json5 jsonl", Some(&JSON)),
    ("YAML", "yaml yml", Some(&YAML)),
    ("TOML", "toml", Some(&YAML)),
    ("INI", "ini conf env dotenv properties", Some(&YAML)),
    ("HTML", "html htm xhtml", Some(&MARKUP)),
    ("XML", "xml", Some(&MARKUP)),
    ("SVG", "svg", Some(&MARKUP)),
    ("Vue", "vue", Some(&MARKUP)),
    ("Svelte", "svelte", Some(&MARKUP)),
    ("CSS", "css", Some(&CSS)),
    ("SCSS", "scss sass", Some(&CSS)),
    ("Less", "less", Some(&CSS)),
    ("Ruby", "ruby rb", None),
    ("Elixir", "elixir ex exs", None),
    ("Haskell", "haskell hs", None),
    ("Lua", "lua", None),
    ("Perl", "perl pl", None),
    ("R", "r", None),
    ("Zig", "zig", None),
    ("Objective-C", "objectivec objc", None),
    ("PowerShell", "powershell ps1 pwsh", None),
    ("Makefile", "makefile make", None),
    ("Terraform", "terraform tf hcl", None),
    ("GraphQL", "graphql gql", None),
    ("Protobuf", "protobuf proto", None),
    ("LaTeX", "latex tex", None),
    ("Markdown", "markdown md", None),
    ("Nginx", "nginx", None),
    ("Diff", "diff patch", None),
    (DIAGRAM, "mermaid", None),
    ("CSV", "csv", None),
    ("Text", "text txt plaintext plain", None),
];

/// The name of code that is the source of a diagram.
pub(super) const DIAGRAM: &str = "Mermaid";

/// The name of code in no stated language.
pub(super) const UNNAMED: &str = "Code";

/// What a fence's info string says: the name to show (not yet escaped) and the syntax, when one is
/// known. Only the first word counts; "rust,no_run" and "js {1,3}" name Rust and JavaScript.
pub(super) fn find(info: &str) -> (String, Option<&'static Syntax>) {
    const LONGEST_NAME: usize = 30;
    let ends = |c: char| c.is_whitespace() || c == ',' || c == '{';
    let word = info.trim_start().split(ends).next().unwrap_or("");
    if word.is_empty() {
        return (UNNAMED.to_owned(), None);
    }
    let known = LANGUAGES.iter().find(|(_, names, _)| names.split(' ').any(|name| name.eq_ignore_ascii_case(word)));
    match known {
        Some((name, _, syntax)) => ((*name).to_owned(), *syntax),
        None => (cut(word, LONGEST_NAME), None),
    }
}
