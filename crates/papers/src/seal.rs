//! The drawn seal of an organ: red circle, star, the name on an arc, as an SVG of outlines.
//!
//! Outlines and not text, so that copying the paper's text never yields the scattered characters of the seal.

use std::collections::HashMap;
use std::f32::consts::TAU;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use ttf_parser::OutlineBuilder;
use typst::foundations::Bytes;

use crate::PaperError;
use crate::fonts::Fonts;

/// Middle of the drawing, which is 420 units wide; on paper 42 mm (国发〔1999〕25号 gives county organs 42 mm).
const MIDDLE: f32 = 210.0;
/// The characters stand on the circle of this radius.
const RADIUS: f32 = 158.0;
const RED: &str = "#d7261d";

/// More organs than a county has; beyond it the drawings are made anew.
const KEPT: usize = 256;

/// The seals drawn so far: a print run bears the same few again and again.
#[derive(Default)]
pub(crate) struct Seals(Mutex<HashMap<(String, bool), Bytes>>);

impl Seals {
    /// The seal of the organ `name`, drawn once.
    pub(crate) fn of(&self, fonts: &Fonts, name: &str, demo: bool) -> Result<Bytes, PaperError> {
        let key = (name.to_owned(), demo);
        let mut drawn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seal) = drawn.get(&key) {
            return Ok(seal.clone());
        }
        let seal = Bytes::new(svg(fonts, name, demo)?.into_bytes());
        if drawn.len() >= KEPT {
            drawn.clear();
        }
        drawn.insert(key, seal.clone());
        Ok(seal)
    }
}

/// Draws the seal of the organ `name`. A demo's seal says so in its lower part.
fn svg(fonts: &Fonts, name: &str, demo: bool) -> Result<String, PaperError> {
    // As ink on paper: what it lies on shows through.
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 420"><g style="mix-blend-mode:multiply"><circle cx="{MIDDLE}" cy="{MIDDLE}" r="202" fill="none" stroke="{RED}" stroke-width="9"/>"#
    );
    let points: Vec<_> = (0..10_u8)
        .map(|corner| {
            let radius = if corner % 2 == 0 { 62.0 } else { 23.7 };
            let (sin, cos) = (TAU * f32::from(corner) / 10.0).sin_cos();
            format!("{:.1},{:.1}", MIDDLE + radius * sin, MIDDLE - radius * cos)
        })
        .collect();
    let _ = write!(svg, r#"<polygon fill="{RED}" points="{}"/>"#, points.join(" "));

    let length = f32::from(u16::try_from(name.chars().count()).unwrap_or(u16::MAX).max(1));
    // Up to 270 degrees; a short name does not spread over all of it.
    let step = (TAU * 0.75 / length).min(TAU / 13.0);
    let size = (step * RADIUS * 0.98).min(54.0);
    let mut angle = -step * (length - 1.0) / 2.0;
    for character in name.chars() {
        let (sin, cos) = angle.sin_cos();
        let (x, y) = (MIDDLE + RADIUS * sin, MIDDLE - RADIUS * cos);
        glyph(&mut svg, fonts, character, (x, y), size, angle.to_degrees())?;
        angle += step;
    }
    if demo {
        for (place, character) in (0_u8..).zip("演示专用".chars()) {
            glyph(&mut svg, fonts, character, (MIDDLE + 36.0 * (f32::from(place) - 1.5), 322.0), 34.0, 0.0)?;
        }
    }
    svg.push_str("</g></svg>");
    Ok(svg)
}

/// One character, its middle at `at`, turned by `degrees`.
fn glyph(
    svg: &mut String,
    fonts: &Fonts,
    character: char,
    at: (f32, f32),
    size: f32,
    degrees: f32,
) -> Result<(), PaperError> {
    let found = fonts.outlines.iter().find_map(|face| face.glyph_index(character).map(|id| (face, id)));
    let (face, id) = found.ok_or(PaperError::MissingGlyph { character })?;
    let mut path = Path(String::new());
    let _ = face.outline_glyph(id, &mut path);
    let unit = f32::from(face.units_per_em());
    let scale = size / unit;
    let advance = face.glyph_hor_advance(id).map_or(unit, f32::from);
    let _ = write!(
        svg,
        r#"<path fill="{RED}" transform="translate({:.2} {:.2}) rotate({degrees:.2}) scale({scale:.5} -{scale:.5}) translate({:.1} {:.1})" d="{}"/>"#,
        at.0,
        at.1,
        -advance / 2.0,
        // The middle of a Chinese character lies 0.38 em over the base line.
        -0.38 * unit,
        path.0
    );
    Ok(())
}

struct Path(String);

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "M{x} {y}");
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "L{x} {y}");
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let _ = write!(self.0, "Q{x1} {y1} {x} {y}");
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let _ = write!(self.0, "C{x1} {y1} {x2} {y2} {x} {y}");
    }
    fn close(&mut self) {
        self.0.push('Z');
    }
}
