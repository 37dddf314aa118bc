//! Logs hold nothing personal, also when everything is logged.

use crate::program::Program;
use crate::{http, program, shop};
use beckon_sim::smtp::{Faults, Mailbox, Options, Step, What};
use serde_json::{Value, json};

/// What must not be found: address, phone, name, and where requests come from.
const PERSONAL: [&str; 9] = [
    "anna",
    "Karenina",
    "boris",
    "mail.example",
    "7916123456",
    "916 123",
    "203.0.113.77",
    "203.0.113.78",
    "mallory",
];

async fn tell(program: &Program) {
    let context =
        json!({"ip": "203.0.113.78", "page": {"referrer": "https://x.example/?email=anna@mail.example"}});
    let people =
        [("b-1", "anna@mail.example", "+7 916 123-45-67"), ("b-2", "boris@mail.example", "+7 916 123-45-68")];
    for (browser, email, phone) in people {
        let traits = json!({"email": email, "email_consent": true, "firstName": "Anna", "lastName": "Karenina",
            "phone": phone});
        program.web(browser, json!({"type": "identify", "traits": traits, "context": context})).await;
        program.fills_cart(browser, email).await;
    }
    // What cannot be read is told of too.
    let bad = json!({"type": "identify", "traits": {"email": "anna@@mail.example", "phone": "+7 916 123"}});
    program.web("b-3", bad).await;
    let from = "X-Forwarded-For: 203.0.113.77";
    for body in ["{\"email\": \"anna@mail.example\"", "email=mallory@mail.example"] {
        let answer = http::request(program.public, "POST", "/v1/identify", &[from], body.as_bytes()).await;
        assert!(answer.unwrap().status >= 400);
    }
    assert_eq!(program.sign_in("mallory@mail.example", "wrong horse").await, None);
    let link = "/sign-in?next=/customers?q=anna@mail.example";
    http::request(program.admin, "GET", link, &[from], b"").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logs_name_nobody() {
    let faults = Faults::rule(|asked| match asked.step {
        Step::Rcpt if asked.to.starts_with("boris") => Some(What::Refuse(550)),
        _ => None,
    });
    let relay =
        Mailbox::start(Options { addr: shop::free_port(), faults, ..Options::default() }).await.unwrap();
    for format in ["text", "json"] {
        let mut program = Program::set_up("logs");
        let url = format!("smtp://{}", relay.addr());
        let options = ["--smtp-url", &url, "--time-factor", "3600", "--log-format", format];
        program.options = options.map(str::to_owned).to_vec();
        program.options.extend(["--trusted-proxy", "127.0.0.1"].map(str::to_owned));
        program.rust_log = "warn,beckon=debug,beckon_server=debug,beckon_store=debug,beckon_channels=debug,\
                            beckon_core=debug,beckon_render=debug,beckon_recommend=debug";
        let serving = program.start().await;
        tell(&program).await;
        let end = async |outcome: &str| {
            let line = format!("beckon_messages_total{{outcome=\"{outcome}\"}}");
            program.metric(&line).await.is_some_and(|count| count >= 1.0)
        };
        program::until("a mail and a bounce", async || end("sent").await && end("never").await).await;
        serving.stop().await;
        let log = program.log();
        assert!(log.contains("listening"), "nothing was logged: {log}");
        for personal in PERSONAL {
            assert!(!log.contains(personal), "{personal} is in the log:\n{log}");
        }
        if format == "json" {
            for line in log.lines() {
                let line: Value = serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
                assert!(line["level"].is_string() && line["target"].is_string(), "{line}");
            }
        }
        program.clear();
    }
}
