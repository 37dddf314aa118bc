//! A profile put into words: names of journeys and steps, goods with the catalogue's words.

use super::views::*;
use super::{Person, offers};
use crate::amount::Amount;
use crate::app::App;
use crate::when::When;
use beckon_core::catalogue::Offer;
use beckon_core::event::OrderStatus;
use beckon_core::plan::Plan;
use beckon_core::profile::PositionState;
use beckon_store::{IdentityRow, Result};
use std::collections::HashMap;

/// Name of a status of an order, as events write it.
#[must_use]
pub fn order_status(number: u32) -> &'static str {
    match number {
        n if n == OrderStatus::Updated as u32 => "updated",
        n if n == OrderStatus::Refunded as u32 => "refunded",
        n if n == OrderStatus::Cancelled as u32 => "cancelled",
        _ => "completed",
    }
}

/// Names of a journey and a step by their keys; the key itself where they are gone.
#[must_use]
pub fn names(plan: &Plan, journey: u32, graph: u32, step: u32) -> (String, String) {
    let Some(known) = plan.journeys.get(&journey) else {
        return (format!("#{journey:08x}"), format!("#{step:08x}"));
    };
    let step_name = known
        .graph(graph)
        .and_then(|graph| graph.step(step))
        .or_else(|| known.graphs.values().rev().find_map(|graph| graph.step(step)))
        .map_or_else(|| format!("#{step:08x}"), |step| step.name.clone());
    (known.name.clone(), step_name)
}

/// Puts a customer into words.
///
/// # Errors
/// The catalogue cannot be read.
pub fn portrait(app: &App, person: &Person) -> Result<Portrait> {
    let (profile, plan) = (&person.profile, app.shop().plan.clone());
    let (hot, warm) = (&profile.hot, profile.warm());
    let lines = warm.cart.lines();
    let wished: Vec<&str> = warm.wishes.iter().filter(|wish| wish.on).map(|wish| wish.id.as_str()).collect();
    let ids = lines.iter().map(|(id, _)| *id).chain(warm.views.iter().map(|view| view.id.as_str()));
    let offers = offers(app, ids.chain(wished.iter().copied()))?;
    let mut identities: Vec<IdentityView> = person.identities.iter().map(identity_view).collect();
    identities.sort_by_key(|identity| (identity.kind, identity.since.0));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut views: Vec<ViewView> = warm.views.iter().map(|view| view_view(view, &offers)).collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.at.0));
    Ok(Portrait {
        id: profile.id,
        created_at: When(hot.created_at),
        active_at: When(hot.active_at),
        identities,
        email: some(&warm.email.said.value),
        email_proved: hot.email_proved,
        consent: ConsentView {
            email: hot.consent.agreed,
            at: When(hot.consent.stamp.at),
            by: hot.consent.agreed.map(|_| if hot.consent.proved { "shop" } else { "browser" }),
        },
        address: AddressView {
            stopped: person.address.stopped().is_some(),
            reason: person.address.stopped(),
        },
        first_name: some(&warm.first_name.value),
        last_name: some(&warm.last_name.value),
        phone: some(&warm.phone.value),
        locale: some(&warm.locale.value),
        time_zone: some(&warm.time_zone.value),
        traits: warm.traits.iter().map(|t| (t.name.clone(), t.value.clone())).collect(),
        cart: CartView {
            id: some(&warm.cart.id),
            changed_at: When(warm.cart.changed().at),
            lines: lines.iter().map(|(id, n)| GoodsView::of(id, Some(*n), &offers)).collect(),
        },
        orders: warm.orders.iter().map(order_view).collect(),
        views,
        wishes: wished.iter().map(|id| GoodsView::of(id, None, &offers)).collect(),
        journeys: hot.positions.iter().map(|position| stand(&plan, position)).collect(),
        holdout: hot.exposures.iter().map(|exposure| arm(&plan, exposure)).collect(),
        waiting: hot.candidates.iter().map(|candidate| waiting(&plan, candidate)).collect(),
        sends: hot.sends.iter().map(|send| sent(&plan, send)).collect(),
        merged: warm.absorbed.clone(),
    })
}

fn identity_view(row: &IdentityRow) -> IdentityView {
    IdentityView { kind: row.kind, value: row.value.clone(), strength: row.strength, since: When(row.since) }
}

fn view_view(view: &beckon_core::profile::View, offers: &HashMap<String, Offer>) -> ViewView {
    let goods = GoodsView::of(&view.id, None, offers);
    ViewView { goods, at: When(view.stamp.at), dwell_secs: view.dwell_secs }
}

fn order_view(order: &beckon_core::profile::OrderSeen) -> OrderView {
    OrderView {
        id: order.id.clone(),
        at: When(order.at),
        status: order_status(order.status),
        total: order.total.map(Amount::from),
        items: order.items.clone(),
    }
}

fn stand(plan: &Plan, position: &beckon_core::profile::Position) -> StandView {
    let (journey, step) = names(plan, position.journey, position.graph, position.step);
    let state = match position.state() {
        PositionState::Arrived => "arrived",
        PositionState::Waiting => "waiting",
        PositionState::Messaging => "messaging",
        PositionState::Done => "done",
    };
    let (t0, wake_at) = (When(position.t0), When(position.wake));
    StandView { journey, step, state, t0, wake_at, graph: position.graph }
}

fn arm(plan: &Plan, exposure: &beckon_core::profile::Exposure) -> ArmView {
    let arm = match exposure.arm {
        1 => "treated",
        2 => "held_out",
        _ => "mixed",
    };
    ArmView { journey: names(plan, exposure.journey, 0, 0).0, arm, at: When(exposure.at) }
}

fn waiting(plan: &Plan, candidate: &beckon_core::profile::Candidate) -> WaitingView {
    let (journey, step) = names(plan, candidate.journey, 0, candidate.step);
    WaitingView {
        message: candidate.message,
        journey,
        step,
        due: When(candidate.due),
        held_until: When(candidate.held_until),
        deadline: When(candidate.deadline),
    }
}

fn sent(plan: &Plan, send: &beckon_core::profile::Send) -> SendView {
    let (journey, step) = names(plan, send.journey, 0, send.step);
    SendView { message: send.message, journey, step, at: When(send.at) }
}
