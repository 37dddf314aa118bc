//! Wrong settings, each with the line that stops the start.

use super::*;

fn given(options: Options, variables: &[(&str, &str)]) -> Result<Settings, String> {
    options.settings_from(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn from_file(text: &str) -> Result<(), String> {
    file::parse(Path::new("beckon.toml"), text).map(drop)
}

/// Text of a file, and the line that is told.
const WRONG: &[(&str, &str)] = &[
    (
        "data = \"x\"\n\n# so many\nsmtp_sessions = \"eight\"\n",
        "beckon.toml line 4: smtp_sessions = \"eight\": a whole number from 1 to 64 is wanted",
    ),
    (
        "smtp_sessions = 0",
        "beckon.toml line 1: smtp_sessions = 0: \
         a whole number from 1 to 64 is wanted",
    ),
    ("smtp_sessions = 65", "beckon.toml line 1: smtp_sessions = 65: a whole number from 1 to 64 is wanted"),
    ("\nsmtp_session = 4", "beckon.toml line 2: smtp_session: there is no such key; is smtp_sessions meant?"),
    (
        "admin = 8081",
        "beckon.toml line 1: admin = 8081: an address with its port is wanted, as 127.0.0.1:8081",
    ),
    (
        "public_origin = \"mail.example.com\"",
        "beckon.toml line 1: public_origin = \"mail.example.com\": \
             an origin is wanted, as https://mail.example.com, without a path",
    ),
    (
        "public_origin = \"https://example.com/mail\"",
        "beckon.toml line 1: public_origin = \"https://example.com/mail\": \
             an origin is wanted, as https://mail.example.com, without a path",
    ),
    (
        "trusted_proxy = [\"10.0.0.0/8\", \"10.0.0.0/33\"]",
        "beckon.toml line 1: trusted_proxy = [\"10.0.0.0/8\", \"10.0.0.0/33\"]: \
             networks are wanted, as 10.0.0.0/8 or ::1 (not 10.0.0.0/33)",
    ),
    (
        "time_factor = -1",
        "beckon.toml line 1: time_factor = -1: a number above 0 and at most 100000 is wanted",
    ),
    (
        "time_factor = nan",
        "beckon.toml line 1: time_factor = nan: a number above 0 and at most 100000 is wanted",
    ),
    (
        "allow_private_feeds = \"maybe\"",
        "beckon.toml line 1: allow_private_feeds = \"maybe\": true or false is wanted",
    ),
    ("log_format = \"xml\"", "beckon.toml line 1: log_format = \"xml\": text or json is wanted"),
    (
        "log_level = \"loud\"",
        "beckon.toml line 1: log_level = \"loud\": error, warn, info, debug or trace is wanted",
    ),
    ("data = \"\"", "beckon.toml line 1: data = \"\": a directory is wanted"),
    (
        "data = { dir = \"x\" }",
        "beckon.toml line 1: data = { dir = \"x\" }: one value is wanted, as data = \"…\"",
    ),
    (
        "smtp_url_file = \"/nowhere/at/all\"",
        "beckon.toml line 1: smtp_url_file = \"/nowhere/at/all\": \
             the file cannot be read (No such file or directory (os error 2))",
    ),
    (
        "smtp_url = \"smtp://127.0.0.1:25\"\nsmtp_url_file = \"x\"",
        "beckon.toml line 2: smtp_url_file = \"x\": smtp_url and smtp_url_file say the same: \
             remove one of them",
    ),
];

#[test]
fn a_wrong_file_is_told_in_one_line() {
    for (text, line) in WRONG {
        assert_eq!(from_file(text).unwrap_err(), *line);
    }
    let line = from_file("colour = \"red\"").unwrap_err();
    let known = layer::KEYS.join(", ");
    assert_eq!(line, format!("beckon.toml line 1: colour: there is no such key; there are {known}"));
}

#[test]
fn what_is_no_toml_is_told_in_one_line_with_its_number() {
    for text in ["data = \"x\"\npublic 127.0.0.1:80\n", "data = \"x\"\nfrom = \"Tea\n", "a = 1\na = 2"] {
        let line = from_file(text).unwrap_err();
        assert!(line.starts_with("beckon.toml line 2: ") && line.lines().count() == 1, "{line}");
    }
}

#[test]
fn a_password_is_never_repeated() {
    for text in ["smtp_url = \"smtp://me:hush@host:0\"", "smtp_url = \"me:hush@host\""] {
        let line = from_file(text).unwrap_err();
        assert!(
            line.starts_with("beckon.toml line 1: smtp_url = (not shown): ") && !line.contains("hush"),
            "{line}"
        );
    }
    let line = given(Options::default(), &[("BECKON_SMTP_URL", "smtp://me:hush@host:0")]).unwrap_err();
    assert!(
        line.starts_with("environment: BECKON_SMTP_URL = (not shown): ") && !line.contains("hush"),
        "{line}"
    );
}

#[test]
fn wrong_variables_and_options_are_told_in_one_line() {
    for (name, value, line) in [
        (
            "BECKON_SMTP_SESSIONS",
            "eight",
            "environment: BECKON_SMTP_SESSIONS = \"eight\": a whole number from 1 to 64 is wanted",
        ),
        (
            "BECKON_PUBLIK",
            "127.0.0.1:80",
            "environment: BECKON_PUBLIK: there is no such key; is BECKON_PUBLIC meant?",
        ),
        (
            "BECKON_FROM",
            "Tea",
            "environment: BECKON_FROM = \"Tea\": a sender as \"Shop <shop@example.com>\" is wanted",
        ),
    ] {
        let said = given(Options::default(), &[("BECKON_DATA", "x"), (name, value)]).unwrap_err();
        assert!(said.starts_with(line) && said.lines().count() == 1, "{said}");
    }
    let options = Options { smtp_sessions: Some("0".to_owned()), ..Options::default() };
    assert_eq!(
        given(options, &[]).unwrap_err(),
        "command line: --smtp-sessions = \"0\": a whole number from 1 to 64 is wanted"
    );
    assert!(given(Options::default(), &[]).unwrap_err().starts_with("no directory is set: say --data DIR"));
    let twice = [("BECKON_DATA", "x"), ("BECKON_PUBLIC", "127.0.0.1:1"), ("BECKON_ADMIN", "127.0.0.1:1")];
    assert!(given(Options::default(), &twice).unwrap_err().contains("different addresses"));
}

#[test]
fn a_wrong_value_stops_the_start_also_where_it_is_overridden() {
    let options = Options { smtp_sessions: Some("4".to_owned()), ..Options::default() };
    let said = given(options, &[("BECKON_DATA", "x"), ("BECKON_SMTP_SESSIONS", "many")]).unwrap_err();
    assert!(said.starts_with("environment: BECKON_SMTP_SESSIONS"), "{said}");
}

#[test]
fn command_line_wins_over_environment_over_file_over_default() {
    let dir = std::env::temp_dir().join(format!("beckon-config-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (file, secret) = (dir.join("beckon.toml"), dir.join("relay"));
    std::fs::write(&secret, "smtp://127.0.0.1:2525\n").unwrap();
    std::fs::write(
        &file,
        "data = \"f\"\nsmtp_sessions = 2\npublic = \"127.0.0.1:3\"\nmetrics = \"127.0.0.1:9\"\n",
    )
    .unwrap();
    let options = Options { data: Some("l".to_owned()), ..Options::default() };
    let settings = given(
        options,
        &[
            ("BECKON_CONFIG", file.to_str().unwrap()),
            ("BECKON_SMTP_URL_FILE", secret.to_str().unwrap()),
            ("BECKON_DATA", "e"),
            ("BECKON_SMTP_SESSIONS", "3"),
            ("BECKON_SERVICE_PORT_HTTP", "set by the cluster"),
        ],
    )
    .unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
    let config = settings.config;
    assert_eq!(config.dir, Path::new("l"));
    assert_eq!(config.smtp_sessions, 3);
    assert_eq!(config.public.port(), 3);
    assert_eq!(config.admin.port(), 8081);
    assert_eq!(config.ops.metrics.map(|at| at.port()), Some(9));
    assert_eq!(config.smtp_url.as_deref(), Some("smtp://127.0.0.1:2525"));
    assert_eq!(settings.log_format, Format::Text);
}

#[test]
fn a_program_that_may_have_another_beside_it_leaves_slowly() {
    let drain = |set: &[(&str, &str)]| given(Options::default(), set).unwrap().config.ops.drain.as_secs();
    let database = ("BECKON_DATABASE", "postgres://u:p@127.0.0.1/shop");
    assert_eq!(drain(&[("BECKON_DATA", "e")]), 0);
    assert_eq!(drain(&[database]), 5);
    assert_eq!(drain(&[database, ("BECKON_DRAIN_SECS", "0")]), 0);
}

#[test]
fn the_example_names_every_key_and_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/beckon.toml");
    let text = std::fs::read_to_string(path).unwrap();
    file::parse(Path::new("beckon.toml"), &text).unwrap();
    // Every line that is commented out is right too, once it is let in; but a secret has one source.
    let all = text.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line));
    let other = |line: &&str| line.starts_with("smtp_url_file") || line.starts_with("database_file");
    let all: String = all.filter(|line| !other(line)).map(|line| format!("{line}\n")).collect();
    file::parse(Path::new("beckon.toml"), &all).unwrap();
    for key in layer::KEYS {
        let names = |line: &str| line.trim_start_matches("#: ").starts_with(&format!("{key} = "));
        assert!(text.lines().any(names), "{key} is not in deploy/beckon.toml");
    }
}
