reason-bought-together = { $count ->
    [one] bought together with “{ $with }” in one order
   *[other] bought together with “{ $with }” in { $count } orders
}
reason-carted-together = { $count ->
    [one] put in the cart together with “{ $with }” by one shopper
   *[other] put in the cart together with “{ $with }” by { $count } shoppers
}
reason-bought-later = { $count ->
    [one] bought after “{ $with }” once
   *[other] bought after “{ $with }” { $count } times
}
reason-viewed-together = { $count ->
    [one] looked at together with “{ $with }” by one shopper
   *[other] looked at together with “{ $with }” by { $count } shoppers
}
reason-also-viewed = { $count } of { $of } who looked at “{ $with }” looked at it too
reason-then-bought = { $count } of { $of } who looked at “{ $with }” bought it
reason-accessory = accessory for “{ $with }”
reason-accessory-learned = { $count ->
    [one] bought to go with “{ $with }” in one order
   *[other] bought to go with “{ $with }” in { $count } orders
}
reason-like-visits = visits like this one went on to it from “{ $with }”
reason-seen-before = you looked at it
reason-content = of the same kind as “{ $with }”
reason-similar-brand = like “{ $with }”, of the same brand
reason-similar = like “{ $with }”
reason-up-sell = better than “{ $with }”, { $count } % dearer
reason-multi-buy = { $count } for the price of { $paid }
reason-bestseller = { $count ->
    [one] bestseller: one order
   *[other] bestseller: { $count } orders
}
reason-bestseller-category = { $count ->
    [one] bestseller in { $category }: one order
   *[other] bestseller in { $category }: { $count } orders
}
reason-bestseller-of = { $count ->
    [one] bestseller { $period }: one order
   *[other] bestseller { $period }: { $count } orders
}
reason-bestseller-of-category = { $count ->
    [one] bestseller { $period } in { $category }: one order
   *[other] bestseller { $period } in { $category }: { $count } orders
}
reason-bestseller-city = { $count ->
    [one] bestseller in { $city }: one order
   *[other] bestseller in { $city }: { $count } orders
}
reason-popular = { $count ->
    [one] one view of late
   *[other] { $count } views of late
}
reason-popular-category = { $count ->
    [one] one view of late in { $category }
   *[other] { $count } views of late in { $category }
}
reason-new = new
reason-added = { $count ->
    [0] added today
    [one] added a day ago
   *[other] added { $count } days ago
}
reason-coming-soon = coming soon
reason-top-rated = { $count ->
    [one] { $stars } of 5, one mark
   *[other] { $stars } of 5, { $count } marks
}
reason-discounted = { $count } % off
reason-holiday = for { $tag }
reason-favourite = one of the favourites
reason-left-in-cart = left in the cart
reason-subscribed = from { $category }, which was subscribed to
reason-fits-profile = fits: { $name } { $value }
reason-likes-brand = of the brand of “{ $with }”
reason-likes-category = from { $category }, which is liked
reason-searched = found by “{ $query }”
reason-repeat-due = { $count ->
    [one] bought every day, last { $ago } days ago
   *[other] bought every { $count } days, last { $ago } days ago
}
reason-habit = { $count ->
    [one] bought once before
   *[other] bought { $count } times before
}
reason-pinned = put here by a rule
reason-in-stock = in stock
reason-period-trend = of late
reason-period-week = of the week
reason-period-month = of the month
reason-third-party = recommended by the shop's own service
