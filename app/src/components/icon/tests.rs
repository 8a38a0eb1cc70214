use std::collections::BTreeSet;

use super::IconName;

const SPRITES: [(&str, &str); 2] = [
    ("/icons.svg#", include_str!("../../../../public/icons.svg")),
    ("/icons-plain.svg#", include_str!("../../../../public/icons-plain.svg")),
];

#[test]
fn the_sprites_hold_exactly_the_icons_that_pages_may_name() {
    for (address, sprite) in SPRITES {
        let drawn: BTreeSet<_> =
            sprite.split("<symbol id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let named: BTreeSet<_> = IconName::ALL.iter().filter_map(|icon| icon.href().strip_prefix(address)).collect();
        assert_eq!(drawn, named, "{address}");
    }
}
