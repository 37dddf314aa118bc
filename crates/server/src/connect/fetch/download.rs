//! The way of an http(s) feed onto the disk.

use super::address::{Guard, NotPublic};
use super::{FetchError, Limits, failed, slow, too_large, unreadable};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, LOCATION};
use reqwest::{Client, Response, StatusCode};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use url::{Host, Url};

/// Follows `url` to its answer, by way of `allowed` addresses only, and stores the body; the file stands at
/// its start.
pub(super) async fn download(
    url: Url,
    limits: &Limits,
    allowed: fn(IpAddr) -> bool,
) -> Result<(File, u64), FetchError> {
    let client = client(limits, allowed)?;
    let mut url = url;
    for _ in 0..=limits.max_redirects {
        check(&url, allowed)?;
        let request = client.get(url.clone()).header(ACCEPT_ENCODING, "gzip");
        let answer = request.send().await.map_err(|e| broken(&url, &e, limits))?;
        if answer.status().is_redirection() && answer.headers().contains_key(LOCATION) {
            url = next(&url, &answer)?;
            continue;
        }
        return store(&url, answer, limits).await;
    }
    Err(failed(
        "redirects",
        format!("{} redirects more than {} times", shown(&url), limits.max_redirects),
        format!("{} перенаправляет больше {} раз", shown(&url), limits.max_redirects),
    ))
}

/// A client that speaks to whatever addresses are allowed, follows nothing, and trusts the web's own roots.
pub(crate) fn client(limits: &Limits, allowed: fn(IpAddr) -> bool) -> Result<Client, FetchError> {
    let odd = |e: String| failed("tls", format!("TLS cannot start: {e}"), format!("TLS не запускается: {e}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| odd(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        // A proxy would resolve names itself, past the guard.
        .no_proxy()
        .dns_resolver(Arc::new(Guard(allowed)))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(limits.connect_timeout)
        .read_timeout(limits.idle_timeout)
        .user_agent(concat!("Beckon/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|e| odd(e.to_string()))
}

/// Refuses what is no http(s) address, and literal addresses that are private: those never meet the resolver.
fn check(url: &Url, allowed: fn(IpAddr) -> bool) -> Result<(), FetchError> {
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = super::super::quoted(url.scheme());
        return Err(failed(
            "scheme",
            format!("{scheme}: addresses are not fetched; give an http or https address, or a path"),
            format!("адреса {scheme}: не поддерживаются; укажите адрес http или https либо путь"),
        ));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        _ => None,
    };
    if literal.is_some_and(|ip| !allowed(ip)) {
        return Err(private(url));
    }
    Ok(())
}

fn next(url: &Url, answer: &Response) -> Result<Url, FetchError> {
    let target = answer.headers().get(LOCATION).and_then(|v| std::str::from_utf8(v.as_bytes()).ok());
    target.and_then(|text| url.join(text).ok()).ok_or_else(|| {
        failed(
            "redirects",
            format!("{} redirects to what is no address", shown(url)),
            format!("{} перенаправляет не на адрес", shown(url)),
        )
    })
}

async fn store(url: &Url, mut answer: Response, limits: &Limits) -> Result<(File, u64), FetchError> {
    let status = answer.status();
    if !status.is_success() {
        return Err(refused(url, status));
    }
    let packing = answer.headers().get(CONTENT_ENCODING).map(|v| v.as_bytes().to_ascii_lowercase());
    if let Some(packing) =
        packing.filter(|p| !matches!(p.as_slice(), b"" | b"identity" | b"gzip" | b"x-gzip"))
    {
        let packing = super::super::quoted(&String::from_utf8_lossy(&packing));
        return Err(failed(
            "packing",
            format!("{} answers packed as {packing}, which was not asked for", shown(url)),
            format!("{} отвечает в сжатии {packing}, о котором не просили", shown(url)),
        ));
    }
    if answer.content_length().is_some_and(|len| len > limits.max_bytes) {
        return Err(too_large(limits.max_bytes));
    }
    let mut file = nameless(&limits.temp_dir).map_err(|e| unreadable(&e))?;
    let mut bytes = 0u64;
    while let Some(chunk) = answer.chunk().await.map_err(|e| broken(url, &e, limits))? {
        bytes += chunk.len() as u64;
        if bytes > limits.max_bytes {
            return Err(too_large(limits.max_bytes));
        }
        file.write_all(&chunk).map_err(|e| unreadable(&e))?;
    }
    file.rewind().map_err(|e| unreadable(&e))?;
    Ok((file, bytes))
}

/// A new file that only its handle leads to: it is gone when the handle is, also after a crash.
fn nameless(dir: &Path) -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = dir.join(format!("beckon-feed-{}-{number}", std::process::id()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // FILE_FLAG_DELETE_ON_CLOSE.
        #[cfg(windows)]
        std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0400_0000);
        match options.open(&path) {
            Ok(file) => {
                #[cfg(unix)]
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => (),
            Err(e) => return Err(e),
        }
    }
}

/// An address without what may be secret in it: user, password, query.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Neither can fail for an address with a host; where it could, there is nothing to hide.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    super::super::quoted(url.as_str())
}

fn private(url: &Url) -> FetchError {
    failed(
        "private",
        format!("{} leads into a private or local network, where feeds are not fetched from", shown(url)),
        format!("{} ведёт в частную или локальную сеть, оттуда фиды не загружаются", shown(url)),
    )
}

fn refused(url: &Url, status: StatusCode) -> FetchError {
    let (en, ru) = match status.as_u16() {
        401 | 403 => {
            ("; it wants a password or blocks this server", "; нужен пароль, либо этот сервер заблокирован")
        }
        404 | 410 => ("; check the address", "; проверьте адрес"),
        429 | 500.. => ("; try later", "; попробуйте позже"),
        _ => ("", ""),
    };
    let code = status.as_u16();
    failed(
        "status",
        format!("{} answers {code}{en}", shown(url)),
        format!("{} отвечает {code}{ru}", shown(url)),
    )
}

fn broken(url: &Url, error: &reqwest::Error, limits: &Limits) -> FetchError {
    let mut last: &dyn std::error::Error = error;
    loop {
        if last.is::<NotPublic>() {
            return private(url);
        }
        match last.source() {
            Some(deeper) => last = deeper,
            None => break,
        }
    }
    if error.is_timeout() {
        return slow(if error.is_connect() { limits.connect_timeout } else { limits.idle_timeout });
    }
    failed(
        "broken_off",
        format!("{}: {last}", shown(url)),
        format!("{}: связь не удалась ({last})", shown(url)),
    )
}
