//! A paper is a pure function: template, data and date in, PDF bytes out.
//!
//! The wording is the pack's (`packs/*/papers/*.typ`); this crate holds the fonts, the compiler's view of the files and
//! the rules that no paper may break: tagged PDF/A-2a with PDF/UA-1, and never a box in place of a character.
//! Start with [`Papers`]; [`Papers::run`] puts stored papers together for the printer, [`Papers::mark`] adds a signature
//! or a seal to a stored paper without touching what was signed.

mod error;
mod fonts;
mod qr;
mod revision;
mod run;
mod seal;
mod text;
mod world;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use serde_json::Value;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Smart};
use typst::model::Document as _;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use error::PaperError;
use fonts::Fonts;
pub use revision::Mark;
use seal::Seals;
pub use text::{made_here, says};
use world::Desk;

/// How many sizes a template that wants one page may offer: `fit.json` counts 0, 1, 2, 3, 4, 5 and then -1, "none of them".
const FIT_STEPS: i8 = 6;

/// After so many papers the compiler forgets what none of them used. Looking through all it knows costs a twentieth of a
/// letter, so not after each; what a print run shares (fonts, seals, the layout's parts) is used by each and stays.
const FORGET_EVERY: usize = 8;

/// Fonts and templates, read once and used for every paper. Shared between threads.
pub struct Papers {
    fonts: Fonts,
    templates: HashMap<FileId, Source>,
    standards: PdfStandards,
    seals: Seals,
    made: AtomicUsize,
}

/// A finished paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file, PDF/A-2a and PDF/UA-1. The same input gives the same bytes.
    pub pdf: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
}

impl Papers {
    /// Reads the templates (file name such as `lib.typ` to its text) and the county's own fonts, if it has any
    /// (仿宋_GB2312 and 方正小标宋 may not be given to others, so they come from a folder of the county).
    ///
    /// # Errors
    /// [`PaperError::TemplateName`] for a name that is no plain file name, [`PaperError::Font`] for bytes that are no font.
    pub fn new(templates: BTreeMap<String, String>, extra_fonts: Vec<Vec<u8>>) -> Result<Self, PaperError> {
        let mut sources = HashMap::new();
        for (name, text) in templates {
            let id = file(&name)?;
            sources.insert(id, Source::new(id, text));
        }
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|hinted| PaperError::Pdf(hinted.message().to_string()))?;
        Ok(Self {
            fonts: Fonts::new(extra_fonts)?,
            templates: sources,
            standards,
            seals: Seals::default(),
            made: AtomicUsize::new(0),
        })
    }

    /// Renders the paper `kind` (template `KIND.typ`) with `data` as `data.json`, dated `date` (county time).
    ///
    /// Files drawn from the data: `qr.svg` from the string `url`, `organ-seal.svg` from `organ.name`, `court-seal.svg` from
    /// `court.name`. The date printed is `date`, never a field. Call it off the async threads: a page costs some milliseconds of pure work.
    ///
    /// # Errors
    /// [`PaperError::UnknownKind`]; [`PaperError::MissingGlyph`] where a character has no glyph in any font;
    /// [`PaperError::Template`] where template and data do not fit; [`PaperError::Qr`]; [`PaperError::Pdf`].
    pub fn render(&self, kind: &str, data: &Value, date: Date) -> Result<Rendered, PaperError> {
        let main = file(&format!("{kind}.typ"))
            .ok()
            .filter(|id| kind != "mark" && self.templates.contains_key(id))
            .ok_or_else(|| PaperError::UnknownKind(kind.to_owned()))?;
        self.fonts.refuse_missing(data)?;

        let files = self.files(data)?;
        let document = self.compile(kind, main, files, date)?;
        self.fonts.refuse_notdef(&document)?;
        let options = PdfOptions {
            creator: Smart::Custom(Some(text::CREATOR.to_owned())),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|faults| PaperError::Pdf(reasons(&faults)))?;
        self.forget();
        Ok(Rendered { pdf: revision::keep(pdf, &document)?, pages: document.pages().len() })
    }

    /// Adds a signature or a seal to a stored paper: the given bytes are the beginning of the bytes that come back, and
    /// the same mark on the same bytes gives the same bytes. It stands in the place that the template kept for it, which
    /// the file itself knows; what it looks like says the template `mark`.
    ///
    /// # Errors
    /// [`PaperError::NoPlace`] when the paper keeps no place of this name; [`PaperError::Revision`] for bytes that are no
    /// paper; otherwise as [`Papers::render`].
    pub fn mark(&self, pdf: &[u8], mark: &Mark) -> Result<Vec<u8>, PaperError> {
        let place = revision::place(pdf, &mark.place)?;
        self.fonts.refuse_missing(&mark.data)?;
        let mut data = mark.data.clone();
        let (wide, high) = place.size();
        data["width"] = wide.into();
        data["height"] = high.into();
        let (main, files) = (file("mark.typ")?, self.files(&data)?);
        let document = self.compile("mark", main, files, mark.at.date())?;
        self.fonts.refuse_notdef(&document)?;
        // It becomes a part of another file, which has the tags.
        let standards =
            PdfStandards::new(&[PdfStandard::A_2b]).map_err(|hinted| PaperError::Pdf(hinted.message().to_string()))?;
        let options = PdfOptions { standards, tagged: false, ..PdfOptions::default() };
        let drawing = typst_pdf::pdf(&document, &options).map_err(|faults| PaperError::Pdf(reasons(&faults)))?;
        let told = document.info().title.as_deref().unwrap_or_default();
        revision::add(pdf, &place, &drawing, told, mark.at)
    }

    /// Without this the compiler's memory of past layouts grows with every different letter.
    fn forget(&self) {
        if self.made.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            comemo::evict(1);
        }
    }

    /// Names of the places that a stored paper keeps for marks.
    ///
    /// # Errors
    /// [`PaperError::Revision`] for bytes that are no paper.
    pub fn places(&self, pdf: &[u8]) -> Result<Vec<String>, PaperError> {
        revision::names(pdf)
    }

    /// The files that a template sees beside the other templates: its data, and what is drawn from them.
    fn files(&self, data: &Value) -> Result<HashMap<FileId, Bytes>, PaperError> {
        let mut files = HashMap::new();
        files.insert(file("data.json")?, Bytes::new(data.to_string().into_bytes()));
        if let Some(url) = data["url"].as_str() {
            files.insert(file("qr.svg")?, Bytes::new(qr::svg(url)?.into_bytes()));
        }
        for (key, name) in [("organ", "organ-seal.svg"), ("court", "court-seal.svg")] {
            if let Some(owner) = data[key]["name"].as_str() {
                files.insert(file(name)?, self.seals.of(&self.fonts, owner, data["demo"] == Value::Bool(true))?);
            }
        }
        Ok(files)
    }

    /// Compiles the template; one that reads `fit.json` is set again, smaller, until it stays on one page.
    ///
    /// A whole further pass is cheaper than measuring inside the template, as most papers fit at the first.
    fn compile(
        &self,
        kind: &str,
        main: FileId,
        files: HashMap<FileId, Bytes>,
        date: Date,
    ) -> Result<PagedDocument, PaperError> {
        let fit = file("fit.json")?;
        let wants_one_page = self.templates[&main].text().contains("\"fit.json\"");
        let mut desk = Desk { fonts: &self.fonts, templates: &self.templates, files, main, date };
        let mut at = |step: i8| {
            desk.files.insert(fit, Bytes::new(step.to_string().into_bytes()));
            typst::compile::<PagedDocument>(&desk)
                .output
                .map_err(|faults| PaperError::Template { kind: kind.to_owned(), reason: reasons(&faults) })
        };
        if wants_one_page {
            for step in 0..FIT_STEPS {
                let document = at(step)?;
                if document.pages().len() == 1 {
                    return Ok(document);
                }
            }
        }
        at(-1)
    }

    /// Puts stored papers together, in the given order, into one PDF for the printer.
    ///
    /// The run is a working file: it carries no tags and claims no PDF/A, which the stored papers keep. With `duplex` an
    /// empty page follows every paper of an odd number of pages, so that each begins on a fresh sheet.
    ///
    /// # Errors
    /// [`PaperError::EmptyRun`] without papers, [`PaperError::Run`] naming the first file that cannot be read.
    pub fn run<P: AsRef<[u8]>>(&self, pdfs: &[P], duplex: bool) -> Result<Rendered, PaperError> {
        run::put_together(pdfs, duplex)
    }

    /// The kinds of paper there are templates for, in order; `lib` and `mark` are parts of papers.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let names = self.templates.keys().map(|id| id.vpath().get_without_slash());
        let mut kinds: Vec<_> = names
            .filter_map(|name| name.strip_suffix(".typ"))
            .filter(|name| !["lib", "mark"].contains(name))
            .map(str::to_owned)
            .collect();
        kinds.sort_unstable();
        kinds
    }

    /// The first character of `text` without a glyph in any font, to refuse it where it is typed and not where it is printed.
    #[must_use]
    pub fn first_missing(&self, text: &str) -> Option<char> {
        self.fonts.first_missing(text)
    }
}

/// The compiler's name for a file beside the templates.
fn file(name: &str) -> Result<FileId, PaperError> {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    match VirtualPath::new(name) {
        Ok(path) if plain => Ok(RootedPath::new(VirtualRoot::Project, path).intern()),
        _ => Err(PaperError::TemplateName(name.to_owned())),
    }
}

fn reasons(faults: &[SourceDiagnostic]) -> String {
    let lines: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
    lines.join("; ")
}
