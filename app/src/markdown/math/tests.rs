use super::*;
use crate::markdown::tests::checker::check;
use proptest::prelude::*;
use std::thread;

/// The MathML of a formula without the element around it, looked at by the judge of all output.
fn inner(tex: &str) -> Option<String> {
    let mathml = mathml(tex, true)?;
    check(&mathml).unwrap_or_else(|fault| panic!("{fault}\nin {mathml:.2000}\nfrom {tex:.2000}"));
    let inner = mathml.strip_prefix("<math display=\"block\">").and_then(|rest| rest.strip_suffix("</math>"));
    Some(inner.unwrap_or_else(|| panic!("{mathml}")).to_owned())
}

#[test]
fn formulas_become_mathml() {
    let table = [
        ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"a\,b", "<mi>a</mi><mspace width=\"0.16666667em\"></mspace><mi>b</mi>"),
        (r"\text{a < b \&c}", "<mtext>a\u{a0}&lt;\u{a0}b\u{a0}&amp;c</mtext>"),
        (r"\textcolor{red}{x}", "<mi>x</mi>"),
        (
            r"\begin{align} a &= b \end{align}",
            "<mtable displaystyle=\"true\" scriptlevel=\"0\"><mtr><mtd class=\"r pr\"><mi>a</mi></mtd>\
             <mtd class=\"l pl\"><mo>=</mo><mi>b</mi></mtd></mtr></mtable>",
        ),
        (
            r"\boxed{42}",
            "<mtable class=\"bt bl\" displaystyle=\"false\" scriptlevel=\"0\"><mtr><mtd class=\"br\">\
             <mn>42</mn></mtd></mtr><mtr><mtd class=\"bt br\"></mtd></mtr></mtable>",
        ),
    ];
    for (tex, expected) in table {
        assert_eq!(inner(tex).as_deref(), Some(expected), "{tex}");
    }
    assert_eq!(mathml("x", false).as_deref(), Some("<math><mi>x</mi></math>"));
}

#[test]
fn what_answers_are_full_of_is_understood() {
    let formulas = [
        r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
        r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}",
        r"\lim_{x \to 0} \frac{\sin x}{x} = 1",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\begin{cases} x & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}",
        r"\left( \frac{a}{b} \right)^2 \quad \bigl[ x \bigr]",
        r"\mathbb{R}^n \to \mathcal{L}(\mathbf{x})",
        r"\vec{F} = m\vec{a}, \hat{H}\psi = E\psi, \dot{x}, \overline{ab}",
        r"\nabla \times \mathbf{E} = -\frac{\partial \mathbf{B}}{\partial t}",
        r"P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}",
        r"\binom{n}{k} = \dfrac{n!}{k!(n-k)!}",
        r"x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        r"\underbrace{a+b}_{c} \overset{!}{=} \operatorname{rank}(A)",
        r"\begin{array}{cc|c} 1 & 2 & 3 \\ \hline 4 & 5 & 6 \end{array}",
        r"\sqrt[3]{x} \approx 1{,}5 \cdot 10^{-3}\,\mathrm{m}",
        r"\forall \epsilon > 0\ \exists \delta : |x| < \delta \implies |f(x)| < \epsilon",
        r"A^\top B^{-1} \lVert x \rVert_2 \langle u, v \rangle",
        r"\begin{align*} a &= b \\ &\leq c \end{align*}",
    ];
    for tex in formulas {
        assert!(inner(tex).is_some(), "{tex}");
    }
}

#[test]
fn e08_commands_that_reach_out_of_a_formula_are_none() {
    let hostile = [
        r"\href{javascript:alert(1)}{x}",
        r"\url{https://evil.example}",
        r"\includegraphics{https://evil.example/x.png}",
        r"\includegraphics[height=1em]{x}",
        r"\htmlClass{dialog}{x}",
        r"\htmlId{message}{x}",
        r"\htmlStyle{position:fixed}{x}",
        r"\htmlData{copy-code=1}{x}",
        r"\class{x}{y}",
        r"\cssId{x}{y}",
        r"\style{x}{y}",
        r"\require{html}",
        r"\unicode{x3c}",
        r"\def\a{\a\a}\a",
        r"\newcommand{\a}{\a\a}\a",
        r"\let\a=\b \a",
        r"\input{/etc/passwd}",
        r"\write18{id}",
        r"\catcode`\@=11",
        r"\hspace{9999em}",
        r"\rule{9999em}{9999em}",
        r"\raisebox{9999em}{x}",
        r"\ref{a}",
        r"\eqref{a}",
    ];
    for tex in hostile {
        assert_eq!(inner(tex), None, "{tex}");
        assert_eq!(inner(&format!(r"a \frac{{{tex}}}{{b}}")), None, "{tex}");
    }
    for tex in
        ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</math><script>", r"\text{</mtext><script>x}"]
    {
        assert!(!inner(tex).unwrap_or_default().contains("<script"), "{tex}");
    }
    assert_eq!(inner("x\u{202e}y\u{200b}z").map(|html| html.contains(['\u{202e}', '\u{200b}'])), Some(false));
}

/// The room a browser gives to WebAssembly is larger than this.
const SMALL_STACK: usize = 512 * 1024;

fn on_a_small_stack(judge: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(SMALL_STACK).spawn(judge).expect("a thread starts").join().expect("it ends well");
}

#[test]
fn h04_formulas_made_to_go_deep_or_long_are_shown_as_they_are() {
    on_a_small_stack(|| {
        let (groups, rest): (&[_], &[_]) = (
            &[
                ("{", "}"),
                (r"\sqrt{", "}"),
                (r"\frac{", "}{b}"),
                ("x^{", "}"),
                (r"\left(", r"\right)"),
                (r"\begin{matrix}", r"\end{matrix}"),
                (r"\begin{matrix}a&", r"\end{matrix}"),
                (r"\text{", "}"),
                (r"\mathbf{", "}"),
                (r"\sqrt[a", "]{b}"),
                (r"\hat{a\hat\hat\hat{b", "}}"),
            ],
            &[
                r"\hat",
                r"\frac",
                r"\sqrt",
                "x^x_",
                "'",
                "&",
                r"\\",
                "1",
                "a",
                r"\alpha",
                r"\not",
                r"\color{red}",
                r"\displaystyle ",
                r"\overset{a}",
                r"\big",
                r"\bf ",
                r"{a \over ",
                r"\sqrt[",
                r"\limits",
                "a_",
                "^",
                r"\left(",
                r"\middle|",
                r"\begin{matrix}",
                r"\end{matrix}",
                r"\right)",
                r"\boxed",
                "%",
                "\n",
                "é",
                r"\quad",
                r"\operatorname",
                r"\text",
                r"\color{red}a",
                r"\sideset",
                r"\prescript{a}{b}",
                r"\hspace{1em}",
            ],
        );
        let pairs = groups.iter().copied().chain(rest.iter().map(|seed| (*seed, "")));
        for (open, close) in pairs {
            for many in [5, 20, 35, 45, 100, 1_000, 10_000] {
                let tex = format!("{}x{}", open.repeat(many), close.repeat(many));
                let made = inner(&tex);
                assert!(made.is_none() || tex.len() <= LONGEST, "{open} {many}");
                assert!(made.unwrap_or_default().len() <= 60 * tex.len() + 1_000, "{open} {many}");
            }
        }
        let wide = format!(r"\begin{{matrix}}{}\end{{matrix}}", "a&b\\\\".repeat(1_500));
        assert!(inner(&wide).is_some());
        assert_eq!(inner(&"x".repeat(5_000_000)), None);
    });
}

/// TeX from its own vocabulary, in any order.
fn soup() -> impl Strategy<Value = String> {
    let words = vec![
        "a",
        "1",
        " ",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "^",
        "_",
        "'",
        "&",
        r"\\",
        "%",
        "#1",
        "~",
        "$",
        "\"",
        "<",
        ">",
        "|",
        "/",
        "\n",
        "é",
        "漢",
        "\u{301}",
        "\u{202e}",
        r"\frac",
        r"\sqrt",
        r"\hat",
        r"\vec",
        r"\left",
        r"\right",
        r"\middle",
        r"\big",
        r"\begin{matrix}",
        r"\end{matrix}",
        r"\begin{array}{c|c}",
        r"\end{array}",
        r"\begin{cases}",
        r"\end{cases}",
        r"\begin{align}",
        r"\end{align}",
        r"\hline",
        r"\text{",
        r"\mathrm",
        r"\mathbb",
        r"\boxed",
        r"\textcolor{red}",
        r"\color{blue}",
        r"\sum",
        r"\limits",
        r"\int",
        r"\overset",
        r"\underbrace",
        r"\not",
        r"\operatorname",
        r"\binom",
        r"\hspace{1em}",
        r"\kern",
        r"\rule",
        r"\over",
        r"\displaystyle",
        r"\tag{1}",
        r"\label{a}",
        r"\substack",
        r"\phantom",
        r"\mathop",
        r"\pmod",
        r"\xrightarrow",
        r"\cancel",
        r"\color",
        "1em",
        r"\{",
        r"\}",
        r"\|",
        r"\,",
        r"\ ",
        "\\",
        r"\prescript",
        r"\sideset",
        r"\genfrac",
        r"\mathchoice",
        r"\textsc",
        r"\hdashline",
        r"\cr",
        r"\ce",
        r"\dots",
        r"\href",
    ];
    prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(2000)))]

    #[test]
    fn e02_any_formula_stays_within_the_list(tex in soup()) {
        inner(&tex);
    }

    #[test]
    fn e02_any_text_as_a_formula_stays_within_the_list(tex in any::<String>()) {
        inner(&tex);
    }
}
