//! Crawlers that run scripts: their views of pages and products are of nobody.
//!
//! Headless browsers and HTTP libraries are not on the lists: shops test their own tracking with them.

use beckon_core::event::Fact;

/// What nearly all names of crawlers have in them. A shopper's browser has none of these, and is let through with few
/// searches.
const HINTS: [&str; 4] = ["bot", "spider", "google", "yandex"];

/// Parts of user agents of crawlers and monitors, in lower case, as they publish them; each has one of the hints in it.
const HINTED: [&str; 52] = [
    "googlebot",
    "adsbot-google",
    "mediapartners-google",
    "storebot-google",
    "google-inspectiontool",
    "googleother",
    "feedfetcher-google",
    "google-extended",
    "bingbot",
    "adidxbot",
    "msnbot",
    "yandexbot",
    "yandex.com/bots",
    "yandexmobilebot",
    "yandexmetrika",
    "yandexdirect",
    "yandeximages",
    "yandexrenderresourcesbot",
    "mail.ru_bot",
    "baiduspider",
    "sogou web spider",
    "360spider",
    "bytespider",
    "petalbot",
    "duckduckbot",
    "duckassistbot",
    "applebot",
    "seznambot",
    "coccocbot",
    "qwantbot",
    "mojeekbot",
    "ccbot",
    "archive.org_bot",
    "gptbot",
    "oai-searchbot",
    "claudebot",
    "perplexitybot",
    "amazonbot",
    "facebot",
    "twitterbot",
    "linkedinbot",
    "pinterestbot",
    "telegrambot",
    "slackbot",
    "discordbot",
    "ahrefsbot",
    "semrushbot",
    "mj12bot",
    "dotbot",
    "rogerbot",
    "uptimerobot",
    "pingdom.com_bot",
];

/// The same of crawlers, previews and monitors whose names have no such hint.
const UNHINTED: [&str; 12] = [
    "bingpreview",
    "yahoo! slurp",
    "ia_archiver",
    "chatgpt-user",
    "claude-web",
    "meta-externalagent",
    "facebookexternalhit",
    "whatsapp/",
    "vkshare",
    "screaming frog",
    "lighthouse",
    "yeti/",
];

/// Whether a user agent is one of a known crawler.
pub fn is_crawler(user_agent: &str) -> bool {
    let lower = user_agent.to_ascii_lowercase();
    let has_any = |tokens: &[&str]| tokens.iter().any(|token| lower.contains(token));
    has_any(&UNHINTED) || (has_any(&HINTS) && has_any(&HINTED))
}

/// Whether a fact only says that something was looked at.
pub fn is_view(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Page { .. }
            | Fact::Heartbeat
            | Fact::ProductViewed { .. }
            | Fact::ProductDwelled { .. }
            | Fact::ListViewed { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_found_in_any_case() {
        for token in HINTED.iter().chain(&UNHINTED) {
            assert!(
                is_crawler(&format!("Mozilla/5.0 (compatible; {}/1.0)", token.to_uppercase())),
                "{token}"
            );
        }
    }
}
