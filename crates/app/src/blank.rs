//! Papers that say nothing, for cases that are only made to be measured.

use yanhe_core::StreamId;

use crate::render::Pdf;

/// A paper that says nothing, another for every stream.
pub(crate) fn paper(stream: &StreamId) -> Pdf {
    let pages = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>";
    let mut pdf = format!("%PDF-1.7\n% {stream}\n");
    let mut places = Vec::new();
    for (n, object) in (1..).zip(["<</Type/Catalog/Pages 2 0 R>>", pages, page]) {
        places.push(pdf.len());
        pdf.push_str(&format!("{n} 0 obj{object}endobj\n"));
    }
    let table = pdf.len();
    pdf.push_str("xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        pdf.push_str(&format!("{place:010} 00000 n \n"));
    }
    pdf.push_str(&format!("trailer<</Size 4/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"));
    (pdf.into_bytes(), 1)
}

/// The same paper with marks at these places that show nothing: each file is the beginning of the next.
pub(crate) fn revision<'a>(stream: &StreamId, places: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut pdf = paper(stream).0;
    for place in places {
        pdf.extend_from_slice(format!("% {place}\n").as_bytes());
    }
    pdf
}
