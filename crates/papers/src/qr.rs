//! The QR code of a letter, as SVG.

use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

use crate::PaperError;

/// Draws `url`. Level M: a letter gets folded, and a quarter of damage is more than a letter survives anyway.
pub(crate) fn svg(url: &str) -> Result<String, PaperError> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).map_err(|_| PaperError::Qr(url.to_owned()))?;
    // The quiet zone is part of the standard; without it some telephones do not find the code.
    Ok(code.render::<Color<'_>>().min_dimensions(300, 300).quiet_zone(true).build())
}
