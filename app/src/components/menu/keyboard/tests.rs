use super::Typed;

fn words() -> Vec<String> {
    ["Settings", "Keyboard shortcuts", "Share…", "Sign out"].map(String::from).to_vec()
}

#[test]
fn one_letter_goes_round_the_items_that_begin_with_it() {
    let (mut typed, words) = (Typed::default(), words());
    assert_eq!(typed.find("s", 0.0, &words, Some(0)), Some(2));
    assert_eq!(typed.find("s", 100.0, &words, Some(2)), Some(3));
    assert_eq!(typed.find("S", 200.0, &words, Some(3)), Some(0));
}

#[test]
fn letters_in_a_row_make_a_word_and_a_pause_ends_it() {
    let (mut typed, words) = (Typed::default(), words());
    assert_eq!(typed.find("s", 0.0, &words, None), Some(0));
    assert_eq!(typed.find("i", 300.0, &words, Some(0)), Some(3));
    assert_eq!(typed.find("k", 1500.0, &words, Some(3)), Some(1));
    assert_eq!(typed.find("x", 3000.0, &words, Some(1)), None);
}

#[test]
fn an_item_stays_chosen_while_its_word_grows() {
    let (mut typed, words) = (Typed::default(), words());
    assert_eq!(typed.find("s", 0.0, &words, Some(1)), Some(2));
    assert_eq!(typed.find("h", 100.0, &words, Some(2)), Some(2));
}

#[test]
fn an_empty_menu_has_nothing_to_find() {
    assert_eq!(Typed::default().find("s", 0.0, &[], None), None);
}
