use super::*;

/// The formulas of a text: what stands by itself in double angles, what is open with an ellipsis.
fn found(source: &str) -> Vec<String> {
    let formulas = Formulas::find(source);
    assert_eq!(formulas.written(&formulas.text), source, "nothing is lost");
    let shown = |formula: &Formula<'_>| match (formula.open, formula.display) {
        (true, _) => format!("{}…", formula.tex),
        (_, true) => format!("«{}»", formula.tex),
        _ => formula.tex.clone().into_owned(),
    };
    formulas.list.iter().map(shown).collect()
}

#[test]
fn formulas_are_found_in_all_four_writings() {
    let table: &[(&str, &[&str])] = &[
        ("a $x^2$ b", &["x^2"]),
        ("$x$, ($y$) **$z$**: $w$.", &["x", "y", "z", "w"]),
        (r"a \(x\) b \[y\] c", &["x", "«y»"]),
        ("$$x$$", &["«x»"]),
        ("a $$x$$ b", &["«x»"]),
        ("$$\nx\n= y\n- z\n$$\nb", &["«\nx\n= y\n- z\n»"]),
        ("\\[\na \\\\[4pt] b\n\\]", &["«\na \\\\[4pt] b\n»"]),
        ("so: $$\nx\n$$ and $y$", &["«\nx\n»", "y"]),
        ("1. a\n   $$\n   x\n   $$\n2. $y$", &["«\n   x\n   »", "y"]),
        ("> $$\n> x\n> > y\n> $$", &["«\n x\n > y\n »"]),
        ("| $P(A|B)$ | \\(|x|\\) |", &["P(A|B)", "|x|"]),
        (r"$a \$ b$", &[r"a \$ b"]),
        (r"\\(x\\)", &[]),
        (r"\$x$ y$", &[]),
        ("été $é$ 漢 $漢$ 字", &["é", "漢"]),
    ];
    for (source, expected) in table {
        assert_eq!(found(source), *expected, "{source:?}");
    }
}

#[test]
fn money_shell_and_code_are_no_formulas() {
    let none = [
        "$5 and $10",
        "$5-$10, $5/$6, ($5) or ($6), **$5** and **$10**",
        "between $5 and 10$ a month",
        "$20/month, or less than A$",
        "US$5 and US$6, 5$ and 6$, C$5, $1,000.50 and $2",
        "$HOME and $PATH, $HOME:$PATH, $1 $2",
        "`$x$` ``a`$y$`` ~~~",
        "```\n$x$\n$$\ny\n$$\n```",
        "~~~\n$$\n~~~\n",
        "> ```\n> $x$\n",
        "- ```sh\n  echo $a$\n",
        r"\[1\] and \[x\](y) and \( \)",
        "https://a.example/$x$ a#$x$",
        "$$ and $$$ and $$$$",
        "$ x $ and $ y$ and $z $",
        "a $$\nb\n\nc $$\n\n$$",
        "\u{fdd0}0\u{fdd1} $x$",
    ];
    for source in none {
        let found: Vec<String> = found(source).into_iter().filter(|formula| !formula.ends_with('…')).collect();
        assert_eq!(found, [""; 0], "{source:?}");
    }
    assert_eq!(found("$5x + 3$ and $10$ and $2\\sin x$ and $5 = x$"), ["5x + 3", "10", "2\\sin x", "5 = x"]);
}

#[test]
fn a_formula_is_open_until_its_end_or_an_empty_line() {
    assert_eq!(found("a\n\n$$\nx\n- y"), ["\nx\n- y…"]);
    assert_eq!(found("a\n\n$$\nx\n- y\n"), ["\nx\n- y\n…"]);
    assert_eq!(found("\\["), ["…"]);
    assert_eq!(found("$$\nx\n\ny"), [""; 0]);
    assert_eq!(found("> $$\n> x\n>\n> y"), [""; 0]);
    assert_eq!(found("\\[\nx\n\n\\[\ny\n\\]"), ["«\ny\n»"]);
}
