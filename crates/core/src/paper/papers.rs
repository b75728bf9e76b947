//! What is made of what happens to a paper: proofs of service and notices.

use serde_json::{Value, json};

use super::{Context, Event, Issued, Notice, Service, State, notice};
use crate::Personal;
use crate::paper_data as data;
use crate::stream::{Facts, PaperOrder, PaperRef};
use crate::values::Phone;

/// Did the addressee take it?
fn itself(issued: &Issued, service: &Service) -> bool {
    issued.addressee.as_ref().is_some_and(|to| notice::names(to.name.text(), service.receiver.text()))
}

/// Where it was served: at the address, or at the phone or mailbox to which a message went. What was handed over was handed
/// over somewhere that nobody wrote down.
fn place(issued: &Issued, service: &Service) -> Option<Personal<String>> {
    let to = issued.addressee.as_ref()?;
    match (service.manner.as_str(), issued.channel.as_str()) {
        ("electronic", "email") => to.email.clone(),
        ("electronic", _) => {
            let phone = to.phone.as_ref()?;
            let masked = Phone::parse(phone.open()?).map(|phone| phone.masked()).ok()?;
            Some(Personal::new(&phone.of, masked))
        }
        ("direct" | "notice", _) => None,
        _ => to.address.clone(),
    }
}

/// Why nobody signs for it; none where somebody does, by hand on the printed proof.
fn unsigned(issued: &Issued, service: &Service) -> Option<&'static str> {
    match (service.served, service.manner.as_str(), issued.channel.as_str()) {
        (false, ..) => Some("未送达"),
        (true, "notice", _) => Some("公告送达，无需签名"),
        (true, "electronic", "email") => Some("电子邮件送达，无需签名"),
        (true, "electronic", _) => Some("短信送达，无需签名"),
        _ => None,
    }
}

/// The proof of a service, or the notice on a paper.
pub(super) fn papers(state: &State, event: &Event, facts: &Facts<'_>, context: &Context) -> Vec<PaperOrder> {
    let i = &state.issued;
    let organ = data::body(facts, &i.paper.issuer, context.organ.as_ref());
    let addressee = json!({"name": i.addressee.as_ref().map(|a| &a.name)});
    let reference = data::reference(facts, &i.paper, i.date);
    let notice_on = |what: &Value, notice: &Notice, proof: bool| {
        json!({
            "proof": proof,
            "organ": organ, "addressee": addressee, "paper": reference, "reason": notice.reason,
            "items": notice.change.iter().map(|(before, after)| {
                json!({"where": what, "before": before, "after": after})
            }).collect::<Vec<_>>(),
        })
    };
    let proof_of = |service: &Service| {
        // A public notice has no receiver: the proof says when and where it was given, and when that counts.
        let published = |note: &Personal<String>| {
            Personal::new(&note.of, format!("{}公告：{}", data::day(service.on), note.text()))
        };
        let remark = service.deemed.as_ref().map_or_else(|| service.note.clone(), |_| published(&service.note));
        let left = service.is_left();
        let relation = service.served && service.deemed.is_none() && !itself(i, service);
        let said = match (left, relation) {
            (true, _) => "refusal_reason",
            // How somebody else stands to the addressee belongs to their name.
            (false, true) => "relation",
            (false, false) => "remark",
        };
        json!({
            "organ": organ, "addressee": addressee, "place": place(i, service), "cause": context.cause,
            "documents": std::iter::once(&i.paper).chain(&context.with).map(|paper| {
                json!({"name": facts.pack.paper_name(&paper.kind), "number": paper.number})
            }).collect::<Vec<_>>(),
            "manner": data::manner(&service.manner),
            // Nobody wrote down the hour: the proof says the day.
            "served_at": match (&service.deemed, service.at) {
                (Some(deemed), _) => deemed.last_day.to_string(),
                (None, Some(at)) => data::minute(service.on.to_datetime(at)),
                (None, None) => service.on.to_string(),
            },
            "result": match (&service.deemed, service.served) {
                (Some(_), _) => "公告期满，视为送达",
                (None, true) => "已送达",
                (None, false) => "未送达",
            },
            "receiver": Some(&service.receiver).filter(|_| !left),
            "witnesses": Some(&service.receiver).filter(|_| left).into_iter().collect::<Vec<_>>(),
            "unsigned": unsigned(i, service),
            "servers": match &context.server {
                Some(name) => json!([name]),
                None => json!(["系统自动登记"]),
            },
            (said): remark,
        })
    };
    let mut orders = Vec::new();
    let mut order = |paper: &PaperRef, data: Value, goes: bool| {
        orders.push(PaperOrder {
            paper: paper.clone(),
            matter: i.matter.clone(),
            date: facts.today(),
            addressee: i.addressee.clone().filter(|_| goes),
            access: String::new(),
            channel: if goes { notice::channel(state) } else { String::new() },
            send_by: None,
            electronic: i.electronic && goes,
            data,
        });
    };
    match event {
        // A proof of service stays in the file, and so does what is said of it; a notice on the paper goes to whoever
        // got the paper.
        Event::ServiceRecorded { service, with: None } => order(&service.proof, proof_of(service), false),
        Event::ServiceCorrected { actual, notice, with: None, .. } => {
            let proof = json!(facts.pack.paper_name(notice::PROOF));
            order(&notice.notice, notice_on(&proof, notice, true), false);
            if let Some(service) = actual {
                order(&service.proof, proof_of(service), false);
            }
        }
        Event::PaperCorrected { notice } => {
            let mut data = notice_on(&reference["name"], notice, false);
            if i.addressee.is_none() {
                data["parties"] = json!(context.fallen.parties);
            }
            order(&notice.notice, data, true);
        }
        Event::PaperVoided { notice, with: None } => {
            let mut data = notice_on(&reference["name"], notice, false);
            data["kind"] = json!(i.paper.kind);
            // What parties were to sign goes to nobody by itself: the notice is for all of them.
            if i.addressee.is_none() {
                let fallen = &context.fallen;
                data["parties"] = json!(fallen.parties);
                data["case"] = json!(fallen.case);
                let record = fallen.session.filter(|_| i.paper.kind == "mediation_record");
                data["session"] = json!(record.map(data::minute));
            }
            order(&notice.notice, data, true);
        }
        _ => {}
    }
    orders
}
