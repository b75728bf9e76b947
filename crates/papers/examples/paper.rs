//! Renders every sample of a pack: `cargo run -p yanhe-papers --example paper -- packs/haiyan/papers OUT [KIND]`.
//! A paper that keeps places for signatures and seals is written again with all of them filled, as `NAME.marked.pdf`.
//! For whoever changes the wording of a paper and wants to see it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use serde_json::{Value, json};
use yanhe_papers::{Mark, PaperError, Papers};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(pack), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: paper PACK_PAPERS OUT [KIND]".into());
    };
    let only = arguments.next();
    let mut templates = BTreeMap::new();
    for entry in fs::read_dir(&pack)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "typ") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            templates.insert(name, fs::read_to_string(&path)?);
        }
    }
    let papers = Papers::new(templates, Vec::new())?;
    fs::create_dir_all(&out)?;
    let mut failed = false;
    for entry in fs::read_dir(Path::new(&pack).join("samples"))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // A sample may be one of several of a kind: `guidance_letter.complaint.json`.
        let kind = name.split('.').next().unwrap_or_default();
        if only.as_deref().is_some_and(|only| !name.starts_with(only)) {
            continue;
        }
        let data: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        let date: Date = data["date"].as_str().unwrap_or_default().parse()?;
        match papers.render(kind, &data, date) {
            Ok(paper) => {
                println!("{name}: {} pages, {} bytes", paper.pages, paper.pdf.len());
                if let Some(marked) = marked(&papers, &paper.pdf, &data, date)? {
                    fs::write(Path::new(&out).join(format!("{name}.marked.pdf")), marked)?;
                }
                fs::write(Path::new(&out).join(format!("{name}.pdf")), paper.pdf)?;
            }
            Err(error) => {
                println!("{name}: {error}");
                failed = true;
            }
        }
    }
    if failed { Err("some papers failed".into()) } else { Ok(()) }
}

/// With every place filled.
fn marked(papers: &Papers, pdf: &[u8], data: &Value, date: Date) -> Result<Option<Vec<u8>>, PaperError> {
    let places = papers.places(pdf)?;
    let mut file = pdf.to_vec();
    for place in &places {
        let key = if data["court"].is_object() { "court" } else { "organ" };
        let mut look = json!({"what": "seal", "on": date, "demo": data["demo"]});
        look[key] = data[key].clone();
        if place == "effect" {
            look["what"] = json!("effect");
        } else if place != "seal" {
            let signer = |who: &&Value| who["sign"] == *place;
            let lists = ["parties", "present", "applicants"].iter().filter_map(|list| data[list].as_array()).flatten();
            let name = lists.into_iter().find(signer).map_or(&data["mediators"][0], |who| &who["name"]);
            look = json!({
                "what": "signature", "name": name, "on": date, "time": "10:21", "manner": "code",
                "sha256": "7f3a91c0e2d45b68",
            });
            if name.as_str().is_some_and(|name| name.chars().count() > 4) {
                look["manner"] = json!("hand");
                look["attested_by"] = json!("陆喆");
            }
        }
        file = papers.mark(&file, &Mark { place: place.clone(), data: look, at: date.at(10, 21, 0, 0) })?;
    }
    Ok((!places.is_empty()).then_some(file))
}
