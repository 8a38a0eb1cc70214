//! The header `Range` (RFC 9110, section 14.2).

/// What of a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// All of it.
    Whole,
    /// From one byte to another, both included.
    Part { first: u64, last: u64 },
    /// Nothing that is in it.
    Beyond,
}

impl Range {
    /// Reads the header for a file of so many bytes. One range is given; several, which a server may refuse to put
    /// together, and what makes no sense count as not asked for.
    pub(super) fn parse(text: &str, length: u64) -> Self {
        let range = text.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-'));
        let number =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap_or(u64::MAX));
        match range {
            Some(("", last)) if !last.is_empty() => match number(last) {
                None => Self::Whole,
                Some(0) => Self::Beyond,
                Some(count) => Self::within(length.saturating_sub(count), u64::MAX, length),
            },
            Some((first, "")) if !first.is_empty() => {
                number(first).map_or(Self::Whole, |first| Self::within(first, u64::MAX, length))
            }
            Some((first, last)) if !first.is_empty() => match (number(first), number(last)) {
                (Some(first), Some(last)) if first <= last => Self::within(first, last, length),
                _ => Self::Whole,
            },
            _ => Self::Whole,
        }
    }

    fn within(first: u64, last: u64, length: u64) -> Self {
        if first < length { Self::Part { first, last: last.min(length - 1) } } else { Self::Beyond }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g11_one_range_is_given_and_nothing_else() {
        let part = |first, last| Range::Part { first, last };
        for (text, range) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=4-99999999999999999999999", part(4, 9)),
            ("bytes=10-", Range::Beyond),
            ("bytes=99999999999999999999999-", Range::Beyond),
            ("bytes=-0", Range::Beyond),
            ("bytes=0-1,3-4", Range::Whole),
            ("bytes=0-,0-,0-", Range::Whole),
            ("bytes=5-2", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("bytes=+1-2", Range::Whole),
            ("lines=1-2", Range::Whole),
            ("", Range::Whole),
        ] {
            assert_eq!(Range::parse(text, 10), range, "{text}");
        }
        assert_eq!(Range::parse("bytes=0-", 0), Range::Beyond);
    }
}
