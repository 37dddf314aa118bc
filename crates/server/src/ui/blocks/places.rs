//! Where blocks stand: the places of one block, and every place with its blocks from top to bottom.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::view::key_of;
use super::{Head, Tab, channel_of};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::app::{App, SHOP};
use crate::blocks::change::{self, Placing};
use crate::blocks::live::{place_key, places, text_of};
use crate::form::Fields;
use crate::settings::kind;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use beckon_recommend::block::{Channel, Placement, built_in};
use std::sync::Arc;

/// A place on a channel for one block.
struct Cell {
    key: String,
    channel: String,
    /// The block stands there.
    on: bool,
    /// It stands there by default.
    by_default: bool,
    /// Others that stand there.
    others: Vec<String>,
}

/// A place with its channels.
struct Line {
    title: String,
    help: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "blocks/places.html")]
struct Places {
    page: Page,
    head: Head,
    may: bool,
    /// On the site, then in mails, each under its heading.
    lists: Vec<(String, Vec<Line>)>,
}

/// `GET /blocks/{name}/places`
pub async fn of_block(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    let made = answer::work(app, move |app| {
        let head = Head::new(app, &frame, &name, Tab::Places)?;
        let lines =
            |known: &[Placement]| known.iter().map(|place| line(app, &frame, &name, *place)).collect();
        Ok(Places {
            lists: vec![
                (frame.t("places-site"), lines(Placement::ON_SITE)),
                (frame.t("places-messages"), lines(Placement::IN_MESSAGES)),
            ],
            may: frame.may(Right::Edit),
            head,
            page: frame,
        })
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

fn line(app: &App, page: &Page, name: &str, place: Placement) -> Line {
    let state = app.shop();
    let place_name = text_of(&place);
    let cell = |(_, channel): (Placement, Channel)| {
        let standing = state.blocks.at(&place_name, channel).unwrap_or_default();
        let others = standing.iter().filter(|block| block.name != name);
        Cell {
            key: place_key(&place_name, channel),
            channel: page.t(&format!("channel-{}", key_of(&text_of(&channel)))),
            on: standing.iter().any(|block| block.name == name),
            by_default: built_in(place, channel).iter().any(|block| block.name == name),
            others: others.map(|block| block.title(page.locale.code())).collect(),
        }
    };
    let key = key_of(&place_name);
    Line {
        title: page.t(&format!("placement-{key}")),
        help: page.t(&format!("placement-{key}-help")),
        cells: places().filter(|(known, _)| *known == place).map(cell).collect(),
    }
}

/// `POST /blocks/{name}/places`: it stands where a box is ticked, below what stands there already.
pub async fn put(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let (by, to) = (page.by().to_owned(), format!("/blocks/{name}/places"));
    let done = answer::work(app, move |app| {
        let state = app.shop();
        state.blocks.get(&name).ok_or_else(|| Refused::missing("block"))?;
        let ticked: Vec<&str> = fields.all("on").collect();
        let mut placings: Vec<Placing> = Vec::new();
        for (place, channel) in places() {
            let place = text_of(&place);
            let mut names = standing(app, &place, channel);
            let (is, shall) = (names.contains(&name), ticked.contains(&place_key(&place, channel).as_str()));
            if is == shall {
                continue;
            }
            names.retain(|known| *known != name);
            if shall {
                names.push(name.clone());
            }
            placings.push((place, channel, Some(names)));
        }
        Ok(change::place_all(app, &placings, &by)?)
    });
    match done.await {
        Ok(()) => page.redirect(&to, "flash-saved"),
        Err(why) => refused(page, &why),
    }
}

/// Names of what stands in a place, from top to bottom.
fn standing(app: &App, place: &str, channel: Channel) -> Vec<String> {
    let state = app.shop();
    let blocks = state.blocks.at(place, channel).unwrap_or_default();
    blocks.into_iter().map(|block| block.name.clone()).collect()
}

/// A block in a place.
struct Standing {
    name: String,
    title: String,
    first: bool,
    last: bool,
}

/// A place on a channel with its blocks.
struct Place {
    key: String,
    channel: String,
    blocks: Vec<Standing>,
    /// As it was built in.
    by_default: bool,
    /// Blocks that do not stand there.
    others: Vec<(String, String)>,
}

/// All channels of a place.
struct Group {
    title: String,
    help: String,
    places: Vec<Place>,
}

#[derive(Template)]
#[template(path = "blocks/placements.html")]
struct Placements {
    page: Page,
    may: bool,
    groups: Vec<Group>,
}

/// `GET /placements`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let frame = page.clone();
    let made = answer::work(app, move |app| {
        let known = Placement::ON_SITE.iter().chain(Placement::IN_MESSAGES);
        let groups = known.map(|place| group(app, &frame, *place)).collect::<Result<_, Refused>>()?;
        Ok(Placements { may: frame.may(Right::Edit), groups, page: frame })
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

fn group(app: &App, page: &Page, place: Placement) -> Result<Group, Refused> {
    let state = app.shop();
    let name = text_of(&place);
    let key = key_of(&name);
    let mut made = Group {
        title: page.t(&format!("placement-{key}")),
        help: page.t(&format!("placement-{key}-help")),
        places: Vec::new(),
    };
    for (_, channel) in places().filter(|(known, _)| *known == place) {
        let at = place_key(&name, channel);
        let blocks = state.blocks.at(&name, channel).unwrap_or_default();
        let count = blocks.len();
        let standing = blocks.iter().enumerate().map(|(row, block)| Standing {
            name: block.name.clone(),
            title: block.title(page.locale.code()),
            first: row == 0,
            last: row + 1 == count,
        });
        let free = state.blocks.all().filter(|block| !blocks.iter().any(|known| known.name == block.name));
        let document = app.plane.get(SHOP, kind::PLACE, &at)?.and_then(|document| document.body);
        made.places.push(Place {
            channel: page.t(&format!("channel-{}", key_of(&text_of(&channel)))),
            by_default: document.is_none(),
            others: free.map(|block| (block.name.clone(), block.title(page.locale.code()))).collect(),
            blocks: standing.collect(),
            key: at,
        });
    }
    Ok(made)
}

/// `POST /placements`: moves a block up or down in a place, takes it away, adds one, or goes back to what is built in.
pub async fn order(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let by = page.by().to_owned();
    let key = fields.text("place").to_owned();
    let to = format!("/placements#{key}");
    let done = answer::work(app, move |app| {
        let missing = || Refused::missing("place");
        let (place, channel) = key.rsplit_once('.').ok_or_else(missing)?;
        let channel = channel_of(channel).ok_or_else(missing)?;
        let (what, block) = fields.text("do").split_once(':').unwrap_or((fields.text("do"), ""));
        let mut names = standing(app, place, channel);
        let at = names.iter().position(|name| name == block);
        match (what, at) {
            ("up", Some(at)) if at > 0 => names.swap(at, at - 1),
            ("down", Some(at)) if at + 1 < names.len() => names.swap(at, at + 1),
            ("away", Some(at)) => {
                names.remove(at);
            }
            ("add", _) if !fields.text("block").is_empty() => names.push(fields.text("block").to_owned()),
            ("default", _) => return Ok(change::place(app, place, channel, None, &by)?),
            _ => return Ok(()),
        }
        Ok(change::place(app, place, channel, Some(&names), &by)?)
    });
    match done.await {
        Ok(()) => page.redirect(&to, "flash-saved"),
        Err(why) => refused(page, &why),
    }
}
