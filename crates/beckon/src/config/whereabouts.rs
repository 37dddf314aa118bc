//! Which shop a command means: a directory, or a database on a server.

pub use super::layer::secret as only_line;
use beckon_store::Place;
use std::path::Path;

/// One of both, on the command line or in the environment.
#[derive(clap::Args, Clone, Default)]
pub struct Whereabouts {
    /// Directory of the shop.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// PostgreSQL database of the shop, as postgres://user:password@host/name. The list of processes shows it: rather
    /// use the environment or a file. [env: BECKON_DATABASE]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// File that holds the database's URL in its only line. [env: BECKON_DATABASE_FILE]
    #[arg(long, value_name = "FILE")]
    database_file: Option<String>,
}

impl Whereabouts {
    /// The place; `None` when nothing names one.
    ///
    /// # Errors
    /// One line: two places are named, or one cannot be read. It shows no part of a URL.
    pub fn named(&self) -> Result<Option<Place>, String> {
        self.named_in(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn named_in(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Place>, String> {
        let set = |value: &Option<String>, name: &'static str| match value {
            Some(value) => Some((value.clone(), option(name))),
            None => variable(name).map(|value| (value, name)),
        };
        let database = match (
            set(&self.database, "BECKON_DATABASE"),
            set(&self.database_file, "BECKON_DATABASE_FILE"),
        ) {
            (Some((_, one)), Some((_, other))) => return Err(twice(one, other)),
            (Some((url, name)), None) => Some((url, name)),
            (None, Some((file, name))) => {
                Some((only_line(Path::new(&file)).map_err(|why| format!("{name}: {why}"))?, name))
            }
            (None, None) => None,
        };
        let Some((url, name)) = database else {
            return Ok(self.data.as_deref().map(Place::read));
        };
        if self.data.is_some() {
            return Err(twice("--data", name));
        }
        server(&url).map(Some).map_err(|why| format!("{name}: {why}"))
    }

    /// The place.
    ///
    /// # Errors
    /// As [`Whereabouts::named`], or that none is named.
    pub fn place(&self) -> Result<Place, String> {
        let none = "no shop is named: say --data DIR, or --database URL (or set BECKON_DATABASE)";
        let place = self.named()?.ok_or(none)?;
        place.check().map_err(|why| why.to_string())?;
        Ok(place)
    }
}

fn option(name: &str) -> &'static str {
    if name == "BECKON_DATABASE" { "--database" } else { "--database-file" }
}

fn twice(one: &str, other: &str) -> String {
    format!("{one} and {other} name two places: leave one of them out")
}

/// The URL of a database, checked.
///
/// # Errors
/// What is wrong, without any part of it.
pub fn server(url: &str) -> Result<Place, String> {
    match Place::read(url) {
        place @ Place::Server(_) => place.check().map(|()| place).map_err(|why| why.to_string()),
        Place::Directory(_) => {
            Err("the URL of a database is wanted, as postgres://user:password@host/name".to_owned())
        }
    }
}

/// Whether a shop may be there: a directory that has none is not made by looking.
#[must_use]
pub fn is_there(place: &Place) -> bool {
    match place {
        Place::Directory(dir) => dir.join("shop.db").is_file(),
        Place::Server(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_taken_and_two_are_refused_without_showing_them() {
        let url = "postgres://anna:secret@db.example/shop";
        let on = |data: Option<&str>, database: Option<&str>| Whereabouts {
            data: data.map(str::to_owned),
            database: database.map(str::to_owned),
            database_file: None,
        };
        let none = |_: &str| None;
        let set = |name: &str| (name == "BECKON_DATABASE").then(|| url.to_owned());
        assert_eq!(on(Some("d"), None).named_in(none).unwrap(), Some(Place::Directory("d".into())));
        assert_eq!(on(None, Some(url)).named_in(none).unwrap(), Some(Place::Server(url.to_owned())));
        assert_eq!(on(None, None).named_in(set).unwrap(), Some(Place::Server(url.to_owned())));
        assert_eq!(on(None, None).named_in(none).unwrap(), None);
        for (place, set) in [
            (on(Some("d"), Some(url)).named_in(none), "--database"),
            (on(Some("d"), None).named_in(set), "BECKON_DATABASE"),
            (on(None, Some("mysql://anna:secret@h/d")).named_in(none), "--database"),
            (on(None, Some("postgres://anna:sec@ret:secret/d")).named_in(none), "--database"),
        ] {
            let why = place.unwrap_err();
            assert!(why.contains(set) && !why.contains("secret"), "{why}");
        }
    }
}
