//! A test between ways to fill a block: adding one, dividing shoppers, taking one away, ending it with the best.

use super::super::customers::refused;
use super::super::layout::Page;
use super::now;
use crate::api::answer;
use crate::app::App;
use crate::blocks::change;
use crate::blocks::live::{ARMS_MAX, Arm, BlockDocument};
use crate::form::Fields;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Names of arms that nobody has named.
const LETTERS: [&str; 4] = ["a", "b", "c", "d"];

/// `POST /blocks/{name}/test`: `do` is `add`, `shares`, `away:ARM` or `win:ARM`.
pub async fn submit(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let by = page.by().to_owned();
    let here = format!("/blocks/{name}/numbers");
    let to = here.clone();
    let done = answer::work(app, move |app| {
        let (mut document, version) = now(app, &name)?;
        let Some(to) = changed(&mut document, &fields, &name) else { return Ok(None) };
        change::keep_at(app, &name, Some(&document), version, &by)?;
        Ok(Some(to))
    });
    match done.await {
        Ok(Some(to)) => page.redirect(&to, "flash-saved"),
        Ok(None) => page.redirect(&to, ""),
        Err(why) if why.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            page.redirect(&here, "flash-test-refused")
        }
        Err(why) => refused(page, &why),
    }
}

/// Changes the arms as was asked; where to go then, or nothing when nothing changes.
fn changed(document: &mut BlockDocument, fields: &Fields, name: &str) -> Option<String> {
    let here = format!("/blocks/{name}/numbers");
    let (what, arm) = fields.text("do").split_once(':').unwrap_or((fields.text("do"), ""));
    let arms = &mut document.arms;
    match what {
        "add" if arms.len() < ARMS_MAX => {
            for (arm, letter) in arms.iter_mut().zip(LETTERS).filter(|(arm, _)| arm.name.is_empty()) {
                letter.clone_into(&mut arm.name);
            }
            let free = |letter: &&&str| !arms.iter().any(|arm| arm.name == **letter);
            let letter = (*LETTERS.iter().find(free)?).to_owned();
            let first = arms.first()?.clone();
            arms.push(Arm { name: letter.clone(), ..first });
            Some(format!("/blocks/{name}?arm={letter}"))
        }
        "shares" => {
            for arm in arms.iter_mut() {
                let typed = fields.whole(&format!("share.{}", arm.name));
                // What is no number becomes a share that is refused.
                arm.share = typed.and_then(|share| u16::try_from(share).ok()).unwrap_or(0);
            }
            Some(here)
        }
        "away" if arms.len() > 1 => {
            arms.retain(|known| known.name != arm);
            alone(arms);
            Some(here)
        }
        "win" => {
            arms.retain(|known| known.name == arm);
            alone(arms);
            Some(here)
        }
        _ => None,
    }
}

/// Where one is left there is no test, and so no name: what it did as an arm stays told under its letter.
fn alone(arms: &mut [Arm]) {
    if let [arm] = arms {
        (arm.name, arm.share) = (String::new(), 1);
    }
}
