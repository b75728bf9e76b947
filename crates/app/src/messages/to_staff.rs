//! What members of staff are told by message.

use yanhe_core::values::Phone;
use yanhe_core::{StreamId, paper_data, staff};

use super::Told;
use crate::App;
use crate::built::Share;
use crate::command::AnyState;
use crate::error::AppError;

/// The mediator is reminded with the parties of what waits to be filed: it is on the work list, and the day is near.
pub(super) async fn reminded(app: &App, share: &Share) -> Result<Option<Told>, AppError> {
    let AnyState::Confirmation(state) = &share.state else { return Ok(None) };
    if !share.events.iter().any(|event| event.get("ConfirmationReminded").is_some()) {
        return Ok(None);
    }
    let (organ, number) = (app.pack.body_name(&state.subject.organ), &state.subject.dossier_number);
    let last = paper_data::day(state.subject.apply_by.last_day);
    told(app, &state.subject.mediator_staff, |name| {
        format!(
            "【{organ}】{name}：案件{number}的司法确认申请各方都已签署，还没有提交法院，最后一天是{last}。请登录系统提交。"
        )
    })
    .await
}

/// A case was given to a member of staff by somebody else. It says no more than the number, since the list that it leads to
/// asks who they are.
pub(super) async fn given(app: &App, share: &Share) -> Result<Option<Told>, AppError> {
    let (number, body) = match &share.state {
        AnyState::Dossier(state) => (state.application.number.as_str(), state.organ.as_str()),
        AnyState::Confirmation(state) => (state.shown_number(), state.subject.court.as_str()),
        _ => return Ok(None),
    };
    let [clerk, mediator, judge] =
        [("DossierReassigned", "to"), ("MediatorNamed", "staff"), ("ConfirmationDocketed", "judge")]
            .map(|(event, staff)| share.events.iter().find_map(|given| given.get(event)?.get(staff)?.as_str()));
    let to = clerk.or(mediator).or(judge).filter(|staff| *staff != share.actor);
    let Some(to) = to else { return Ok(None) };
    let what = match (clerk, mediator) {
        (Some(_), _) => "已改派给您经办",
        (_, Some(_)) => "由您调解，请先声明有没有利害关系",
        _ => "由您审查",
    };
    let organ = app.pack.body_name(body);
    told(app, to, |name| format!("【{organ}】{name}：案件{number}{what}。打开 {}/work 查看待办事项。", app.portal))
        .await
}

/// A message to a member of staff by the mobile phone that the roster has of them, as long as they are in it.
async fn told(app: &App, staff: &str, text: impl FnOnce(&str) -> String) -> Result<Option<Told>, AppError> {
    let Some(stream) = StreamId::parse(staff) else { return Ok(None) };
    let state = app.state::<staff::Staff>(&stream).await?;
    let Some(profile) = state.filter(|state| !state.withdrawn).map(|state| state.profile) else { return Ok(None) };
    let phone = Phone::parse(profile.phone.text()).ok().filter(Phone::is_mobile);
    let to = phone.map(|phone| phone.as_str().to_owned());
    Ok(to.map(|to| Told { channel: "sms", kind: "phone", to, text: text(profile.name.text()) }))
}
