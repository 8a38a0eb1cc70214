use std::collections::BTreeSet;

use super::IconName;

const SPRITE: &str = include_str!("../../../../public/icons.svg");

#[test]
fn the_sprite_holds_exactly_the_icons_that_pages_may_name() {
    let drawn: BTreeSet<_> = SPRITE.split("<symbol id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let named: BTreeSet<_> = IconName::ALL.iter().filter_map(|icon| icon.href().strip_prefix("/icons.svg#")).collect();
    assert_eq!(drawn, named);
}
