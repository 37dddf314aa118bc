//! The programs of a shop: in a directory there is one, and the screen and the API say so.

use crate::support::World;
use axum::http::StatusCode;

#[tokio::test]
async fn a_shop_in_a_directory_has_one_program_and_says_so() {
    let (_world, mut owner) = World::with_owner().await;
    let page = owner.get("/settings/programs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("One program serves this shop"), "{}", page.text);
    assert!(!page.text.contains("data-live=\"/settings/programs"), "there is nothing to follow");
    let part = owner.get("/settings/programs/list").await;
    assert_eq!(part.status, StatusCode::OK);
    assert!(!part.text.contains("Nobody owns"), "{}", part.text);
}
