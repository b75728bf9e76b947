//! What is put aside between two pages.

use std::sync::atomic::{AtomicBool, Ordering};

use yanhe_core::policy::Actor;

use crate::support::{Dir, app};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_aside_is_there_at_every_moment_while_it_is_replaced() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let (app, who) = (&app, &Actor::admin());
    app.put_aside(who, "form", &[0; 5000]).unwrap();
    let over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let writers: Vec<_> = (1..=2)
            .map(|with| threads.spawn(move || (0..20).for_each(|_| app.put_aside(who, "form", &[with; 5000]).unwrap())))
            .collect();
        let reader = threads.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let there = app.aside(who, "form").unwrap().expect("the one or the other is there");
                assert!(there.len() == 5000 && there.iter().all(|byte| *byte == there[0]));
            }
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        over.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    let files = std::fs::read_dir(dir.data().join("uploads")).unwrap().count();
    assert!(files <= 2, "{files} files: what was replaced is gone");
}
