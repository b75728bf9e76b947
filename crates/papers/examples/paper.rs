//! Renders every sample of a pack: `cargo run -p yanhe-papers --example paper -- packs/haiyan/papers OUT [KIND]`.
//! For whoever changes the wording of a paper and wants to see it.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use yanhe_papers::Papers;

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
        let data: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        let date = data["date"].as_str().unwrap_or_default().parse()?;
        match papers.render(kind, &data, date) {
            Ok(paper) => {
                println!("{name}: {} pages, {} bytes", paper.pages, paper.pdf.len());
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
