use super::*;

fn small(css: &str) -> String {
    minify(css).unwrap()
}

#[test]
fn layout_and_comments_go_values_stay() {
    let css = "
/* head */
:root {
  --paper: light-dark(oklch(0.994 0.0015 95), oklch(0.192 0.003 95)); /* reading */
  width: calc(100vw - 2rem) ;
}

a , b > c { color : red ; }
";
    assert_eq!(
        small(css),
        ":root{--paper:light-dark(oklch(0.994 0.0015 95),oklch(0.192 0.003 95));width:calc(100vw - 2rem)}a,b > c{color :red}"
    );
}

#[test]
fn what_carries_meaning_is_kept() {
    for css in [
        "a :hover{x:y}",
        "a:not(.b) .c{x:y}",
        "@media (40rem <= width < 60rem) and (hover:hover){a{x:y}}",
        ".a{&:hover{x:y}& > b{x:y}.c &{x:y}}",
        "@supports (color:oklch(from red l c h / 50%)){a{x:y !important}}",
        "@layer tokens,base;",
        "a{width:calc(1px + -2px);font:1rem/1.5 \"A  B\"}",
    ] {
        assert_eq!(small(css), css);
    }
}

#[test]
fn strings_and_addresses_are_opaque() {
    for css in [
        r#"a{content:"/* {  } ; */"}"#,
        r#"a{content:"\"  //"}"#,
        "a{b:url(data:image/svg+xml;utf8,<svg  a=b>//x/*)}",
        r#"a{b:url("http://x/  y")}"#,
    ] {
        assert_eq!(small(css), css);
    }
}

#[test]
fn a_comment_separates_as_white_space_does() {
    assert_eq!(small("a/**/b{x:1px/* */2px}"), "a b{x:1px 2px}");
    assert_eq!(small("a{} /* never closed"), "a{}");
    assert_eq!(small("// it's a {\na{} // b\nc{} // end"), "a{}c{}");
}

#[test]
fn what_only_sass_understands_is_refused() {
    for css in ["a{@include b;}", "@mixin b{}", "@use 'x';", "$a: 1px;", "a{b:$c}", ".a{&-b{c:d}}", ".a-#{b}{}"] {
        assert!(minify(css).unwrap_err().to_string().contains("Sass"), "{css}");
    }
    assert_eq!(small("a[href$='.x']{b:c}"), "a[href$='.x']{b:c}");
}
