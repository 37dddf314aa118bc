nav-blocks = Recommendations
choose = Choose…
block = Block
blocks-lead = A block is a row of products on the site, in the app or in a mail: what fills it, what may be in it, where it stands.
blocks-unseen = Nobody has seen a block in these four weeks. Put the line of HTML from “For developers” of a block on your pages, or ask the address from your app: what is shown and clicked then counts itself.
blocks-placed = In their places
blocks-idle = Standing nowhere
blocks-none = No blocks yet
blocks-none-text = Make one above: choose what fills it, and put it in a place.
blocks-days = 28 days
blocks-shown-days = { $count ->
    [one] Shown once in 28 days
   *[other] Shown { $count } times in 28 days
}
block-stands = Stands
block-nowhere = nowhere
block-shown = Shown
block-clicked = Clicked
block-orders = Orders
block-units = Pieces
block-earned = Earned
block-changed = Changed by the shop
block-changed-short = changed
block-own = The shop's own
block-built-in = Built in
block-arms = { $count ->
    [one] { $count } way
   *[other] test of { $count } ways
}
block-filled-by = { $mix }; when that is not enough: { $then }
block-whole = The block
block-forget = Back to the built-in one
block-forget-sure = Go back to the block as it was built in? What you composed stays among the versions.
block-delete = Delete
block-delete-sure = Delete this block? Places that name it show one block less.
block-make = New block
block-make-strategy = What fills it
block-make-strategy-help = All else is set on the next page, beside what it shows.
block-make-title = Heading
block-make-title-help = What shoppers read above it; empty for the name of the strategy.
block-make-name = Short name
block-make-name-help = For HTML and statistics: small Latin letters, digits and hyphens; empty for one made up.
block-make-do = Make it
block-name-taken = There is a block of this name.
flash-block-made = The block is made. It stands nowhere yet.
flash-block-forgotten = The shop's own block is gone.
flash-test-refused = The shares are whole numbers from 1 to 1000; nothing was changed.
flash-past-busy-refused = Another block is being tried; wait until it is done.
block-tab-compose = Compose
block-tab-places = Places
block-tab-numbers = Numbers and test
block-tab-past = On past days
block-tab-code = For developers
block-tab-versions = Versions
compose-title = Heading
compose-title-lead = What shoppers read above the block.
compose-mix = What fills it
compose-mix-lead = One strategy or several: each takes its share of the places, and they alternate.
compose-fall-back = When that is not enough
compose-fall-back-lead = These fill the places left open, one after the other from top to bottom.
compose-filters = What may be shown
compose-filters-lead = Every strategy keeps to it. Goods out of stock or hidden, the cart, and the product of the page itself never come.
compose-rules = What you want in spite of the figures
compose-rules-lead = Pin, raise, lower and hide goods, favour margin, mix brands.
compose-size = Size and order
compose-size-lead = How many places, how varied, and with how much work.
block-set-title-ru = In Russian
block-set-title-en = In English
block-set-fill = Fill up with anything wanted
block-set-fill-help = At the end come bestsellers of the category, then of the shop. Off, the block may stay short or empty.
block-set-size = Places
block-set-size-help = 1 to 100.
block-set-min-size = Shown from
block-set-min-size-help = With fewer goods than this the block is not shown.
block-set-diversity = Variety, %
block-set-diversity-help = 0: by score alone. 100: each product as unlike those before it as can be.
block-set-profile = Order
block-set-profile-help = Fast answers in tenths of a millisecond. Re-ranked takes a few milliseconds and puts goods in the order that was learned from the shop's own last visits; until there are enough of them it is as fast.
block-profile-fast = Fast
block-profile-reranked = Re-ranked
block-set-source-strategy = Strategy
block-set-source-share = Share of the places, %
block-set-source-share-help = Empty: an equal part of what is left.
block-set-source-from = Starting from
block-set-source-from-help = Empty: the product of the page, else the cart, else what she looked at last.
block-source-from-given = the product of the page
block-source-from-cart = the cart
block-source-from-last-purchase = her last order
block-source-from-viewed = what she looked at
block-source-from-favourites = her favourites
block-source-from-abandoned-cart = the cart she left
block-set-source-scope = Of
block-set-source-scope-help = Empty: the shop.
block-source-scope-shop = the shop
block-source-scope-category = the category of the page
block-source-scope-city = the shopper's city
block-set-source-period = In
block-set-source-period-help = Empty: of late, where a sale of three weeks ago counts half.
block-source-period-trend = of late
block-source-period-week = the last 7 days
block-source-period-month = the last 30 days
block-set-source-days = Days back
block-set-source-days-help = 1 to 3650; empty for the usual.
block-set-source-band-from = Price from, % of the product
block-set-source-band-from-help = 100 is the same price.
block-set-source-band-to = Price to, % of the product
block-set-source-holiday-tag = Tag of the goods
block-set-source-holiday-tag-help = As in the feed, in the parameter “tag”.
block-set-source-holiday-from = First day
block-set-source-holiday-from-help = Month and day, as 12-15; empty for any day.
block-set-source-holiday-to = Last day
block-set-source-holiday-to-help = As 01-07; before the first it is one of the next year.
block-set-source-holiday-countries = Countries
block-set-source-holiday-countries-help = Two letters each, as RU; empty for all.
block-set-source-endpoint = Service
block-set-source-endpoint-help = Its name; services are added under Developers.
block-set-source-only-consumed-often = Only goods that are consumed often
block-set-source-on = Only on
block-set-source-on-help = Nothing ticked: everywhere.
block-set-filters-price-minor-from = Price from
block-set-filters-price-minor-to = Price to
block-set-filters-price-of-seed-from = Price from, % of the product
block-set-filters-price-of-seed-from-help = Of the product of the page or the dearest in the cart; 100 is the same price.
block-set-filters-price-of-seed-to = Price to, % of the product
block-set-filters-categories-only = Only categories
block-set-filters-categories-only-help = By name or id, one to a line, with all below them.
block-set-filters-categories-not = No categories
block-set-filters-brands-only = Only brands
block-set-filters-brands-only-help = One to a line.
block-set-filters-brands-not = No brands
block-set-filters-tags-only = Only tags
block-set-filters-tags-only-help = As in the feed, one to a line.
block-set-filters-tags-not = No tags
block-set-filters-age-days-from = In the catalogue for at least, days
block-set-filters-age-days-to = In the catalogue for at most, days
block-set-filters-rating = Rated at least
block-set-filters-rating-help = Stars, 0 to 5; goods without marks are left out then.
block-set-filters-margin-percent = Margin at least, %
block-set-filters-margin-percent-help = Goods whose margin the feed does not tell are left out then.
block-set-filters-not-bought-days = Not again after buying, days
block-set-filters-not-bought-days-help = Who bought it is not shown it for so long; empty: 365.
block-set-filters-not-bought-days-consumed = The same of goods consumed often
block-set-filters-not-bought-days-consumed-help = Days; empty or 0: no bound.
block-set-filters-not-viewed = Nothing she looked at
block-set-attribute-name = Attribute
block-set-attribute-name-help = Its name in the feed, as “Colour”.
block-set-attribute-only = Only with these values
block-set-attribute-only-help = One to a line.
block-set-attribute-not = Without these values
block-set-rule-kind = Rule
block-set-rule-item = Product
block-set-rule-item-help = Its id; type a few letters of its name to find it.
block-set-rule-position = Place
block-set-rule-position-help = Counted from 1.
block-set-rule-times = Times
block-set-rule-times-help = 1 to 1000: the score is multiplied or divided by it.
block-set-rule-items = Products
block-set-rule-items-help = Their ids, one to a line. A product is meant when any of the lists names it.
block-set-rule-categories = Categories
block-set-rule-categories-help = By name or id, one to a line.
block-set-rule-brands = Brands
block-set-rule-tags = Tags
block-set-rule-weight = Weight of the margin
block-set-rule-weight-help = 0 to 10: with 1, a product that earns half of its price counts half more.
block-set-rule-count = At most
block-set-rule-count-help = As long as others are left.
rule-pin = Pin
rule-pin-says = This product stands at this place, if it may be shown at all.
rule-boost = Raise
rule-boost-says = These goods come earlier.
rule-bury = Lower
rule-bury-says = These goods come later.
rule-hide = Hide
rule-hide-says = These goods never come.
rule-margin = Favour margin
rule-margin-says = What earns more stands higher.
rule-at-most-brand = Mix brands
rule-at-most-brand-says = No brand more than so often.
rule-at-most-category = Mix categories
rule-at-most-category-says = No category more than so often.
row-seldom = More settings
row-up = Move up
row-down = Move down
row-away = Take away
row-up-what = Move “{ $what }” up
row-down-what = Move “{ $what }” down
row-away-what = Take “{ $what }” away
strategies-all = All strategies, a sentence each
categories-all = { $count ->
    [one] The one category of the shop
   *[other] All { $count } categories of the shop
}
fault-not-whole = Write a whole number.
fault-not-number = Write a number, as 1.5.
fault-not-sum = Write an amount, as 1990 or 1990.50.
fault-no-category = There is no category “{ $name }”.
fault-ambiguous = Several categories are called “{ $name }”; write the id: { $ids }.
fault-said = This cannot be kept: { $text }
flaw-malformed = This cannot be read: { $said }
flaw-unknown = “{ $value }” is unknown. Perhaps “{ $nearest }”?
flaw-missing = This is missing.
flaw-out-of-range = { $value } is out of bounds: write a number from { $from } to { $to }.
flaw-too-many = Too many: at most { $most }.
flaw-backwards = The beginning lies behind the end; change them over.
flaw-twice = It stands twice; take one away.
flaw-not-for-strategy = This means nothing to the strategy; leave it empty.
flaw-contradiction = “{ $value }” is wanted and forbidden at once.
flaw-bad-name = Write small Latin letters, digits and hyphens, 1 to 60.
flaw-bad-day = “{ $value }” is no day of the year; write month and day, as 12-31.
flaw-bad-country = “{ $value }” is no country; write its two letters, as RU.
preview = Preview
preview-who = For whom
preview-visitor = a new visitor
preview-product = On the page of
preview-no-product = no product
preview-show = Show
preview-for = For { $who }
preview-on = on the page of “{ $product }”
preview-wrong = Mend what is marked in the form to see the preview.
preview-nobody = Nobody is called so: this is what a new visitor sees.
preview-product-unknown = There is no such product.
preview-not-enough = Too few goods: shoppers would not see this block.
preview-empty = Nothing to show.
preview-fallen = fall-back
preview-rule = your rule
preview-fell-back = { $count ->
    [one] { $count } place is filled by a fall-back, first of all “{ $to }”: the strategies had not enough.
   *[other] { $count } places are filled by fall-backs, first of all “{ $to }”: the strategies had not enough.
}
preview-pin-left-out = The pinned product { $item } may not be shown now: it is out of stock, hidden, in the cart, bought, or filtered away.
preview-unknown-name = The catalogue does not know “{ $name }” ({ $field }).
preview-no-seed-price = There is no product with a price here, so the band of its price was left out.
preview-mix-relaxed = { $count ->
    [one] { $count } place went beyond your limit per brand or category: nothing else was left.
   *[other] { $count } places went beyond your limit per brand or category: nothing else was left.
}
preview-short = { $count ->
    [one] { $count } place stays empty: nothing else may be shown.
   *[other] { $count } places stay empty: nothing else may be shown.
}
preview-silent = The service “{ $name }” gave nothing: { $why }
preview-silent-unknown = it is not set up under Developers, or is left alone for now
preview-held = Kept away
preview-how = How it came about
preview-asked = asked for
preview-fall-back = fall-back { $step }
preview-filled = Filled its places:
preview-some = Had some:
preview-nothing = Had nothing to offer:
preview-all-refused = Everything it had was filtered away:
preview-not-now = Not for this channel or day:
preview-of = { $filled } of { $wanted }
preview-refused = { $count ->
    [one] { $count } filtered away
   *[other] { $count } filtered away
}
held-filters-price-minor = { $count ->
    [one] { $count } product by its price
   *[other] { $count } products by their price
}
held-filters-price-of-seed = { $count ->
    [one] { $count } product by its price against the page's
   *[other] { $count } products by their price against the page's
}
held-filters-categories = { $count ->
    [one] { $count } product by its category
   *[other] { $count } products by their category
}
held-filters-brands = { $count ->
    [one] { $count } product by its brand
   *[other] { $count } products by their brand
}
held-filters-tags = { $count ->
    [one] { $count } product by its tags
   *[other] { $count } products by their tags
}
held-filters-attributes = { $count ->
    [one] { $count } product by its attributes
   *[other] { $count } products by their attributes
}
held-filters-age-days = { $count ->
    [one] { $count } product by its days in the catalogue
   *[other] { $count } products by their days in the catalogue
}
held-filters-rating = { $count ->
    [one] { $count } product by its marks
   *[other] { $count } products by their marks
}
held-filters-margin-percent = { $count ->
    [one] { $count } product by its margin
   *[other] { $count } products by their margin
}
held-filters-not-viewed = { $count ->
    [one] { $count } product because she looked at it
   *[other] { $count } products because she looked at them
}
held-filters-not-bought-days = { $count ->
    [one] { $count } product because she bought it
   *[other] { $count } products because she bought them
}
held-rules = { $count ->
    [one] { $count } product by your rules that hide
   *[other] { $count } products by your rules that hide
}
places-lead = Tick where this block stands. It stands below what is there already; the order is set on
places-site = On the site and in the app
places-messages = In mails
place-default = by default
place-others = { $count ->
    [one] { $count } other stands there
   *[other] { $count } others stand there
}
placements = Places
placements-lead = Every place with its blocks from top to bottom. What one shows, those below it do not.
place-empty = Nothing stands here.
place-add = Add a block…
place-add-do = Add
place-to-default = Back to the default
block-numbers-lead = The last 28 days. A block counts as shown when half of it was in sight for a second; it earns the lines of products that were clicked in it and ordered within the days of attribution.
block-chart-shown = Shown, by day
block-chart-shown-summary = { $count ->
    [one] Shown once in 28 days.
   *[other] Shown { $count } times in 28 days.
}
block-chart-clicked = Clicked, by day
block-chart-clicked-summary = { $count ->
    [one] Clicked once in 28 days.
   *[other] Clicked { $count } times in 28 days.
}
block-chart-empty = Nothing was counted in these days.
test = Test between ways to fill it
test-none = One way fills this block. Add another to test them: shoppers are divided, and each keeps seeing the same.
test-arms = Ways to fill it
test-arm = Way { $arm }
test-way = Way
test-share = Share
test-share-of = Share of way { $arm }
test-per-thousand = Earned per 1,000 shown
test-do = What to do
test-over = over
test-win = Keep only this
test-win-sure = End the test and fill the block this way for everybody? The others stay among the versions.
test-away = Take away
test-away-sure = Take this way out of the test? Its shoppers are divided among the others.
test-shares = Set the shares
test-add = Test another way
test-people = People
test-people-clicked = clicked
test-people-bought = ordered
test-goal-clicks = Clicks
test-goal-orders = Orders
test-not-enough = { $goal }: not enough yet. Each way has to be shown to at least 50 people.
test-open = { $goal }: open. The shares differ by { $low } to { $high } points, and zero lies between.
test-gain = { $goal }: better than the first way by { $low } to { $high } points.
test-loss = { $goal }: worse than the first way by { $low } to { $high } points.
test-how = The bounds hold however often you look. They count people: each counts once, under the way she was shown first. Who clicked on anything in the block counts under clicks; who ordered anything within the attribution window after she first saw it counts under orders. A browser is a person until she says who she is.
past = How it would have done
past-lead = { $count ->
    [one] Beckon learns from what shoppers did before, then goes through the last day step by step: would what the shopper turned to next have stood in this block? Bestsellers answer the same questions for comparison.
   *[other] Beckon learns from what shoppers did before, then goes through the last { $count } days step by step: would what the shopper turned to next have stood in this block? Bestsellers answer the same questions for comparison.
}
past-start = Try it on the last days
past-running = Going through the last days…
past-failed = It could not be tried:
past-none = This block was not tried yet since the program started.
past-little = Too little happened in these days to say anything: fewer than 100 steps.
past-viewed = What shoppers looked at next
past-taken = What shoppers put in the cart or ordered next
past-verdict = In { $n } of 100 cases (± { $margin }) it stood among the { $size } products shown, at place { $place } on average.
past-verdict-none = It never stood among the { $size } products shown.
past-bar-block = This block: { $share }
past-bar-bestsellers = As many bestsellers: { $share }
past-figures = For those who know: HR@{ $size } { $hr }, MRR@{ $size } { $mrr }, { $questions } questions.
past-short = In { $share } of the cases the block had too few goods to be shown.
past-when = Tried { $when }.
past-since = Foretold from { $since } on.
past-learned = { $count ->
    [one] Learned from one step before.
   *[other] Learned from { $count } steps before.
}
past-how = Shoppers did not see this block then: being shown changes what people do, so a test says more than this.
code-lead = What a developer puts on a page or asks from an app.
code-site = On the site
code-tracker = Once on every page
code-place = Shows all blocks of the place. Which ones is decided here, without a change of the page.
code-alone = This block alone
code-alone-text = Wherever it is put; what the page is about goes with it as data-product, data-category or data-query.
code-call = From a server or an app
code-call-text = The answer is JSON with products, prices and reasons. Report what was seen and clicked as “Recommendations Viewed” and “Recommendation Clicked”.
code-js = Drawn by your own script
block-versions-none = Never changed
block-versions-none-text = This block is as it was built in. Each change you keep will stand here, and can be taken back.
block-version = Version { $number }
block-version-now = in force
block-version-back = Bring back
block-version-back-sure = Put this version in force again?
block-version-forgotten = The shop's own block was taken away.
learned-until = The re-ranked order was learned from { $clicks } looks at products, until { $until }. It is learned anew every three hours.
learned-not-yet = There is no learned order yet: it needs { $needed } looks at products within 90 days, at the last count there were { $tried }. Until then re-ranked blocks are in the fast order.
