//! The screen of the programs, as the one that stands by shows it: both programs, in both languages and on a phone.

use crate::bare::beckon;
use crate::browser::Browser;
use crate::pages::{choose, look_at};
use crate::program::Program;

const EMAIL: &str = "owner@shop.example";
const PASSWORD: &str = "correct horse";

#[tokio::test]
async fn the_programs_of_one_shop_are_shown_by_the_one_that_stands_by() {
    let Some(browser) = Browser::launch().await else { return };
    let Some(database) = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap() else { return };
    let person = ["--email", EMAIL, "--password", PASSWORD, "--locale", "en"];
    let init = beckon().args(["init", "--database", &database.url]).args(person).output().unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let _owner = Program::serve_at("nodes-owner", &database.url);
    let standby = Program::serve_at("nodes-standby", &database.url);
    let origin = standby.origin(0);
    let page = browser.open(&format!("{origin}/sign-in")).await;
    page.viewport(1440, 900, false).await;
    page.wait_for("form[action='/sign-in']").await;
    page.type_into("[name=email]", EMAIL).await;
    page.type_into("[name=password]", PASSWORD).await;
    page.click("form[action='/sign-in'] button.primary").await;
    page.wait_for(".side nav").await;
    let (kind, path) = ("/settings/programs/two".to_owned(), "/settings/programs".to_owned());
    for (lang, owner, stands_by) in [("en", "owns the shop", "stands by"), ("ru", "владеет", "наготове")]
    {
        page.viewport(1440, 900, false).await;
        choose(&page, &origin, "locale", lang).await;
        page.goto(&format!("{origin}{path}")).await;
        let rows = page.text("main tbody").await;
        assert!(rows.contains(owner) && rows.contains(stands_by), "{rows}");
        assert_eq!(page.eval("document.querySelectorAll('main tbody tr').length").await, 2);
        let found = look_at(&page, &origin, lang, &[(&kind, &path)]).await;
        assert!(found.wrong.is_empty(), "{:?}", found.wrong);
    }
    browser.close().await;
}
