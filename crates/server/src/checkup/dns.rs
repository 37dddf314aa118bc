//! What receivers look up about the sender's domain: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489).

use super::{Finding, Level, Subject};
use crate::settings::ShopSettings;
use beckon_channels::{Address, dkim};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use std::net::SocketAddr;
use std::time::Duration;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// Names that no real domain ends in (RFC 2606, RFC 6761).
const RESERVED: [&str; 6] = ["example", "test", "invalid", "localhost", "local", "internal"];

/// Looks up the sender's domain.
pub async fn look(subject: &Subject, settings: &ShopSettings) -> Vec<Finding> {
    let sender = subject.sender(settings);
    let Ok(from) = Address::parse(sender) else {
        let found = if sender.is_empty() { "sender-none" } else { "sender-odd" };
        return vec![Finding::new("sender", Level::Wrong, found)];
    };
    let domain = from.domain().trim_end_matches('.').to_ascii_lowercase();
    let top = domain.rsplit('.').next().unwrap_or(&domain);
    if RESERVED.contains(&top) || domain.ends_with("example.com") {
        return vec![Finding::new("sender", Level::NotChecked, "sender-reserved").naming("domain", domain)];
    }
    let dns = match resolver(subject.dns) {
        Ok(dns) => dns,
        Err(why) => return vec![Finding::new("sender", Level::NotChecked, "dns-none").naming("why", why)],
    };
    vec![spf(&dns, &domain).await, signature(&dns, &domain, settings).await, policy(&dns, &domain).await]
}

fn resolver(server: Option<SocketAddr>) -> Result<TokioResolver, String> {
    let mut builder = match server {
        None => TokioResolver::builder_tokio().map_err(|why| why.to_string())?,
        Some(at) => {
            let (mut udp, mut tcp) = (ConnectionConfig::udp(), ConnectionConfig::tcp());
            (udp.port, tcp.port) = (at.port(), at.port());
            let mut name_server = NameServerConfig::udp(at.ip());
            name_server.connections = vec![udp, tcp];
            let config = ResolverConfig::from_name_servers(vec![name_server]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    builder.options_mut().timeout = PATIENCE;
    builder.options_mut().attempts = 1;
    builder.build().map_err(|why| why.to_string())
}

/// The texts at a name; none when there are none. The error says that nobody answered.
async fn texts(dns: &TokioResolver, name: &str) -> Result<Vec<String>, String> {
    // With the dot at the end the name is whole and nothing is appended.
    match dns.txt_lookup(format!("{name}.")).await {
        Ok(found) => Ok(found.answers().iter().filter_map(|record| text(&record.data)).collect()),
        Err(why) if why.is_no_records_found() => Ok(Vec::new()),
        Err(why) => Err(why.to_string()),
    }
}

/// The strings of a record make one text (RFC 7208 §3.3).
fn text(data: &RData) -> Option<String> {
    let RData::TXT(txt) = data else { return None };
    let whole: Vec<u8> = txt.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
    Some(String::from_utf8_lossy(&whole).into_owned())
}

async fn spf(dns: &TokioResolver, domain: &str) -> Finding {
    let of = |level, found| Finding::new("spf", level, found).naming("domain", domain);
    let texts = match texts(dns, domain).await {
        Ok(texts) => texts,
        Err(why) => return of(Level::NotChecked, "dns-silent").naming("why", why),
    };
    let spf: Vec<&String> = texts.iter().filter(|text| is_version(text, "v=spf1")).collect();
    match spf.as_slice() {
        [] => of(Level::Wrong, "spf-none"),
        [one] if one.split_whitespace().any(|word| word == "+all" || word == "all") => {
            of(Level::Wrong, "spf-everybody")
        }
        [one] => of(Level::Ok, "spf-good").naming("record", one),
        // More than one is an error that receivers treat as none (RFC 7208 §4.5).
        _ => of(Level::Wrong, "spf-many").naming("n", spf.len()),
    }
}

/// The tag of the version stands first, alone or before a space or a semicolon.
fn is_version(text: &str, version: &str) -> bool {
    let rest = text.trim_start().get(version.len()..);
    let same =
        text.trim_start().get(..version.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(version));
    same && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ';']))
}

async fn signature(dns: &TokioResolver, domain: &str, settings: &ShopSettings) -> Finding {
    let of = |level, found| Finding::new("dkim", level, found).naming("domain", domain);
    if settings.dkim_key.is_empty() {
        return of(Level::Wrong, "dkim-off");
    }
    let key = dkim::Key::parse(&settings.dkim_domain, &settings.dkim_selector, settings.dkim_key.as_bytes());
    let key = match key {
        Ok(key) => key,
        Err(why) => return of(Level::Wrong, "dkim-odd").naming("why", why),
    };
    let name = format!("{}._domainkey.{}", key.selector(), key.domain());
    let of = |level, found| of(level, found).naming("name", &name);
    let texts = match texts(dns, &name).await {
        Ok(texts) => texts,
        Err(why) => return of(Level::NotChecked, "dns-silent").naming("why", why),
    };
    let ours = tag(&dkim::dns_record(&key), "p");
    let published: Vec<Option<String>> = texts.iter().map(|text| tag(text, "p")).collect();
    let signs = key.domain().to_ascii_lowercase();
    match () {
        () if published.is_empty() => of(Level::Wrong, "dkim-none"),
        () if !published.contains(&ours) => of(Level::Wrong, "dkim-other"),
        // A signature of another domain says nothing about the sender (RFC 7489 §3.1.1, relaxed).
        () if !is_within(domain, &signs) && !is_within(&signs, domain) => {
            of(Level::Warning, "dkim-stranger").naming("signs", signs)
        }
        () => of(Level::Ok, "dkim-good"),
    }
}

/// The value of a tag, without the spaces that DNS editors put in (RFC 6376 §3.2).
fn tag(record: &str, name: &str) -> Option<String> {
    record.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == name).then(|| value.split_whitespace().collect())
    })
}

fn is_within(name: &str, domain: &str) -> bool {
    name == domain || name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

async fn policy(dns: &TokioResolver, domain: &str) -> Finding {
    let of = |level, found| Finding::new("dmarc", level, found).naming("domain", domain);
    // A domain without a policy of its own has that of the one above it (RFC 7489 §6.6.3).
    let mut name = domain;
    loop {
        let found = match texts(dns, &format!("_dmarc.{name}")).await {
            Ok(found) => found,
            Err(why) => return of(Level::NotChecked, "dns-silent").naming("why", why),
        };
        let found: Vec<&String> = found.iter().filter(|text| is_version(text, "v=DMARC1")).collect();
        match found.as_slice() {
            [one] => {
                let policy = tag(one, "p").unwrap_or_default();
                let known = ["none", "quarantine", "reject"].contains(&policy.as_str());
                let (level, word) =
                    if known { (Level::Ok, "dmarc-good") } else { (Level::Wrong, "dmarc-odd") };
                return of(level, word).naming("record", one);
            }
            [] => {}
            _ => return of(Level::Wrong, "dmarc-many"),
        }
        match name.split_once('.') {
            Some((_, above)) if above.contains('.') => name = above,
            _ => return of(Level::Warning, "dmarc-none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_versions_are_read_as_receivers_read_them() {
        assert_eq!(tag("v=DKIM1; k=rsa; p=AB CD\tEF", "p").as_deref(), Some("ABCDEF"));
        assert_eq!(tag("v=DKIM1; sp=1", "p"), None);
        assert!(is_version("v=spf1 -all", "v=spf1") && is_version("V=SPF1", "v=spf1"));
        assert!(!is_version("v=spf10 -all", "v=spf1") && !is_version("", "v=spf1"));
        assert!(is_version("v=DMARC1;p=none", "v=DMARC1"));
        assert!(is_within("mail.shop.ru", "shop.ru") && !is_within("myshop.ru", "shop.ru"));
    }
}
