//! A message of which nobody can say whether it arrived goes out once more, because a person asked for it.
//!
//! It is the same message under the same number, so that its Message-ID lets a receiver drop a second copy. What she
//! agreed to, her address, the caps and the goods are asked now and once more at the claim, as of any message. It asks
//! nothing of her journey, which has long gone on and is not taken on by it again.

use super::claim::{Look, look};
use crate::effect::{Effect, MessageEnd, Verdict};
use crate::input::{Claim, Repeat};
use crate::limits::{CANDIDATES_MAX, REPEAT_WITHIN};
use crate::plan::name_key;
use crate::profile::{Candidate, CandidateState};
use crate::time::ShopTime;
use crate::turn::Turn;
use crate::why::Reason;

/// Puts the message back into the outbox, or says why it stays as it is.
pub(crate) fn repeat(turn: &mut Turn, asked: &Repeat) {
    turn.verdict = Some(match again(turn, asked) {
        Ok(until) => Verdict::Later(until),
        Err(why) => Verdict::NotAgain(why),
    });
}

fn again(turn: &mut Turn, asked: &Repeat) -> Result<ShopTime, Reason> {
    let waiting = &turn.profile.hot.candidates;
    if waiting.len() >= CANDIDATES_MAX || waiting.iter().any(|c| c.message == asked.message) {
        return Err(Reason::new("waiting_already"));
    }
    let candidate = candidate(turn, asked);
    let message = asked.message;
    let content = turn.profile.hot.cart_content;
    let until = match look(turn, &candidate, &Claim { message, content, address: asked.address }) {
        Look::Pass => turn.now,
        Look::Later(until, _) if until <= candidate.deadline => until,
        Look::RenderAgain => return Err(Reason::new("address_changed")),
        Look::Later(_, why) | Look::Withhold(why) | Look::Leave(why) => return Err(why),
    };
    let reason = Reason::new("repeated").with("channel", &asked.note);
    turn.effect(Effect::Move { message, to: MessageEnd::Repeated(until), reason });
    turn.journal("repeated", &asked.journey, &asked.step, Vec::new());
    turn.about(message);
    turn.profile.hot.candidates.push(candidate);
    Ok(until)
}

fn candidate(turn: &Turn, asked: &Repeat) -> Candidate {
    let message = asked.message;
    let sent = turn.profile.hot.sends.iter().find(|send| send.message == message);
    Candidate {
        message,
        journey: name_key(&asked.journey),
        step: name_key(&asked.step),
        subject: sent.map(|sent| sent.subject).unwrap_or_default(),
        // What was lost with a backup, or outranks it, is asked as of a message of this moment.
        due: turn.now,
        deadline: if asked.late { turn.now.plus(REPEAT_WITHIN) } else { asked.deadline },
        state: CandidateState::Approved as u32,
        repeated: true,
        ..Candidate::default()
    }
}
