//! Drives an installed Chromium over its DevTools protocol: what a person does with a page, and what she sees.
//!
//! Every wait is for a condition inside the page and ends with an error that names it, never after a fixed time.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chromiumoxide::browser::{Browser as Chromium, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::emulation::SetDeviceMetricsOverrideParams;
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams, DispatchMouseEventType,
};
use chromiumoxide::cdp::browser_protocol::network::{
    BlockPattern, ClearBrowserCookiesParams, EmulateNetworkConditionsByRuleParams, NetworkConditions,
    OverrideNetworkStateParams, SetBlockedUrLsParams,
};
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use chromiumoxide::layout::Point;
use chromiumoxide::page::ScreenshotParams;
use futures_util::StreamExt;
use serde_json::Value;

/// How long a page may take to fulfil a condition. Generous: the machine may be compiling.
const PATIENCE_SECS: u64 = 30;

/// A Chromium of our own with an empty profile; pages of one `Browser` share cookies and storage.
pub struct Browser {
    chromium: Chromium,
    profile_dir: PathBuf,
}

impl Browser {
    /// Starts Chromium. `None`, and a line "skipped: no chromium", when the machine has none.
    pub async fn launch() -> Option<Browser> {
        let Some(executable) = find_chromium() else {
            println!("skipped: no chromium");
            return None;
        };
        static PROFILES: AtomicU32 = AtomicU32::new(0);
        let number = PROFILES.fetch_add(1, Ordering::Relaxed);
        let profile_dir =
            std::env::temp_dir().join(format!("beckon-chromium-{}-{number}", std::process::id()));
        // A left-over of an earlier process with this number would not be an empty profile.
        let _ = std::fs::remove_dir_all(&profile_dir);
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(&profile_dir)
            .new_headless_mode()
            .no_sandbox()
            .viewport(None)
            .window_size(1280, 900)
            .disable_https_first()
            .launch_timeout(Duration::from_secs(60))
            .args(["disable-gpu", "disable-quic", "disable-component-update", "hide-scrollbars"])
            .build()
            .expect("browser configuration");
        let (chromium, mut handler) = Chromium::launch(config).await.expect("start chromium");
        // Messages that this crate does not know yet come as errors and are skipped; the stream ends with Chromium.
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        Some(Browser { chromium, profile_dir })
    }

    /// Opens a tab in front of the others and waits until `url` is loaded.
    pub async fn open(&self, url: &str) -> Page {
        let page = self.blank().await;
        page.goto(url).await;
        page
    }

    /// Opens an empty tab, for what must be set before the first page loads ([`Page::before_load`]).
    pub async fn blank(&self) -> Page {
        let page = self.chromium.new_page("about:blank").await.expect("new tab");
        page.bring_to_front().await.expect("tab to the front");
        Page { inner: page }
    }

    /// Ends Chromium and removes its profile.
    pub async fn close(mut self) {
        let _ = self.chromium.close().await;
        let _ = self.chromium.wait().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium itself ends with `chromium`, which kills its child; the profile may still be written to then,
        // so this is best effort.
        let _ = std::fs::remove_dir_all(&self.profile_dir);
    }
}

/// The Chromium that the tests use: the first of the usual names on the PATH.
pub fn find_chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found =
        |name: &&str| std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file());
    names.iter().find_map(found)
}

/// One tab. Methods panic with what was awaited when the page does not follow, as tests want it.
pub struct Page {
    inner: chromiumoxide::Page,
}

impl Page {
    /// Loads `url` in this tab and waits until it is loaded.
    pub async fn goto(&self, url: &str) {
        self.inner.goto(url).await.unwrap_or_else(|e| panic!("open {url}: {e}"));
        self.wait_until("document.readyState === 'complete'").await;
    }

    /// Loads the page anew and waits until it is loaded.
    pub async fn reload(&self) {
        self.eval("void (window.__old = true)").await;
        self.inner.reload().await.expect("reload");
        self.wait_until("!window.__old && document.readyState === 'complete'").await;
    }

    /// Runs `script` in every page of this tab before the page's own scripts.
    pub async fn before_load(&self, script: &str) {
        self.inner.evaluate_on_new_document(script.to_owned()).await.expect("script before load");
    }

    /// Evaluates a JavaScript expression, awaits a promise, and gives its value as JSON (`Null` for undefined).
    /// Panics with the page's error when the script throws.
    pub async fn eval(&self, expression: &str) -> Value {
        self.try_eval(expression).await.unwrap_or_else(|e| panic!("{expression}: {e}"))
    }

    async fn try_eval(&self, expression: &str) -> Result<Value, String> {
        let params = EvaluateParams::builder()
            .expression(expression)
            .await_promise(true)
            .return_by_value(true)
            .user_gesture(true)
            .build()?;
        let answer = self.inner.execute(params).await.map_err(|e| e.to_string())?.result;
        match answer.exception_details {
            Some(details) => {
                let thrown = details.exception.and_then(|e| e.description);
                Err(thrown.unwrap_or(details.text))
            }
            None => Ok(answer.result.value.unwrap_or(Value::Null)),
        }
    }

    /// Waits until a JavaScript expression is true, across navigations.
    pub async fn wait_until(&self, condition: &str) {
        // The page asks itself, so that nothing is sent to and fro while it is not true yet.
        let script = format!(
            "new Promise(done => {{ const ask = () => {{ let yes = false; try {{ yes = !!({condition}) }} \
             catch (e) {{}} if (yes) done(true); else setTimeout(ask, 15) }}; ask() }})"
        );
        let wait = async {
            // A navigation destroys the promise, which is then asked for in the next document.
            while self.try_eval(&script).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(PATIENCE_SECS), wait).await.is_err() {
            panic!("not true within {PATIENCE_SECS} s: {condition}");
        }
    }

    /// Waits until an element matches the CSS selector.
    pub async fn wait_for(&self, selector: &str) {
        self.wait_until(&format!("document.querySelector({})", js_string(selector))).await;
    }

    /// Waits for the element and gives its visible text.
    pub async fn text(&self, selector: &str) -> String {
        self.wait_for(selector).await;
        let value = self.eval(&format!("document.querySelector({}).innerText", js_string(selector))).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits for the element, scrolls to it and clicks its middle with the mouse.
    pub async fn click(&self, selector: &str) {
        self.wait_for(selector).await;
        // A page that refreshes itself may put another element into its place meanwhile.
        for again in [true, true, false] {
            let found = match self.inner.find_element(selector).await {
                Ok(element) => element.click().await.map(drop),
                Err(why) => Err(why),
            };
            match found {
                Ok(()) => return,
                Err(why) if again => {
                    eprintln!("{selector} is looked for again: {why}");
                    self.wait_for(selector).await;
                }
                Err(why) => panic!("click {selector}: {why}"),
            }
        }
    }

    /// Clicks into the field and types `text` after what it holds.
    pub async fn type_into(&self, selector: &str, text: &str) {
        self.click(selector).await;
        for letter in text.chars() {
            // `char` events carry any script; named keys exist for a US keyboard only.
            let key =
                DispatchKeyEventParams::builder().r#type(DispatchKeyEventType::Char).text(letter.to_string());
            self.inner.execute(key.build().expect("key event")).await.expect("type a letter");
        }
    }

    /// Presses a named key (`Enter`, `Tab`, `Escape`, `a`) on the element with the focus.
    pub async fn press(&self, key: &str) {
        let focused = self.inner.find_element(":focus, body").await.expect("focused element");
        focused.press_key(key).await.unwrap_or_else(|e| panic!("press {key}: {e}"));
    }

    /// Moves the mouse to a point of the viewport, in CSS pixels.
    pub async fn move_mouse(&self, x: f64, y: f64) {
        self.inner.move_mouse(Point { x, y }).await.expect("move the mouse");
    }

    /// Turns the mouse wheel by `pixels` downwards.
    pub async fn wheel(&self, pixels: f64) {
        let turn = DispatchMouseEventParams::builder()
            .r#type(DispatchMouseEventType::MouseWheel)
            .x(100.0)
            .y(100.0)
            .delta_x(0.0)
            .delta_y(pixels)
            .build()
            .expect("wheel event");
        self.inner.execute(turn).await.expect("turn the wheel");
    }

    /// Writes a PNG of the whole page (or of the viewport alone) to `file`.
    pub async fn screenshot(&self, file: &Path, whole_page: bool) {
        let format = CaptureScreenshotFormat::Png;
        let params = ScreenshotParams::builder().format(format).full_page(whole_page).build();
        let png = self.inner.screenshot(params).await.expect("screenshot");
        std::fs::write(file, png).unwrap_or_else(|e| panic!("write {}: {e}", file.display()));
    }

    /// Sets the viewport in CSS pixels; `mobile` also turns on touch-sized layout and the mobile viewport tag.
    pub async fn viewport(&self, width: u32, height: u32, mobile: bool) {
        let metrics = SetDeviceMetricsOverrideParams::new(i64::from(width), i64::from(height), 1.0, mobile);
        self.inner.execute(metrics).await.expect("viewport");
    }

    /// Cuts the tab's network off, or restores it.
    pub async fn offline(&self, offline: bool) {
        // The first cuts the traffic, the second tells the page (`navigator.onLine` and its events).
        let everywhere = NetworkConditions::new("", 0.0, -1.0, -1.0);
        let traffic = EmulateNetworkConditionsByRuleParams::new(offline, vec![everywhere]);
        self.inner.execute(traffic).await.expect("network conditions");
        let state = OverrideNetworkStateParams::new(offline, 0.0, -1.0, -1.0);
        self.inner.execute(state).await.expect("network state");
    }

    /// Lets requests fail whose address matches one of the patterns (`http://host:*/path*`); none lifts all.
    pub async fn block(&self, patterns: &[&str]) {
        let patterns = patterns.iter().map(|p| BlockPattern::new(*p, true));
        let block = SetBlockedUrLsParams::builder().url_patterns(patterns).build();
        self.inner.execute(block).await.expect("block addresses");
    }

    /// Removes the cookies of all sites.
    pub async fn clear_cookies(&self) {
        self.inner.execute(ClearBrowserCookiesParams::default()).await.expect("clear cookies");
    }

    /// Brings the tab to the front; the tab that was there becomes hidden.
    pub async fn show(&self) {
        self.inner.bring_to_front().await.expect("tab to the front");
    }

    /// Closes the tab as a person does: the page hears `pagehide`.
    pub async fn close(self) {
        self.inner.close().await.expect("close the tab");
    }
}

/// `text` as a JavaScript string literal.
pub fn js_string(text: &str) -> String {
    Value::from(text).to_string()
}
