//! How long normalising takes: `cargo test --release -p beckon-server track::tests::speed -- --ignored --nocapture`.

use super::*;

/// Time on the processor of this thread, as other work on the machine must not count (Linux, proc_pid_schedstat(5)).
fn cpu_micros() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e3
}

/// About 1 KB, as a browser sends it.
fn call(number: usize) -> String {
    let call = serde_json::json!({
        "timestamp": "2026-11-22T14:59:59.997Z", "integrations": {"Segment.io": true}, "event": "Product Viewed",
        "type": "track", "userId": format!("u-{}", number % 1000),
        "properties": {"product_id": number, "sku": "G-32", "name": "Доска для серфинга", "price": 18.99,
            "currency": "RUB", "category": "Sport", "url": "https://shop.test/p/1?utm_source=x"},
        "context": {
            "page": {"path": "/p/1", "referrer": "", "search": "", "title": "Доска", "url": "https://shop.test/p/1"},
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "userAgentData": {"brands": [{"brand": "Chromium", "version": "156"}], "mobile": false, "platform": "Linux"},
            "locale": "ru-RU", "library": {"name": "analytics.js", "version": "next-1.84.3"}, "timezone": "Europe/Moscow"},
        "messageId": format!("ajs-next-{number:013}-4890b645-664a-4d0a-b421-34328ad7c835"),
        "anonymousId": "31127307-4890-4645-a64a-fd0af4213432", "writeKey": "WK_TEST",
        "sentAt": "2026-11-22T15:00:00.065Z"
    });
    call.to_string()
}

#[tokio::test]
#[ignore = "measures; run it in release"]
async fn microseconds_per_event() {
    let recorder = Recorder::new();
    let single = call(1);
    let batch = format!(r#"{{"batch":[{}]}}"#, (0..100).map(call).collect::<Vec<_>>().join(","));
    for (name, path, body, events, rounds) in
        [("single", "/v1/t", &single, 1, 100_000), ("batch of 100", "/v1/batch", &batch, 100, 2_000)]
    {
        let service = router(Arc::clone(&recorder));
        let key = basic("WK_TEST");
        let begun = cpu_micros();
        for round in 0..rounds {
            let request =
                Request::post(path).header(&key[0].0, &key[0].1).body(Body::from(body.clone())).unwrap();
            let response = service.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            if round % 1_000 == 0 {
                recorder.events();
            }
        }
        let micros = (cpu_micros() - begun) / f64::from(rounds * events);
        println!("{name}: {} bytes, {micros:.2} µs per event", body.len());
        recorder.events();
    }
}
