//! The holdout: who walks a journey without being written to, so that what it earns can be shown.

use crate::hash::{Tag, hash, unit};
use crate::plan::{Journey, name_key};
use crate::profile::Exposure;
use crate::turn::Turn;
use crate::why::Reason;

/// Whether she is held out of this journey. Drawn once, by the number of her address, after consent and before
/// arbitration; a share that changes moves the threshold, never the draw.
pub(super) fn held_out(turn: &mut Turn, journey: &Journey, why: &mut Vec<Reason>) -> bool {
    let who = turn.profile.hot.draw_by.0.to_le_bytes();
    let shop = turn.profile.shop;
    let draw = |of: &[u8]| unit(hash(Tag::Holdout, shop, &[of, &who]));
    let under = |draw: f64, ppm: u32| draw * 1e6 < f64::from(ppm);
    let (global, own) = (draw(b"*"), draw(journey.name.as_bytes()));
    let held = under(global, turn.plan.settings.global_holdout_ppm) || under(own, journey.holdout_ppm);
    let percent = |ppm: u32| format!("{}%", f64::from(ppm) / 10_000.0);
    why.push(
        Reason::new(if held { "held_out" } else { "not_held_out" })
            .with("draw", format!("{own:.4}"))
            .with("share", percent(journey.holdout_ppm))
            .with("global_draw", format!("{global:.4}"))
            .with("global_share", percent(turn.plan.settings.global_holdout_ppm)),
    );
    expose(turn, journey, held);
    held
}

fn expose(turn: &mut Turn, journey: &Journey, held: bool) {
    let key = name_key(&journey.name);
    if turn.profile.hot.exposures.iter().any(|e| e.journey == key) {
        return;
    }
    let exposure = Exposure::new(key, held, turn.now);
    turn.profile.hot.exposures.insert(0, exposure);
    turn.count(&journey.name, "", if held { "held_out" } else { "treated" });
}
