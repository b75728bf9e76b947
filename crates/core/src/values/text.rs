//! Text as typed in a Chinese office brought to one form, for comparing and for reading values.

/// The half-width form of full-width digits, letters and marks (U+FF01 to U+FF5E, U+3000), and the plain forms
/// of the dashes and quotes that input methods make of them. Other characters stay as they are; those that
/// cannot be seen (zero-width, byte order mark) are left out.
pub fn half_width(text: &str) -> String {
    text.chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' | '\u{00A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' => ' ',
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            '￥' => '¥',
            _ => c,
        })
        .collect()
}

/// The form in which texts are compared: half-width, trimmed, without spaces beside Chinese characters, other
/// runs of white space as one space. Never shown or stored in place of what was written.
pub fn normalise(text: &str) -> String {
    let half = half_width(text);
    let mut out = String::with_capacity(half.len());
    let mut gap = false;
    for c in half.chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        let between_latin = out.chars().next_back().is_some_and(|p| p.is_ascii()) && c.is_ascii();
        if gap && between_latin {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// A name as it is registered: as written, with its own brackets, without what cannot be seen and without blanks around
/// it or beside Chinese characters. Compared by [`normalise`].
pub fn as_registered(name: &str) -> String {
    let shown: Vec<char> = name.trim().chars().filter(|c| !is_invisible(*c)).collect();
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let mut out = String::with_capacity(name.len());
    for (at, &c) in shown.iter().enumerate() {
        let next = shown[at + 1..].iter().copied().find(|c| !blank(*c));
        match blank(c) {
            false => out.push(c),
            true => {
                let latin = |c: char| !is_han(c) && c.is_alphanumeric();
                if out.ends_with(latin) && next.is_some_and(latin) {
                    out.push(' ');
                }
            }
        }
    }
    out
}

/// What stands before the bracket at the end of a half-width name, which says what kind or branch a firm is.
pub fn before_bracket(name: &str) -> &str {
    let bracketed = name.strip_suffix(')').and_then(|inner| inner.rfind('('));
    bracketed.map_or(name, |at| name[..at].trim_end())
}

/// Whether a cell says that there is nothing: blank, a stroke, 无.
pub fn is_nothing(text: &str) -> bool {
    let text = normalise(text);
    text.chars().all(|c| matches!(c, '-' | '/' | '\\')) || matches!(text.as_str(), "无" | "空" | "暂无")
}

/// Whether a character is a Chinese ideograph of Unicode, with the extensions and compatibility forms that
/// GB 18030-2022 asks for, and 〇.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x2FA1F | 0x30000..=0x3347F)
}

/// Format characters that have no width.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn full_width_and_half_width_text_compare_equal() {
        assert_eq!(normalise("　０．５ 万元 "), normalise("0.5万元"));
        assert_eq!(normalise("海盐县 公安局"), "海盐县公安局");
        assert_eq!(normalise("（２０２２）ＡＢ"), "(2022)AB");
        assert_eq!(normalise("John  \n Smith"), "John Smith");
    }

    #[test]
    fn a_registered_name_keeps_its_brackets_and_loses_what_nobody_sees() {
        assert_eq!(as_registered(" 海盐某某有限责任公司（个人独资）\u{200B} "), "海盐某某有限责任公司（个人独资）");
        assert_eq!(as_registered("海盐 县  公安局"), "海盐县公安局");
        assert_eq!(as_registered("Sunny  Café Ltd"), "Sunny Café Ltd");
        assert_eq!(before_bracket("甲公司(个人独资)"), "甲公司");
        assert_eq!((before_bracket("甲公司"), before_bracket("甲)")), ("甲公司", "甲)"));
    }

    #[test]
    fn a_stroke_says_that_there_is_nothing() {
        for text in ["", "  ", "-", "——", "/", "无", "　"] {
            assert!(is_nothing(text), "{text}");
        }
        assert!(!is_nothing("0"));
        assert!(!is_nothing("吴无"));
    }

    proptest! {
        #[test]
        fn normalising_twice_is_normalising_once(text in "\\PC{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
