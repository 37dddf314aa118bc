# Reasons of decisions in words. One message per code of the core; `$` values are named as the core names them.

# Entering
why-left = She has been gone since { $left_at }, for { $after }.
why-event = It began with her event of { $occurred_at }.
why-cart = { $lines ->
    [one] There is { $lines } line in her cart.
   *[other] There are { $lines } lines in her cart.
}
why-shifted = She had ordered lately, so the start was moved by { $by }.
why-late = The event of { $occurred_at } reached us too late to begin anything.
why-history = The event of { $occurred_at } was told afterwards (an import), so it begins nothing.
why-too_many_journeys = She already stands in { $most } journeys, the most one customer can.
why-entered_again = The cart changed, so the journey began anew.
why-already_inside = She is in this journey already, since { $began }.
why-entered_lately = She walked this journey lately: it began { $began }.
why-cart_empty = There was something in her cart.
why-any = None of the conditions of the entry held.
why-not = A condition that must not hold did hold.
why-cart_not_empty = Her cart was empty.
why-reachable = There was no e-mail address that may be written to.
why-condition-consented = She had not agreed to marketing e-mail.
why-did = She had not done often enough what the entry asks for.
why-clicked = She had not clicked in a message of ours within the time the entry asks for.
why-trait = What is known of her is not what the entry asks for.

# The gate
why-due = It fell due at { $at }.
why-consented = { $by ->
    [shop] She agreed to marketing e-mail on { $at }; the shop said so.
   *[browser] She agreed to marketing e-mail on { $at }; she said so herself on the site.
}
why-consent_missing = She never agreed to marketing e-mail.
why-consent_refused = She refused marketing e-mail on { $at }.
why-consent_not_needed = A message of this kind needs no consent to marketing.
why-no_address = No e-mail address of hers is known.
why-address_stopped = The address takes no marketing: somebody behind it unsubscribed or complained, or it does not exist.
why-held_out = She is of the control group that gets nothing, so that the gain can be measured (draw { $draw }, share { $share }; whole shop: draw { $global_draw }, share { $global_share }).
why-held_out-short = She is of the control group that gets nothing, so that the gain can be measured.
why-not_held_out = She is not of the control group (draw { $draw }, share { $share }; whole shop: draw { $global_draw }, share { $global_share }).
why-lost_to = A more important message comes first: “{ $journey }” has priority { $priority }, this one { $mine }.
why-no_rival = No more important message waited; this one has priority { $priority }.
why-under_caps = She had not been written to too often.
why-cap = She had been written to { $sent ->
    [one] once
   *[other] { $sent } times
} within { $within }; at most { $most } { $most ->
    [one] is
   *[other] are
} allowed.
why-quiet_hours = It was quiet time where she lives, until { $until }.
why-deadline = Its time had passed: it was not to be sent after { $deadline }.
why-step_gone = The step is no longer in the journey.
why-too_many_waiting = { $most } messages already wait for her, the most that may.

# The last look before sending
why-journey_off = The journey was switched off.
why-restored = It fell due before the shop was restored from a backup, and may have been sent already.
why-stopped = All sending is stopped in the settings.
why-goods_gone = None of the goods in her cart can be ordered any more.
why-goods_not_in_catalogue = None of the goods in her cart is in the catalogue.
why-cart_emptied = Her cart was emptied.
why-claimed_address_daily = Only a browser named this address, so it gets one message a day at most; the next after { $next }.
why-order = She ordered.
why-unsubscribed = She unsubscribed.
why-complained = Somebody at this address reported a message as spam.
why-bounced = The address does not exist: mail came back.
why-template = The message could not be made: { $channel }
why-merged_into = Its goods became part of a more important message: “{ $journey }” has priority { $priority }, this one { $mine }.

# The journey
why-branch = { $holds ->
    [true] The condition of the branch held.
   *[false] The condition of the branch did not hold.
}
why-only_arm = The test is off; everybody goes the way “{ $arm }”.
why-drawn_arm = She was drawn the way “{ $arm }” (draw { $draw }).
why-exit_step = The journey ends here: { $reason }.
why-endless_loop = She went through { $most } steps at once; the journey turns in a circle.
why-step_too_soon = This step wrote to her on { $last_at }; again only after { $every }.
why-said_before = This step had written to her at { $at }, before she was moved back in the journey; it writes once.
why-moved = The journey was published anew and she was moved from version { $from } to version { $to }.
why-version_ended = The journey was published anew, and the series of those inside were ended.
why-step_removed = The journey was published anew, and her step is no longer in it.

# Merges
why-merged = Two records turned out to be one person; what was known was joined.
why-different_people = The two records are different people: their customer ids differ.
why-unreadable = The record of the other profile could not be read.

# The channel
why-sent = The mail server took it: { $channel }
why-retried = The mail server said “not now”: { $channel }
why-never = The mail server refused it for good: { $channel }
why-unknown = The line broke where nobody can say whether it was taken: { $channel }

why-until = Held until { $until }.

# Spans of time
during-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
during-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
during-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
during-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}

# What the journal says was done
what-entered = Entered the journey
what-not_entered = Did not enter the journey
what-step = Went on
what-approved = Message approved
what-withheld = Message withheld
what-held = Message waits
what-skipped = Step skipped
what-exit = Left the journey
what-moved = Moved to a newer version
what-finished = Walked to the end
what-merged = Merged into another record
what-not_merged = Not merged
what-absorbed = Took in another record
what-opened = Opened
what-opened_by_machine = Opened by a machine
what-clicked = Clicked
what-clicked_by_machine = Clicked by a scanner
what-unsubscribed = Unsubscribed
what-complained = Reported as spam
what-bounced = Came back

# Codes without their values, for tables of counts
code-deadline = Its time had passed
code-cap = Written to often enough
code-lost_to = A more important message came first
code-merged_into = Became part of a more important message
code-consent_missing = Never agreed to marketing e-mail
code-consent_refused = Refused marketing e-mail
code-consented = Had not agreed to marketing e-mail
code-no_address = No e-mail address
code-address_stopped = The address takes no marketing
code-quiet_hours = Quiet hours
code-late = The event came too late
code-history = Told afterwards (import)
code-step_too_soon = The step wrote to her lately
code-claimed_address_daily = One message a day to an address only a browser named
code-too_many_waiting = Too many messages wait for her
code-too_many_journeys = In too many journeys already
code-template = The message could not be made
code-exit_step = Ended by a step
code-cart_emptied = Cart emptied
code-cart_not_empty = Cart was empty
code-reachable = No address that may be written to
code-goods_gone = Goods no longer on sale
code-goods_not_in_catalogue = Goods not in the catalogue
code-order = Ordered
code-unsubscribed = Unsubscribed
code-complained = Reported as spam
code-bounced = Address does not exist
code-entered_again = Began anew with a changed cart
code-journey_off = Journey switched off
code-restored = Due before a restore
code-merged = Records joined
code-already_inside = In the journey already
code-entered_lately = Walked it lately
code-cart_empty = Something was in the cart
code-said_before = The step wrote to her before
code-moved = Moved to a newer version
code-version_ended = Ended by a publication
code-step_removed = Step removed by a publication
what-repeated = Message sent again by a person
why-waiting_already = It waits to go out already, or too many of her messages do.
why-address_changed = She has another address now; this message was written to the old one.
why-repeated = A person sent it again: { $channel }
why-nobody = There is no such customer any more.
why-arrived = Somebody opened it, so it arrived: count it as sent.
