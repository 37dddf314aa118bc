//! What is tried: journeys, settings and catalogue, of a shop or of none.

use beckon_core::money::{Currency, Money};
use beckon_core::plan::{self, Journey, Plan, Settings, parse_share};
use beckon_core::time::ShopTime;
use beckon_replay::Catalogue;
use beckon_server::app::SHOP;
use beckon_server::facts::catalogue::Catalogue as Offered;
use beckon_server::i18n::Locale;
use beckon_server::setup::READY;
use beckon_server::shop_state::ShopState;
use beckon_server::why_text::Words;
use beckon_sim::shoppers::Good;
use beckon_store::look::copy_shop;
use beckon_store::shop::ShopPlane;
use beckon_store::{Place, look_server};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Offers of a shop the shoppers choose among at most; more say nothing more.
const GOODS_MAX: usize = 100_000;
const GLOBAL: &str = "global_holdout, quiet_from, quiet_until";

/// What is tried.
#[derive(Clone)]
pub struct Tried {
    journeys: BTreeMap<String, Journey>,
    settings: Settings,
    own_locale: Option<Locale>,
    /// A real shop in whose catalogue nothing can be ordered.
    pub lacks_goods: bool,
    /// Offers of a real shop; none where the invented one is played.
    pub goods: Vec<Good>,
    catalogue: Option<std::sync::Arc<Offered>>,
}

impl Tried {
    /// Reads all of it.
    ///
    /// # Errors
    /// What is wrong, where, and what to do.
    pub fn read(shop: Option<&Place>, plans: &[PathBuf], set: &[String]) -> Result<Tried, String> {
        let mut tried = match shop {
            Some(place) => Tried::of_shop(place)?,
            None => Tried::invented(plans.is_empty())?,
        };
        for path in plans {
            tried.add_file(path)?;
        }
        for text in set {
            tried.set(text).map_err(|why| format!("--set {text}: {why}"))?;
        }
        if tried.names_on().is_empty() {
            let names: Vec<&str> = tried.journeys.keys().map(String::as_str).collect();
            let names = names.join(", ");
            return Err(format!(
                "no journey is switched on: add --set NAME.on=yes (there are: {names}), or --plan FILE"
            ));
        }
        Ok(tried)
    }

    fn invented(with_ready: bool) -> Result<Tried, String> {
        let mut journeys = BTreeMap::new();
        for (name, text) in READY.iter().filter(|_| with_ready) {
            let mut journey = plan::parse(text).map_err(|problem| format!("{name}, {problem}"))?;
            journey.on = true;
            journeys.insert(journey.name.clone(), journey);
        }
        let settings = Settings::default();
        let (goods, catalogue) = (Vec::new(), None);
        Ok(Tried { journeys, settings, own_locale: None, lacks_goods: false, goods, catalogue })
    }

    fn of_shop(place: &Place) -> Result<Tried, String> {
        let none = || format!("there is no shop in {place}: run `beckon init` first");
        match place {
            Place::Directory(dir) if !dir.join("shop.db").is_file() => Err(none()),
            Place::Directory(dir) => {
                // Opening brings an older schema up to date and may write: what is only looked at is a copy.
                let copy = ShopCopy::of(dir)?;
                Tried::of_plane(&ShopPlane::open(&copy.0).map_err(|why| why.to_string())?, place)
            }
            Place::Server(_) => {
                let found = look_server::database(place).map_err(|why| why.to_string())?;
                let schemas = found.map(|found| found.schemas).unwrap_or_default();
                match schemas.iter().find(|(plane, ..)| *plane == "shop") {
                    Some((_, at, known)) if at == known => {}
                    Some((_, at, _)) if *at > 0 => {
                        return Err(
                            "the database has another schema than this program's: start the new program \
                            on it first, or use the old one"
                                .to_owned(),
                        );
                    }
                    _ => return Err(none()),
                }
                Tried::of_plane(&ShopPlane::open_at(place).map_err(|why| why.to_string())?, place)
            }
        }
    }

    fn of_plane(plane: &ShopPlane, place: &Place) -> Result<Tried, String> {
        let state = ShopState::load(plane, SHOP, None).map_err(|why| why.to_string())?;
        if let Some(trouble) = state.troubles.first() {
            return Err(format!("{place}: {trouble}; mend it with `beckon apply`"));
        }
        let mut goods = Vec::new();
        let each = |card: &beckon_store::shop::Card| {
            if card.available && goods.len() < GOODS_MAX {
                let currency = Currency::parse(&card.currency).unwrap_or_default();
                let price = card.minor.map(|minor| Money { minor, currency });
                goods.push(Good { id: card.id.clone(), price });
            }
        };
        Offered::load(plane, SHOP, each).map_err(|why| why.to_string())?;
        let journeys = state.plan.journeys.values().map(|journey| {
            // Since when it is on is a moment of the real clock.
            (journey.name.clone(), Journey { on_since: ShopTime(0), ..journey.clone() })
        });
        Ok(Tried {
            journeys: journeys.collect(),
            settings: Settings { stopped: false, ..state.plan.settings.clone() },
            own_locale: Locale::parse(&state.card.locale),
            // A shop that has no goods yet can still try its journeys on those of the invented one.
            lacks_goods: goods.is_empty(),
            catalogue: (!goods.is_empty()).then(|| state.catalogue.clone()),
            goods,
        })
    }

    fn add_file(&mut self, path: &Path) -> Result<(), String> {
        let file = path.display();
        let text = std::fs::read_to_string(path).map_err(|why| format!("{file}: {why}"))?;
        let mut journey = plan::parse(&text).map_err(|problem| format!("{file}, {problem}"))?;
        journey.on = true;
        self.journeys.insert(journey.name.clone(), journey);
        Ok(())
    }

    /// The same with one thing changed: a setting, or a journey's file.
    ///
    /// # Errors
    /// As [`Tried::read`].
    pub fn with(&self, what: &str) -> Result<Tried, String> {
        let mut other = self.clone();
        if what.contains('=') && !Path::new(what).exists() {
            other.set(what).map_err(|why| format!("--compare {what}: {why}"))?;
        } else {
            other.add_file(Path::new(what))?;
        }
        Ok(other)
    }

    fn set(&mut self, text: &str) -> Result<(), String> {
        let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
        let (name, value) = (name.trim(), value.trim());
        let Some((journey, setting)) = name.split_once('.') else { return self.set_gate(name, value) };
        let known = self.journeys.keys().cloned().collect::<Vec<_>>().join(", ");
        let journey = self
            .journeys
            .get_mut(journey)
            .ok_or_else(|| format!("there is no journey `{journey}`; there are: {known}"))?;
        if setting == "on" {
            journey.on = match value {
                "yes" | "true" | "1" => true,
                "no" | "false" | "0" => false,
                _ => return Err(format!("`{value}` is neither yes nor no")),
            };
            return Ok(());
        }
        journey.set(setting, value)
    }

    fn set_gate(&mut self, name: &str, value: &str) -> Result<(), String> {
        let hour = || {
            let hour = value.parse::<i8>().ok().filter(|hour| (0..24).contains(hour));
            hour.ok_or_else(|| format!("`{value}` is not an hour from 0 to 23"))
        };
        match name {
            "global_holdout" => {
                self.settings.global_holdout_ppm = parse_share(value)
                    .ok_or_else(|| format!("`{value}` is not a share; write `2%` or `0.02`, at most 50%"))?;
            }
            "quiet_from" => self.settings.quiet_from_hour = hour()?,
            "quiet_until" => self.settings.quiet_until_hour = hour()?,
            _ => {
                return Err(format!(
                    "`{name}` is not a setting: use {GLOBAL}, or JOURNEY.NAME with on, holdout, priority, after \
                     or a split of the journey"
                ));
            }
        }
        Ok(())
    }

    /// The plan of it.
    ///
    /// # Errors
    /// Two names that cannot stand side by side.
    pub fn plan(&self) -> Result<Plan, String> {
        Plan::new(1, self.journeys.values().cloned().collect(), self.settings.clone())
    }

    /// Names of the journeys that are on.
    pub fn names_on(&self) -> Vec<&str> {
        self.journeys.values().filter(|journey| journey.on).map(|journey| journey.name.as_str()).collect()
    }

    /// The shop's own catalogue, or the invented one's.
    pub fn catalogue<'a>(&'a self, invented: &'a dyn Catalogue) -> &'a dyn Catalogue {
        match &self.catalogue {
            Some(own) => &**own,
            None => invented,
        }
    }

    /// The language asked for, else the shop's, else Russian as in the demo.
    ///
    /// # Errors
    /// It is neither.
    pub fn locale(&self, asked: Option<&str>) -> Result<Locale, String> {
        match asked {
            Some(code) => Locale::parse(code).ok_or_else(|| "--locale: ru or en".to_owned()),
            None => Ok(self.own_locale.unwrap_or(Locale::Ru)),
        }
    }

    /// Words for reasons and journeys.
    pub fn words(&self, locale: Locale) -> Words {
        let title = |journey: &Journey| {
            let title = journey.title.get(locale.code()).or_else(|| journey.title.values().next());
            title.cloned().unwrap_or_else(|| journey.name.clone())
        };
        Words {
            locale,
            zone: TimeZone::get(&self.settings.time_zone).unwrap_or(TimeZone::UTC),
            titles: self.journeys.values().map(|journey| (journey.name.clone(), title(journey))).collect(),
        }
    }
}

/// A copy of a shop's plane, which goes when this is dropped.
struct ShopCopy(PathBuf);

impl ShopCopy {
    fn of(dir: &Path) -> Result<ShopCopy, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("beckon-simulate-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut builder = std::fs::DirBuilder::new();
        // It holds the shop's keys.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        let copy = ShopCopy(path);
        copy_shop(dir, &copy.0).map_err(|why| format!("{}: {why}", dir.display()))?;
        Ok(copy)
    }
}

impl Drop for ShopCopy {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invented() -> Tried {
        Tried::read(None, &[], &[]).unwrap()
    }

    #[test]
    fn a_setting_that_is_not_known_names_those_that_are() {
        let mut tried = invented();
        let wrong = |tried: &mut Tried, text: &str| tried.set(text).unwrap_err();
        assert!(wrong(&mut tried, "nonsense=1").contains("global_holdout"), "settings of the shop");
        let known = wrong(&mut tried, "abandoned-cart.nonsense=1");
        assert!(["holdout", "priority", "after"].iter().all(|name| known.contains(name)), "{known}");
        assert!(wrong(&mut tried, "no-such.holdout=1").contains("abandoned-cart"), "journeys");
        assert!(wrong(&mut tried, "quiet_from=25").contains("0 to 23"));
        assert!(wrong(&mut tried, "abandoned-cart.holdout=90%").contains("at most 50%"));
        assert!(wrong(&mut tried, "holdout").contains("NAME=VALUE"));
        tried.set("abandoned-cart.variant=once").unwrap();
        tried.set("global_holdout=0").unwrap();
        assert_eq!(tried.settings.global_holdout_ppm, 0);
    }

    #[test]
    fn a_plan_with_a_mistake_names_file_line_and_mend() {
        let path = std::env::temp_dir().join(format!("beckon-tried-{}.yaml", std::process::id()));
        std::fs::write(&path, "journey: x\nclass: Q\n").unwrap();
        let why = Tried::read(None, std::slice::from_ref(&path), &[]).err().unwrap();
        std::fs::remove_file(&path).unwrap();
        let wanted = [path.display().to_string(), "line".to_owned()];
        assert!(wanted.iter().all(|part| why.contains(part)), "{why}");
    }

    #[test]
    fn nothing_switched_on_says_how_to_switch_it_on() {
        let why = Tried::read(None, &[], &["abandoned-cart.on=no".to_owned()]).err().unwrap();
        assert!(why.contains("--set NAME.on=yes") && why.contains("abandoned-cart"), "{why}");
    }

    #[test]
    fn a_directory_without_a_shop_stays_empty() {
        let dir = std::env::temp_dir().join(format!("beckon-none-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let why = Tried::read(Some(&Place::Directory(dir.clone())), &[], &[]).err().unwrap();
        assert!(why.contains("beckon init"), "{why}");
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
        std::fs::remove_dir(&dir).unwrap();
    }
}
