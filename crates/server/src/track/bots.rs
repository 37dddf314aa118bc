//! Crawlers that run scripts: their views of pages and products are of nobody.
//!
//! Headless browsers and HTTP libraries are not on the list: shops test their own tracking with them.

use beckon_core::event::Fact;

/// Parts of user agents of crawlers, previews and monitors, in lower case, as they publish them.
const CRAWLERS: [&str; 64] = [
    "googlebot",
    "adsbot-google",
    "mediapartners-google",
    "storebot-google",
    "google-inspectiontool",
    "googleother",
    "feedfetcher-google",
    "google-extended",
    "bingbot",
    "bingpreview",
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
    "yahoo! slurp",
    "seznambot",
    "naverbot",
    "coccocbot",
    "qwantbot",
    "mojeekbot",
    "ccbot",
    "archive.org_bot",
    "ia_archiver",
    "gptbot",
    "oai-searchbot",
    "chatgpt-user",
    "claudebot",
    "claude-web",
    "perplexitybot",
    "amazonbot",
    "meta-externalagent",
    "facebookexternalhit",
    "facebot",
    "twitterbot",
    "linkedinbot",
    "pinterestbot",
    "telegrambot",
    "whatsapp/",
    "vkshare",
    "slackbot",
    "discordbot",
    "ahrefsbot",
    "semrushbot",
    "mj12bot",
    "dotbot",
    "rogerbot",
    "screaming frog",
    "uptimerobot",
    "pingdom.com_bot",
    "lighthouse",
];

/// Whether a user agent is one of a known crawler.
pub fn is_crawler(user_agent: &str) -> bool {
    let lower = user_agent.to_ascii_lowercase();
    // Nearly every token has one of these in it; a phone's browser has none, and is let through with six searches.
    const HINTS: [&str; 6] = ["bot", "spider", "google", "yandex", "crawl", "http"];
    const REST: [&str; 12] = [
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
        "mail.ru",
    ];
    let hinted = HINTS.iter().any(|hint| lower.contains(hint));
    if hinted {
        CRAWLERS.iter().any(|token| lower.contains(token))
    } else {
        REST.iter().any(|token| lower.contains(token))
    }
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
