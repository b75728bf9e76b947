//! Lists: whole, in order, without what the scope forbids.

use yanhe_core::policy::{Actor, Role, scope};
use yanhe_core::{Cell, PersonId, tables};
use yanhe_store::Writer;
use yanhe_store::commit::RowChange;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};
use yanhe_store_read::views::matter::MatterFilter;
use yanhe_store_read::views::party::PartyIndex;
use yanhe_store_read::views::work::WorkFilter;
use yanhe_store_read::{Cursor, Kept, Listing, Page, StoreError};

use crate::support::*;

fn clerk(organ: &str) -> Actor {
    Actor::staff(&stream("clerk"), Role::Clerk, organ)
}

fn sealed() -> Cell {
    Cell::Blob(Kept::Sealed(vec![9]).to_bytes())
}

fn open() -> Cell {
    Cell::Blob(Kept::Open("某公司".into()).to_bytes())
}

fn dossier(n: i64, organ: &str, due: Option<&str>) -> RowChange {
    let mut cells =
        vec![Cell::from(stream(&format!("s{n}")).as_str()), Cell::from(format!("〔2022〕{n}号")), organ.into()];
    cells.extend(["civil", "e", "s", "open", "stage"].map(Cell::from));
    cells.extend([Cell::from("2022-01-01"), Cell::Null, sealed(), open(), Cell::Null]);
    cells.extend([due.map(str::to_owned).into(), Cell::Null, Cell::Null, Cell::Int(n)]);
    RowChange::Put(&tables::DOSSIER, cells)
}

async fn dossiers(writer: &Writer) {
    for n in 0..25 {
        let organ = if n % 5 == 0 { "weijian" } else { "gongan" };
        let due = format!("2022-03-{:02}", 1 + n % 4);
        let part = RowChange::Put(
            &tables::TAKES_PART,
            vec![
                stream(&format!("s{n}")).as_str().into(),
                format!("p{}", n % 3).into(),
                "applicant".into(),
                sealed(),
                "name".into(),
                Cell::Null,
                "phone".into(),
            ],
        );
        let rows = vec![dossier(n, organ, (n % 6 != 0).then_some(due.as_str())), part];
        writer.commit(commit(&format!("{n}"), &stream(&format!("s{n}")), 0, rows)).await.unwrap();
    }
}

async fn walk<T, F: Future<Output = Result<Listing<T>, StoreError>>>(mut list: impl FnMut(Page) -> F) -> Vec<T> {
    let (mut rows, mut page) = (Vec::new(), Page::first(4));
    loop {
        let listing = list(page).await.unwrap();
        assert!(listing.rows.len() <= 4);
        rows.extend(listing.rows);
        // As a link carries it.
        let Some(next) = listing.next else { return rows };
        page = Page::after(next.to_string().parse::<Cursor>().unwrap(), 4);
    }
}

async fn pages_put_together_are_the_list_in_its_order(dir: Place) {
    let (writer, reader) = dir.open().await;
    dossiers(&writer).await;
    let all = scope(&Actor::system());
    let any = DossierFilter::default();
    let latest = walk(|page| {
        let (reader, all, any) = (&reader, &all, &any);
        async move { reader.dossiers(all, any, DossierOrder::Latest, &page).await }
    })
    .await;
    assert_eq!(
        latest.iter().map(|row| row.updated_at.as_microsecond()).collect::<Vec<_>>(),
        (0..25).rev().collect::<Vec<_>>()
    );
    assert_eq!(latest[0].applicant, Some(Kept::Sealed(vec![9])));
    assert_eq!(latest[0].respondent, Some(Kept::Open("某公司".into())));
    let due = walk(|page| {
        let (reader, all, any) = (&reader, &all, &any);
        async move { reader.dossiers(all, any, DossierOrder::Due, &page).await }
    })
    .await;
    let days: Vec<_> = due.iter().map(|row| row.due_on.map_or("9".into(), |day| day.to_string())).collect();
    assert_eq!(days.len(), 25);
    assert!(days.is_sorted(), "{days:?}");
    let by = DossierFilter { due_by: Some("2022-03-02".parse().unwrap()), ..any.clone() };
    let soon = reader.dossiers(&all, &by, DossierOrder::Due, &Page::first(99)).await.unwrap().rows;
    assert_eq!(soon.len(), days.iter().filter(|day| day.as_str() <= "2022-03-02").count());
    let numbered = DossierFilter { number: Some("〔2022〕2".into()), ..any };
    let found = walk(|page| {
        let (reader, all, numbered) = (&reader, &all, &numbered);
        async move { reader.dossiers(all, numbered, DossierOrder::Latest, &page).await }
    })
    .await;
    assert_eq!(found.len(), 6, "2 and 20 to 24");
}

async fn nobody_lists_beyond_their_scope(dir: Place) {
    let (writer, reader) = dir.open().await;
    dossiers(&writer).await;
    let count = async |actor: &Actor, filter: &DossierFilter| {
        let latest = reader.dossiers(&scope(actor), filter, DossierOrder::Latest, &Page::first(99)).await.unwrap();
        let due = reader.dossiers(&scope(actor), filter, DossierOrder::Due, &Page::first(99)).await.unwrap();
        assert_eq!(latest.rows.len(), due.rows.len());
        latest.rows.len()
    };
    let any = DossierFilter::default();
    let gongan = DossierFilter { organ: Some("gongan".into()), ..any.clone() };
    assert_eq!(count(&Actor::system(), &any).await, 25);
    assert_eq!(count(&Actor::system(), &gongan).await, 20);
    assert_eq!(count(&clerk("weijian"), &any).await, 5);
    assert_eq!(count(&clerk("weijian"), &gongan).await, 0);
    assert_eq!(count(&Actor::party(&PersonId("p1".into())), &any).await, 8);
    assert_eq!(count(&Actor::party(&PersonId("p9".into())), &any).await, 0);
    assert_eq!(count(&Actor::anyone(), &any).await, 0);
    assert_eq!(count(&Actor::staff(&stream("judge"), Role::Judge, "court"), &any).await, 0);
    let find = async |actor: &Actor| {
        let index = PartyIndex::Name("name".into());
        reader.find_parties(&scope(actor), &index, &Page::first(99)).await.unwrap().rows.len()
    };
    assert_eq!((find(&Actor::system()).await, find(&clerk("weijian")).await, find(&Actor::anyone()).await), (25, 5, 0));
    assert_eq!(reader.parts_of_phone("phone", &Page::first(99)).await.unwrap().rows.len(), 25);
    assert_eq!(reader.parts_of(&PersonId("p1".into())).await.unwrap().len(), 8);
    assert_eq!(reader.within("other").parts_of(&PersonId("p1".into())).await.unwrap(), []);
}

async fn work_comes_by_last_day_and_mine_is_mine_or_nobodys(dir: Place) {
    let (writer, reader) = dir.open().await;
    let task = |name: &str, assignee: Option<&str>, due: Option<&str>| {
        let text = |value: Option<&str>| Cell::from(value.map(str::to_owned));
        RowChange::Put(
            &tables::WORK,
            vec![
                stream("a").as_str().into(),
                name.into(),
                "gongan".into(),
                "clerk".into(),
                text(assignee),
                text(due),
                Cell::Null,
                "title".into(),
                open(),
                "civil".into(),
                Cell::Int(1),
                Cell::Null,
            ],
        )
    };
    let rows = vec![
        task("none", None, None),
        task("b", Some("staff/b"), Some("2022-01-02")),
        task("a", Some("staff/a"), Some("2022-01-03")),
        task("free", None, Some("2022-01-01")),
    ];
    writer.commit(commit("one", &stream("a"), 0, rows)).await.unwrap();
    let list = async |filter: WorkFilter| {
        let rows = reader.work(&scope(&clerk("gongan")), &filter, &Page::first(9)).await.unwrap().rows;
        rows.into_iter().map(|row| row.task).collect::<Vec<_>>()
    };
    let any = WorkFilter::default();
    assert_eq!(list(any.clone()).await, ["free", "b", "a", "none"]);
    assert_eq!(list(WorkFilter { mine: Some("staff/a".into()), ..any.clone() }).await, ["free", "a", "none"]);
    assert_eq!(list(WorkFilter { assignee: Some("staff/b".into()), ..any.clone() }).await, ["b"]);
    assert_eq!(list(WorkFilter { due_by: Some("2022-01-02".parse().unwrap()), ..any }).await, ["free", "b"]);
    let third = "2022-01-03".parse().unwrap();
    let open = reader.open_work("gongan", third).await.unwrap();
    let counts: Vec<_> = open.iter().map(|row| (row.assignee.as_str(), row.open, row.late)).collect();
    assert_eq!(counts, [("", 2, 1), ("staff/a", 1, 0), ("staff/b", 1, 1)]);
    for organ in [None, Some("gongan")] {
        let late = reader.late_work(organ, third).await.unwrap();
        assert_eq!(
            late.iter().map(|row| (row.organ.as_str(), row.role.as_str(), row.late)).collect::<Vec<_>>(),
            [("gongan", "clerk", 2)]
        );
    }
    assert!(reader.late_work(Some("weijian"), third).await.unwrap().is_empty());
    let gone = RowChange::Delete(&tables::WORK, vec![stream("a").as_str().into(), "free".into()]);
    writer.commit(commit("two", &stream("a"), 1, vec![gone])).await.unwrap();
    assert_eq!(reader.work_of(&stream("a")).await.unwrap().len(), 3);
}

async fn a_cursor_of_another_list_is_refused(dir: Place) {
    let (writer, reader) = dir.open().await;
    dossiers(&writer).await;
    let next = reader.entries(&Page::first(1)).await.unwrap().next.unwrap();
    let list = reader.matters(&scope(&Actor::system()), &MatterFilter::default(), &Page::after(next, 1)).await;
    assert!(matches!(list, Err(StoreError::Shape(_))));
    assert!("§".parse::<Cursor>().is_err());
}

on_both! {
    pages_put_together_are_the_list_in_its_order,
    nobody_lists_beyond_their_scope,
    work_comes_by_last_day_and_mine_is_mine_or_nobodys,
    a_cursor_of_another_list_is_refused,
}
