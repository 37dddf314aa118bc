//! Caps: how many messages of which classes in which window. A cap is used up when a message is handed over.

use crate::plan::Class;
use crate::profile::Candidate;
use crate::time::ShopTime;
use crate::turn::Turn;
use crate::why::Reason;

/// Until when a cap of its class holds this candidate back, if one does now; the longest counts.
pub(super) fn blocked_until(turn: &Turn, candidate: &Candidate, class: Class) -> Option<(ShopTime, Reason)> {
    class
        .caps()
        .iter()
        .filter_map(|cap| {
            let mut at: Vec<ShopTime> = turn
                .profile
                .hot
                .sends
                .iter()
                // The first try of a message that is sent again does not hold it back.
                .filter(|send| send.message != candidate.message)
                .filter(|send| cap.of.contains(&Class::from_number(send.class)))
                .filter(|send| !cap.same_subject || send.subject == candidate.subject)
                .map(|send| send.at)
                .filter(|at| turn.now < at.plus(cap.within))
                .collect();
            if at.len() < cap.most {
                return None;
            }
            // The newest `most` fill the cap; it opens when the oldest of them leaves the window.
            at.sort_by_key(|at| std::cmp::Reverse(*at));
            let until = at[cap.most - 1].plus(cap.within);
            let reason =
                Reason::new("cap").with("most", cap.most).with("within", cap.within).with("sent", at.len());
            Some((until, reason))
        })
        .max_by_key(|(until, _)| *until)
}
