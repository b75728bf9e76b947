//! The QR code of a letter, as SVG.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

use crate::PaperError;

/// The empty border that the standard asks for, in modules; without it some telephones do not find the code.
const QUIET: usize = 4;

/// Draws `url`. Level M: a letter gets folded, and a quarter of damage is more than a letter survives anyway.
pub(crate) fn svg(url: &str) -> Result<String, PaperError> {
    let code = QRBuilder::new(url).ecl(ECL::M).build().map_err(|_| PaperError::Qr(url.to_owned()))?;
    let wide = code.size + 2 * QUIET;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {wide}"><path fill="#fff" d="M0 0h{wide}v{wide}H0z"/><path d=""##
    );
    // One rectangle for neighbours in a row: every letter has another code, and each piece of the path costs.
    for y in 0..code.size {
        let mut x = 0;
        for run in code[y].chunk_by(|a, b| a.value() == b.value()) {
            if run[0].value() {
                let (left, top, length) = (x + QUIET, y + QUIET, run.len());
                let _ = write!(svg, "M{left} {top}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    svg.push_str(r#""/></svg>"#);
    Ok(svg)
}
