//! Fetching from a small site on this machine that misbehaves on demand.

use super::*;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The first byte of whoever wants TLS, which this site does not speak: it hangs up.
const TLS_HANDSHAKE: u8 = 22;
const FEED: &[u8] = b"<yml_catalog/>";

/// A site that gives every path its own answer; `PORT` in it becomes the site's own. Counts its callers.
struct Site {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(plain).unwrap();
    packer.finish().unwrap()
}

fn with_length(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn answer(path: &str) -> Vec<u8> {
    match path {
        "/feed" => with_length("200 OK", FEED),
        "/packed" => with_length("200 OK\r\nContent-Encoding: gzip", &gzip(FEED)),
        "/feed.gz" => with_length("200 OK", &gzip(FEED)),
        "/twice.gz" => with_length("200 OK\r\nContent-Encoding: gzip", &gzip(&gzip(FEED))),
        "/bomb.gz" => with_length("200 OK", &gzip(&vec![b' '; 200_000])),
        "/offers.gz" => with_length(
            "200 OK",
            &gzip(b"<yml_catalog><offers><offer id='1'><name>a</name></offer></offers></yml_catalog>"),
        ),
        "/torn.gz" => with_length("200 OK", &gzip(&[FEED; 50].concat())[..30]),
        "/brotli" => with_length("200 OK\r\nContent-Encoding: br", b"?"),
        "/large" => with_length("200 OK", &vec![b' '; 5_000]),
        "/large-secretly" => [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", &[b' '; 5_000][..]].concat(),
        "/short" => b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n<yml".to_vec(),
        "/once" => with_length("302 Found\r\nLocation: feed", b""),
        "/round" => with_length("301 Moved\r\nLocation: /round", b""),
        "/name" => with_length("307 Moved\r\nLocation: http://localhostPORT/feed", b""),
        "/inside" => with_length("302 Found\r\nLocation: http://127.0.0.2PORT/feed", b""),
        "/metadata" => with_length("302 Found\r\nLocation: //169.254.169.254/latest", b""),
        "/six" => with_length("308 Moved\r\nLocation: http://[::1]PORT/feed", b""),
        "/to-file" => with_length("302 Found\r\nLocation: file:///etc/passwd", b""),
        "/nowhere" => with_length("302 Found\r\nLocation: http://[", b""),
        _ => with_length("404 Not Found", b"no"),
    }
}

fn site() -> Site {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                request.push(byte[0]);
                if request[0] == TLS_HANDSHAKE {
                    break;
                }
            }
            if request.first() == Some(&TLS_HANDSHAKE) {
                continue;
            }
            let request = String::from_utf8(request).unwrap();
            let path = request.split(' ').nth(1).unwrap_or_default();
            if path == "/slow" {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<");
                silent.push(stream);
                continue;
            }
            let port = format!(":{}", address.port());
            let answer = answer(path);
            let _ = match std::str::from_utf8(&answer) {
                Ok(text) => stream.write_all(text.replace("PORT", &port).as_bytes()),
                Err(_) => stream.write_all(&answer),
            };
        }
    });
    Site { address, calls }
}

impl Site {
    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

fn open_hearted() -> Limits {
    Limits { allow_private: true, max_bytes: 4_000, ..Limits::default() }
}

/// What a location gives: its bytes, or the code of the error.
async fn get(location: &str, limits: &Limits) -> Result<Vec<u8>, &'static str> {
    let mut opened = open(location, limits).await.map_err(|e| {
        assert!(!e.0.ru.is_empty() && !e.0.en.contains("secret"), "{e}");
        e.0.code
    })?;
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).map_err(|_| "unpacking")?;
    Ok(bytes)
}

#[tokio::test]
async fn answers_are_taken_or_refused() {
    let site = site();
    for path in ["/feed", "/packed", "/feed.gz", "/twice.gz", "/once", "/name"] {
        assert_eq!(get(&site.at(path), &open_hearted()).await, Ok(FEED.to_vec()), "{path}");
    }
    for (path, code) in [
        ("/missing?secret", "status"),
        ("/bomb.gz", "unpacking"),
        ("/torn.gz", "unreadable"),
        ("/brotli", "packing"),
        ("/large", "too_large"),
        ("/large-secretly", "too_large"),
        ("/short", "broken_off"),
        ("/round", "redirects"),
        ("/nowhere", "redirects"),
        ("/to-file", "scheme"),
    ] {
        assert_eq!(get(&site.at(path), &open_hearted()).await, Err(code), "{path}");
    }
}

#[tokio::test]
async fn a_packed_feed_is_imported_and_a_bomb_refused() {
    let site = site();
    let mut count = 0;
    let opened = open(&site.at("/offers.gz"), &open_hearted()).await.unwrap();
    let end = crate::connect::yml::read(opened, &mut |_| count += 1).unwrap();
    assert_eq!((end.offers, count), (1, 3));
    let opened = open(&site.at("/bomb.gz"), &open_hearted()).await.unwrap();
    let refused = crate::connect::yml::read(opened, &mut |_| ()).unwrap_err();
    assert_eq!(refused.reason.code, "unreadable");
    assert!(refused.reason.en.contains("size limit"), "{refused}");
}

#[tokio::test]
async fn nothing_is_left_on_the_disk() {
    let site = site();
    let dir = std::env::temp_dir().join(format!("beckon-fetch-dir-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let limits = Limits { temp_dir: dir.clone(), ..open_hearted() };
    let opened = open(&site.at("/feed"), &limits).await.unwrap();
    assert_eq!(get(&site.at("/large-secretly"), &limits).await, Err("too_large"));
    drop(opened);
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
    std::fs::remove_dir(&dir).unwrap();
    assert_eq!(get(&site.at("/feed"), &limits).await, Err("unreadable"));
}

#[tokio::test]
async fn five_redirects_and_no_more() {
    let site = site();
    assert_eq!(get(&site.at("/round"), &open_hearted()).await, Err("redirects"));
    assert_eq!(site.calls.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn the_private_network_is_never_called() {
    let site = site();
    let port = site.address.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "user:secret@127.0.0.1",
    ] {
        let location = format!("http://{host}:{port}/feed?secret=1");
        assert_eq!(get(&location, &Limits::default()).await, Err("private"), "{host}");
    }
    assert_eq!(site.calls.load(Ordering::SeqCst), 0);
    for location in
        ["file:///etc/passwd", "ftp://example.com/feed", "gopher://127.0.0.1/", "FILE:/etc/passwd"]
    {
        assert_eq!(get(location, &open_hearted()).await, Err("scheme"), "{location}");
    }
}

#[tokio::test]
async fn a_redirect_into_the_private_network_is_not_followed() {
    let site = site();
    // This one address stands for the internet here; all others are judged as ever.
    let allowed = |ip: std::net::IpAddr| ip == Ipv4Addr::LOCALHOST || is_public(ip);
    for (path, calls) in [("/inside", 1), ("/metadata", 2), ("/six", 3)] {
        let url = url::Url::parse(&site.at(path)).unwrap();
        let error = download::download(url, &Limits::default(), allowed).await.unwrap_err();
        assert_eq!(error.0.code, "private", "{path}");
        assert_eq!(site.calls.load(Ordering::SeqCst), calls);
    }
}

#[tokio::test]
async fn a_site_that_stalls_is_left() {
    let site = site();
    let idle = Limits { idle_timeout: Duration::from_millis(80), ..open_hearted() };
    assert_eq!(get(&site.at("/slow"), &idle).await, Err("slow"));
    let total = Limits { total_timeout: Duration::from_millis(80), ..open_hearted() };
    assert_eq!(get(&site.at("/slow"), &total).await, Err("slow"));
}

#[tokio::test]
async fn files_are_read_too() {
    let dir = std::env::temp_dir();
    let path = dir.join(format!("beckon-fetch-test-{}.xml.gz", std::process::id()));
    std::fs::write(&path, gzip(FEED)).unwrap();
    let name = path.to_str().unwrap();
    assert_eq!(get(name, &open_hearted()).await, Ok(FEED.to_vec()));
    let small = Limits { max_bytes: 5, ..open_hearted() };
    assert_eq!(get(name, &small).await, Err("too_large"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(get(name, &open_hearted()).await, Err("unreadable"));
    assert_eq!(get(dir.to_str().unwrap(), &open_hearted()).await, Err("not_a_file"));
}

#[tokio::test]
async fn https_starts_without_a_default_provider() {
    let site = site();
    let location = format!("https://{}/feed", site.address);
    assert_eq!(get(&location, &open_hearted()).await, Err("broken_off"));
    assert_eq!(site.calls.load(Ordering::SeqCst), 1);
}
