//! What the numbers of a journey come to: rates, averages, and published figures beside them.

use super::super::layout::Page;
use crate::numbers::Numbers;
use beckon_core::money::Money;

/// Rates and averages: label, value, and how it is meant.
pub(super) fn of(page: &Page, all: &Numbers) -> Vec<(String, String, String)> {
    let write = &page.words;
    let mut rates = vec![
        (page.t("rate-opened"), write.share(all.opened, all.sent), page.t("rate-opened-how")),
        (page.t("rate-clicked"), write.share(all.clicked, all.sent), page.t("rate-clicked-how")),
        (page.t("rate-conversion"), write.share(all.converted, all.sent), page.t("rate-conversion-how")),
        (page.t("rate-after-click"), write.share(all.converted, all.clicked), page.t("rate-after-click-how")),
        (page.t("rate-goal"), write.share(all.goal, all.entered), page.t("rate-goal-how")),
        (
            page.t("rate-unsubscribed"),
            write.share(all.unsubscribed, all.sent),
            page.t("rate-unsubscribed-how"),
        ),
    ];
    rates.push((page.t("rate-returned"), write.share(all.returned, all.buyers), page.t("rate-returned-how")));
    // Orders of several currencies have no common average.
    if let ([sum], Ok(orders)) = (all.revenue.as_slice(), i64::try_from(all.ordered))
        && orders > 0
    {
        let average = Money { minor: sum.minor / orders, currency: sum.money.currency };
        rates.push((page.t("rate-average"), write.money(&average), page.t("rate-average-how")));
    }
    rates
}

/// Published figures of cart letters beside one's own.
pub(super) fn references(page: &Page, all: &Numbers) -> Vec<(String, &'static str, String)> {
    let write = &page.words;
    vec![
        (page.t("rate-clicked"), "13 %", write.share(all.clicked, all.sent)),
        (page.t("rate-after-click"), "36 %", write.share(all.converted, all.clicked)),
    ]
}
