//! Wrong settings stop the start with one line, and nothing else.

use crate::bare::beckon;
use crate::program::{Program, run, text};

fn one_line(done: &std::process::Output) -> String {
    assert!(!done.status.success());
    assert_eq!(String::from_utf8_lossy(&done.stdout), "");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(said.lines().count(), 1, "{said}");
    said.trim_end().to_owned()
}

#[test]
fn a_wrong_setting_of_any_source_stops_the_start_in_one_line() {
    let program = Program::set_up("settings");
    let file = program.dir.join("beckon.toml");
    let data = text(&program.data);
    std::fs::write(&file, format!("data = \"{data}\"\n\nsmtp_sessions = \"eight\"\n")).unwrap();
    let wanted = "a whole number from 1 to 64 is wanted";
    let config = ["serve", "--config", text(&file)];
    assert_eq!(
        one_line(&run(&config)),
        format!("beckon: {} line 3: smtp_sessions = \"eight\": {wanted}", file.display())
    );
    std::fs::write(&file, format!("data = \"{data}\"\n")).unwrap();
    let done = beckon().args(config).env("BECKON_SMTP_SESSIONS", "0").output().unwrap();
    assert_eq!(one_line(&done), format!("beckon: environment: BECKON_SMTP_SESSIONS = \"0\": {wanted}"));
    let done = run(&[&config[..], &["--smtp-sessions", "99"]].concat());
    assert_eq!(one_line(&done), format!("beckon: command line: --smtp-sessions = \"99\": {wanted}"));
    let said = one_line(&run(&[&config[..], &["--smtp-session", "9"]].concat()));
    assert!(said.starts_with("beckon: command line: ") && said.contains("--smtp-sessions"), "{said}");
    let said = one_line(&run(&["serve", "--config", "/nowhere/beckon.toml"]));
    assert!(said.starts_with("beckon: /nowhere/beckon.toml: the settings cannot be read"), "{said}");
    let said = one_line(&run(&["serve", "--data", text(&program.dir.join("empty"))]));
    assert!(said.contains("there is no shop here yet"), "{said}");
    program.clear();
}
