//! The shop's plane in memory: an immutable snapshot that is replaced when its version changes.

use crate::access::keys::Keys;
use crate::access::signing::Signing;
use crate::blocks::endpoint::Endpoint;
use crate::blocks::live::Blocks;
use crate::facts::catalogue::Catalogue;
use crate::settings::{JourneyDocument, MAIN, ShopCard, ShopSettings, TemplateDocument, kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beckon_core::ids::ShopId;
use beckon_core::plan::{self, Plan};
use beckon_core::time::ShopTime;
use beckon_render::{Source, Template};
use beckon_store::shop::{Document, ShopPlane};
use beckon_store::{Error, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Everything about a shop that is not about one customer.
pub struct ShopState {
    /// Which shop.
    pub shop: ShopId,
    /// Version of the plane.
    pub version: u64,
    /// Who it is.
    pub card: ShopCard,
    /// How it is run.
    pub settings: ShopSettings,
    /// Its keys.
    pub keys: Keys,
    /// Signs links.
    pub secret: [u8; 32],
    /// What identities are signed with; `None` until a key is made.
    pub signing: Option<Signing>,
    /// What decisions are made with.
    pub plan: Arc<Plan>,
    /// Journeys as documents, for the screens.
    pub journeys: BTreeMap<String, JourneyDocument>,
    /// Compiled templates by `name.locale`.
    pub templates: HashMap<String, Arc<Template>>,
    /// Blocks of recommendations.
    pub blocks: Blocks,
    /// Endpoints of the shop's own that recommend, by name.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Digests of their texts, which the plane keeps for ever.
    pub texts: HashMap<String, u64>,
    /// The catalogue.
    pub catalogue: Arc<Catalogue>,
    /// What is wrong with documents that could not be used, for a person.
    pub troubles: Vec<String>,
}

impl ShopState {
    /// Reads the plane as it is now. A document that cannot be used is left out and told of in `troubles`.
    ///
    /// # Errors
    /// The plane cannot be read, or the shop was never set up.
    pub fn load(plane: &ShopPlane, shop: ShopId, before: Option<&ShopState>) -> Result<ShopState> {
        let version = plane.version()?;
        let documents = |kind: &str| plane.list(shop, kind);
        let secret: String = one(&documents(kind::SECRET)?).unwrap_or_default();
        let secret =
            STANDARD.decode(secret).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
                Error::Corrupt("there is no shop here yet: run `beckon init --data DIR` first".to_owned())
            })?;
        let settings: ShopSettings = one(&documents(kind::SETTINGS)?).unwrap_or_default();
        let mut troubles = Vec::new();
        let journeys: BTreeMap<String, JourneyDocument> = named(&documents(kind::JOURNEY)?);
        let (own, places) = (named(&documents(kind::BLOCK)?), named(&documents(kind::PLACE)?));
        let blocks = Blocks::of(&own, &places, &mut troubles);
        let mut plan = build_plan(version, &journeys, &settings, &mut troubles);
        plan.blocks = blocks.names();
        let unchanged =
            before.filter(|state| Some(state.catalogue.version) == plane.catalogue_version(shop).ok());
        let catalogue = match unchanged {
            Some(state) => state.catalogue.clone(),
            None => Arc::new(Catalogue::load(plane, shop, |_| {})?),
        };
        let (templates, texts) = templates(&named(&documents(kind::TEMPLATE)?), &mut troubles);
        let kept: Vec<(u64, &str)> = texts.values().map(|text| (digest(text), text.as_str())).collect();
        // Before the first mail is made of it: what was sent can be shown for as long as its facts are kept.
        plane.keep_texts(shop, &kept)?;
        Ok(ShopState {
            shop,
            version,
            card: one(&documents(kind::SHOP)?).unwrap_or_default(),
            keys: Keys::of(&documents(kind::KEY)?, before.map(|state| &state.keys)),
            secret,
            signing: one(&documents(kind::SIGNING)?),
            plan: Arc::new(plan),
            journeys,
            blocks,
            endpoints: named(&documents(kind::ENDPOINT)?),
            texts: texts.iter().map(|(key, text)| (key.clone(), digest(text))).collect(),
            templates,
            catalogue,
            settings,
            troubles,
        })
    }

    /// The template in the customer's language, else the shop's, else English or any.
    #[must_use]
    pub fn template(&self, name: &str, locale: &str) -> Option<Arc<Template>> {
        self.templates.get(&self.template_key(name, locale)?).cloned()
    }

    /// The key, `name.locale`, of the template that [`ShopState::template`] chooses.
    #[must_use]
    pub fn template_key(&self, name: &str, locale: &str) -> Option<String> {
        let short = locale.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        let own = self.card.locale.as_str();
        let keys = [short.as_str(), own, "en", "ru"].map(|locale| format!("{name}.{locale}"));
        keys.into_iter().find(|key| self.templates.contains_key(key))
    }
}

/// The body of the only document of a kind.
fn one<T: serde::de::DeserializeOwned>(documents: &[Document]) -> Option<T> {
    let document = documents.iter().find(|document| document.name == MAIN)?;
    serde_json::from_str(document.body.as_deref()?).ok()
}

/// The bodies of all documents of a kind by name.
fn named<T: serde::de::DeserializeOwned>(documents: &[Document]) -> BTreeMap<String, T> {
    let read = |document: &Document| {
        let body = serde_json::from_str(document.body.as_deref()?).ok()?;
        Some((document.name.clone(), body))
    };
    documents.iter().filter_map(read).collect()
}

fn build_plan(
    version: u64,
    documents: &BTreeMap<String, JourneyDocument>,
    settings: &ShopSettings,
    troubles: &mut Vec<String>,
) -> Plan {
    let mut journeys = Vec::new();
    for (name, document) in documents {
        match read_journey(document) {
            Ok(journey) => journeys.push(journey),
            Err(why) => troubles.push(format!("journey {name}: {why}")),
        }
    }
    Plan::new(version, journeys, settings.gate()).unwrap_or_else(|why| {
        troubles.push(why);
        Plan { version, settings: settings.gate(), ..Plan::default() }
    })
}

/// The journey of a document with all its published graphs.
///
/// # Errors
/// What is wrong with the text, or with a setting beside it.
pub fn read_journey(document: &JourneyDocument) -> std::result::Result<plan::Journey, String> {
    let mut journey = plan::parse(&document.text).map_err(|problem| problem.to_string())?;
    let newest = journey.graphs.remove(&1).unwrap_or_default();
    for (version, text) in &document.texts {
        let Ok(mut old) = plan::parse(text) else { continue };
        for (name, value) in document.pinned.get(version).into_iter().flatten() {
            // What this version no longer knows was dropped when it was published.
            let _ = old.set(name, value);
        }
        if let Some(graph) = old.graphs.remove(&1) {
            journey.graphs.insert(*version, graph);
        }
    }
    for (version, order) in &document.moves {
        let key = |(from, to): (&String, &String)| (plan::name_key(from), plan::name_key(to));
        let steps = order.steps.iter().map(key).collect();
        journey.moves.insert(*version, plan::Move { to: order.to, end: order.end, steps });
    }
    journey.current = document.graph.max(1);
    journey.graphs.insert(journey.current, newest);
    journey.on = document.on;
    journey.on_since = ShopTime(document.on_since);
    // Those of the whole first: a step that has one of its own keeps it.
    let (steps, whole): (Vec<_>, Vec<_>) = document.set.iter().partition(|(name, _)| name.contains('.'));
    for (name, value) in whole.into_iter().chain(steps) {
        journey.set(name, value)?;
    }
    Ok(journey)
}

/// Shipped templates, with the shop's own in their place, and the texts of those in use.
fn templates(
    own: &BTreeMap<String, TemplateDocument>,
    troubles: &mut Vec<String>,
) -> (HashMap<String, Arc<Template>>, HashMap<String, String>) {
    let shipped = Source::shipped().into_iter();
    let shipped = shipped.map(|(name, locale, text)| (format!("{name}.{locale}"), text.to_owned()));
    let own = own.iter().map(|(name, document)| (name.clone(), document.text.clone()));
    let (mut compiled, mut texts) = (HashMap::new(), HashMap::new());
    for (key, text) in shipped.chain(own) {
        match compile_template(&key, &text) {
            Ok(template) => {
                compiled.insert(key.clone(), Arc::new(template));
                texts.insert(key, text);
            }
            // The one before stays in use: a broken edit never stops the mails.
            Err(why) => troubles.push(format!("template {key}: {why}")),
        }
    }
    (compiled, texts)
}

/// By what the text of a template is found again.
#[must_use]
pub fn digest(text: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(text.as_bytes())
}

/// Compiles a template file whose key is `name.locale`.
///
/// # Errors
/// Every problem on a line of its own.
pub fn compile_template(key: &str, text: &str) -> std::result::Result<Template, String> {
    let (name, locale) = key.rsplit_once('.').ok_or("a template is called `name.locale`, as `cart-1.en`")?;
    let source = Source::parse(name, locale, text).map_err(|problem| problem.to_string())?;
    Template::compile(&source)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
