//! A shop that moves from its directory to PostgreSQL: it arrives with everything, starts paused, sends nothing twice,
//! and nothing that anybody says shows the password.

use crate::backup::{FAST, copies, paused, relay, resume};
use crate::program::{OWNER, Program, refused, run, text, told, until};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_moves_to_postgresql_and_goes_on_there() {
    let Some(database) = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap() else { return };
    let relay = relay().await;
    let mut program = Program::set_up("database");
    let smtp = format!("smtp://{}", relay.addr());
    program.options = ["--smtp-url", &smtp, "--time-factor", FAST].map(str::to_owned).to_vec();
    let serving = program.start().await;
    program.fills_cart("before", "before@mail.example").await;
    until("the first mail", async || relay.accepted() > 0).await;
    let secret = program.dir.join("url");
    std::fs::write(&secret, format!("{}\n", database.url)).unwrap();
    let migrate = ["migrate", "--from", text(&program.data), "--to-file", text(&secret)];
    assert!(refused(&migrate).contains("in use by process"), "a shop is carried away under its server");
    serving.stop().await;

    let said = told(&migrate);
    assert!(said.contains("compared row by row") && said.contains("identity: "), "{said}");
    assert!(told(&migrate).contains("carried over before"), "once is enough");
    let old = refused(&["serve", "--data", text(&program.data)]);
    assert!(old.contains("carried over to PostgreSQL") && old.lines().count() == 1, "{old}");

    let mut moved = program.on(program.dir.join("feeds"));
    std::fs::create_dir_all(&moved.data).unwrap();
    moved.options.extend(["--database-file".to_owned(), text(&secret).to_owned()]);
    let serving = moved.start().await;
    let sent = relay.accepted();
    paused(&moved).await;
    assert_eq!(relay.accepted(), sent, "a shop that has just arrived sent something");
    resume(&moved).await;
    moved.fills_cart("after", "after@mail.example").await;
    let came = async || relay.received().iter().any(|mail| mail.to == "after@mail.example");
    until("the mail of a cart that was filled after", came).await;
    let cookie = moved.sign_in(OWNER.0, OWNER.1).await.expect("the owner is let in");
    let found = moved.staff("/customers?q=before%40mail.example", &cookie).await;
    assert!(found.body.contains("before@mail.example"), "{}", found.body);
    assert!(moved.metric("beckon_database_bytes{plane=\"both\"}").await.is_some_and(|bytes| bytes > 1e6));
    serving.stop().await;
    let twice: Vec<_> = copies(&relay).into_iter().filter(|(_, copies)| *copies > 1).collect();
    assert!(twice.is_empty(), "sent twice: {twice:?}");
    assert_eq!(std::fs::read_dir(&moved.data).unwrap().count(), 0, "something is kept beside the database");

    let checked = ["doctor", "--json", "--lang", "en", "--database-file", text(&secret)];
    let said = String::from_utf8(run(&checked).stdout).unwrap();
    let findings: Value = serde_json::from_str(&said).unwrap();
    let of = |found: &str| findings.as_array().unwrap().iter().any(|finding| finding["found"] == found);
    for found in ["server-good", "server-roomy", "server-schema", "clocks-agree", "sending-on"] {
        assert!(of(found), "no {found} in {said}");
    }
    // The server of the tests is not synced, for speed.
    assert!(of("server-careless"), "{said}");
    let log = moved.log();
    assert!(!log.contains("only-in-tests") && !said.contains("only-in-tests"), "the password is shown");
    moved.clear();
}

#[test]
fn what_is_wrong_with_a_database_is_told_without_its_password() {
    let dir =
        std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("url-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (data, nobody) = (text(&dir), "postgres://anna:s3cret@127.0.0.1:9/shop?connect_timeout=2");
    for (args, wanted) in [
        (&["serve", "--data", data, "--database", nobody][..], "cannot be reached"),
        (&["serve", "--database", "mysql://anna:s3cret@h/d"], "the URL of a database is wanted"),
        (
            &["init", "--database", nobody, "--email", "a@b.example", "--password", "correct horse"],
            "cannot be reached",
        ),
        (&["apply", "--ready", "abandoned-cart", "--data", data, "--database", nobody], "two places"),
        (&["import", "feed", "f.xml", "--database", "postgres://anna:s3cret@h:x/d"], "cannot be read"),
        (&["staff", "reset", "a@b.example", "--database", nobody], "cannot be reached"),
        (&["simulate", "--database", nobody], "cannot be reached"),
        (&["evaluate", "report", "--database", nobody], "cannot be reached"),
        (&["migrate", "--from", data, "--to", nobody], "there is no customers.db"),
        (&["backup", "--data", nobody, "--to", "/nowhere"], "pg_dump"),
        (&["restore", "--data", nobody, "--from", "/nowhere"], "pg_restore"),
    ] {
        let said = refused(args);
        assert!(said.contains(wanted), "beckon {}: {said}", args.join(" "));
        assert!(!said.contains("s3cret") && !said.contains("anna"), "beckon {}: {said}", args[0]);
    }
    let done = run(&["doctor", "--lang", "ru", "--database", nobody]);
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.contains("cannot be reached") && !said.contains("s3cret"), "{said}");
    std::fs::remove_dir_all(&dir).unwrap();
}
