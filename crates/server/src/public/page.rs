//! The few pages shoppers see: one card in the middle, in her language.

use super::{guarded, text};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// A page with a heading, a text, and perhaps one button.
#[derive(Template)]
#[template(path = "public.html")]
struct Page<'a> {
    lang: &'a str,
    shop: &'a str,
    heading: &'a str,
    text: &'a str,
    button: Option<(&'a str, &'a str)>,
}

/// Words of the public pages: key, English, Russian.
const WORDS: &[(&str, &str, &str)] = &[
    ("forged", "This link does not work", "Эта ссылка не работает"),
    (
        "forged-text",
        "It is incomplete, or it was not made here. Please open it from the message again.",
        "Она неполная или создана не здесь. Откройте её из письма ещё раз.",
    ),
    ("no-site", "The shop has no address yet", "У магазина пока нет адреса"),
    (
        "no-site-text",
        "Please visit the shop the way you usually do.",
        "Зайдите в магазин привычным способом.",
    ),
    ("gone", "This message is no longer kept", "Это письмо больше не хранится"),
    ("gone-text", "Messages are kept for a limited time.", "Письма хранятся ограниченное время."),
    ("ask", "Unsubscribe?", "Отписаться?"),
    (
        "ask-text",
        "You will get no more offers and reminders from us by e-mail. Messages about your orders will still come.",
        "Мы больше не будем присылать предложения и напоминания по почте. Письма о ваших заказах продолжат приходить.",
    ),
    ("ask-button", "Unsubscribe", "Отписаться"),
    ("left", "You are unsubscribed", "Вы отписались"),
    (
        "left-text",
        "It took effect at once. If it was a mistake, you can come back on the preferences page.",
        "Отписка уже действует. Если это ошибка, вернуться можно на странице настроек.",
    ),
    ("busy", "Please try again in a minute", "Попробуйте ещё раз через минуту"),
    (
        "busy-text",
        "We could not write this down just now, so we will not pretend that we did.",
        "Сейчас не получилось это записать, и мы не будем делать вид, что записали.",
    ),
    ("on", "You get our letters", "Вы получаете наши письма"),
    (
        "on-text",
        "Reminders of what you left in the cart, and offers. You can stop them here.",
        "Напоминания о товарах в корзине и предложения. Здесь их можно остановить.",
    ),
    ("on-button", "Stop the letters", "Остановить письма"),
    ("off", "You do not get our letters", "Вы не получаете наши письма"),
    (
        "off-text",
        "Only messages about your orders. If you like, reminders and offers can come again.",
        "Только письма о ваших заказах. Если хотите, напоминания и предложения можно вернуть.",
    ),
    ("off-button", "Get the letters again", "Снова получать письма"),
    ("back", "Welcome back", "С возвращением"),
    ("back-text", "You will get our letters again.", "Вы снова будете получать наши письма."),
];

fn words(key: &str, russian: bool) -> &'static str {
    let found = WORDS.iter().find(|(known, ..)| *known == key);
    found.map_or("", |(_, en, ru)| if russian { ru } else { en })
}

/// The reader's language, as her browser asks for it.
pub fn is_russian(headers: &HeaderMap) -> bool {
    text(headers, header::ACCEPT_LANGUAGE).trim_start().to_ascii_lowercase().starts_with("ru")
}

/// A page that only says something.
pub fn plain(headers: &HeaderMap, key: &str, status: StatusCode) -> Response {
    page(is_russian(headers), "", key, None, status)
}

/// A page with perhaps a button, which posts `choice` to the page's own address.
pub fn page(russian: bool, shop: &str, key: &str, choice: Option<&str>, status: StatusCode) -> Response {
    let (text, button) = (format!("{key}-text"), format!("{key}-button"));
    let page = Page {
        lang: if russian { "ru" } else { "en" },
        shop,
        heading: words(key, russian),
        text: words(&text, russian),
        button: choice.map(|choice| (choice, words(&button, russian))),
    };
    let html = page.render().unwrap_or_default();
    let csp =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    guarded((status, Html(html)).into_response(), csp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_words_in_both_languages() {
        for (key, en, ru) in WORDS {
            assert!(!en.is_empty() && !ru.is_empty(), "{key}");
            assert!(en.is_ascii() && !ru.is_ascii(), "{key} is in the wrong language");
        }
    }
}
