//! Measures: different letters a second on one thread, and a print run of 300.
use std::collections::BTreeMap;
use std::{fs, time::Instant};
use yanhe_papers::Papers;
fn main() {
    let mut t = BTreeMap::new();
    for e in fs::read_dir("packs/haiyan/papers").unwrap() { let p = e.unwrap().path(); if p.extension().is_some_and(|x| x == "typ") { t.insert(p.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&p).unwrap()); } }
    let s = Instant::now(); let papers = Papers::new(t, vec![]).unwrap(); println!("new {:?}", s.elapsed());
    let data: serde_json::Value = serde_json::from_str(&fs::read_to_string("packs/haiyan/papers/samples/guidance_letter.penalty_administrative.json").unwrap()).unwrap();
    let n = 300; let mut v = vec![]; let s = Instant::now();
    for i in 0..n { let mut d = data.clone(); d["number"] = format!("盐市监调告〔2022〕{i}号").into(); d["addressee"]["name"] = format!("海盐县第{i}食品经营部").into(); d["url"] = format!("https://tiaojie.haiyan.example/t/K7QM{i:04}").into(); d["code"] = format!("K7QM-{i:04}").into(); v.push(papers.render("guidance_letter", &d, "2022-03-16".parse().unwrap()).unwrap().pdf); }
    let e = s.elapsed(); println!("{n} letters {e:?}, {:.1}/s, {} bytes each", f64::from(n) / e.as_secs_f64(), v[0].len());
    let s = Instant::now(); let r = papers.run(&v, false).unwrap(); println!("run of {} pages {:?}, {} MB", r.pages, s.elapsed(), r.pdf.len() / 1_000_000);
}
