use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn sheets_come_in_the_order_of_main() {
    let sheets = [
        ("main.scss", "@layer a, b;\n@import \"z.css\";\n@use 'parts/a';\n"),
        ("plain.scss", "@use \"y\";"),
        ("y.scss", "y{}"),
        ("z.css", "z{}"),
        ("parts/a.css", "a{}"),
    ];
    let expected = Sheets { main: "@layer a,b;z{}a{}".into(), plain: "y{}".into() };
    assert_eq!(read(folder(&sheets).path()).unwrap(), expected);
}

#[test]
fn a_missing_sheet_and_a_forgotten_one_are_faults() {
    let missing = folder(&[("main.scss", "@import \"z.css\";")]);
    assert!(read(missing.path()).unwrap_err().to_string().contains("z.css"));
    let forgotten = folder(&[("main.scss", ""), ("plain.scss", ""), ("z.css", "z{}")]);
    assert!(read(forgotten.path()).unwrap_err().to_string().contains("z.css"));
    assert!(read(folder(&[]).path()).unwrap_err().to_string().contains("main.scss"));
}

#[test]
fn an_import_is_a_plain_name() {
    assert_eq!(imported("  @import \"a.css\";").unwrap(), Some("a.css"));
    assert_eq!(imported("a { color: red }").unwrap(), None);
    for line in ["@use \"a\" as b;", "@import url(\"a.css\");", "@import \"a.css\" layer(b);", "@import \"a.css\""] {
        assert!(imported(line).is_err(), "{line}");
    }
}

#[test]
fn files_in_a_sheet_get_their_new_address() {
    let mut asked = Vec::new();
    let css = "@font-face{src:url(\"fonts/a.woff2\") format(\"woff2\"),url(b.woff2)}\
               a{b:url(#c);d:url(\"data:x,)\");e:url('/f')}";
    let out = with_files(css, |name| {
        asked.push(name.to_owned());
        Ok(format!("/pkg/{}", name.len()))
    });
    assert_eq!(asked, ["fonts/a.woff2", "b.woff2"]);
    assert_eq!(
        out.unwrap(),
        "@font-face{src:url(\"/pkg/13\") format(\"woff2\"),url(\"/pkg/7\")}a{b:url(#c);d:url(\"data:x,)\");e:url('/f')}"
    );
}
