catalogue-offers = Offers
catalogue-imports = Imports
catalogue-search = Title, id or article number
catalogue-none = The catalogue is empty
catalogue-none-text = Bring it in from a product feed (YML) under Imports.
catalogue-not-found = No offer fits
catalogue-not-found-text = Try another word or category.
offers-count = { $count ->
    [one] { $count } offer
   *[other] { $count } offers
}
offer-no-price = no price
offer-available = on sale
offer-stock = { $count } in stock
offer-in-stock = In stock
offer-price = Price
offer-id = Id
offer-category = Category
offer-vendor = Brand
offer-vendor-code = Article number
offer-page = Page
offer-open = Open in the shop
offer-description = Description
offer-params = Parameters
offer-prices = Prices
import-new = Import a feed
import-url = Address of the feed
import-url-help = YML, also packed with gzip, as https://shop.example/feed.xml.
import-start = Import
import-file = Or a file
import-file-help = Up to 64 MB; larger feeds by their address.
import-send = Send the file
import-large = The file is larger than 64 MB. Give its address instead.
import-empty = Choose a file first.
import-busy = An import is running. Wait until it is done.
import-bad-url = This is not an address of the web.
import-running = The import is running:
import-refused = The feed was refused; the catalogue is as it was.
import-line = Line { $count }:
import-done = The catalogue is up to date:
import-changed = { $count } new or changed
import-removed = { $count } removed
import-broken-count = { $count } broken
import-broken = Broken offers by line and reason
import-line-head = Line
import-reason = What was wrong
imports-none = No imports yet
imports-none-text = Each import leaves a report here, with every broken offer by line and reason.
imports-past = Past imports
import-outcome-imported = imported
import-outcome-refused = refused
import-outcome-abandoned = abandoned
flash-import-began = The import began.
offer-beside = Goes with it
beside-bought = { $count ->
    [one] bought together in { $count } order
   *[other] bought together in { $count } orders
}
beside-carted = { $count ->
    [one] put into one cart by { $count } visitor
   *[other] put into one cart by { $count } visitors
}
feed-no-offer = not one offer of the feed can be used
feed-no-offer-hint = see the refused offers
feed-removes = it would remove { $gone } of { $old } offers
feed-removes-hint = more than half of the catalogue would go; if that is right, import it in two steps
feed-unfetched = the feed cannot be fetched: { $why }
feed-store = the catalogue cannot be written: { $why }
feed-stock-unknown = no name, and the catalogue does not know this id
feed-ended = the import ended without a word
