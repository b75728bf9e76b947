//! Which files are taken, by their first bytes and not by their names, and what is said of one that is not.

use crate::text::{Lang, fill};

/// The kinds of files that are taken, as a form names them.
pub const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png";

/// The media type of a file; `None` for a kind that is not taken.
pub fn media(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => Some("application/pdf"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        _ => None,
    }
}

/// Why a file of this name is not taken, and what to do; `None` when it is taken.
pub fn refused(lang: Lang, name: &str, bytes: &[u8]) -> Option<String> {
    let t = &lang.text().file;
    let why = match bytes {
        _ if media(bytes).is_some() => return None,
        [] => t.is_empty,
        [b'P', b'K', 3, 4, ..] => t.is_office,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => t.is_old_office,
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => t.is_heic,
        [b'G', b'I', b'F', ..] | [b'B', b'M', ..] | [b'R', b'I', b'F', b'F', ..] | [b'I', b'I', b'*', ..] => {
            t.is_picture
        }
        _ => t.is_unknown,
    };
    Some(fill(t.refused, &[("name", name), ("why", why)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_taken_is_named_with_the_reason_and_what_is_taken() {
        assert_eq!(refused(Lang::Zh, "收据.pdf", b"%PDF-1.7"), None);
        for (name, bytes, why) in [
            ("合同.docx", &b"PK\x03\x04...."[..], "Word"),
            ("照片.jpg", b"\0\0\0\x18ftypheic", "HEIC"),
            ("空.pdf", b"", "空"),
            ("改名.pdf", b"hello", "内容"),
        ] {
            let said = refused(Lang::Zh, name, bytes).expect("refused");
            assert!([name, why, "PDF", "JPG", "PNG"].iter().all(|part| said.contains(part)), "{said}");
        }
    }
}
