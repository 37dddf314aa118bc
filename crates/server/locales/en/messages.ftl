messages-none = No messages yet
messages-none-text = Every message that is considered stands here: sent, waiting, withheld, and those of the control group.
messages-not-found = No message fits
messages-not-found-text = Choose another state or journey, or empty the field.
message-when = When
message-from = From
message-subject = Subject
message-to = To
message-state = State
message-journey = Journey
message-step = Step
message-template = Template
message-reactions = Reaction
message-about = About this message
message-due = Fell due
message-approved-at = Approved
message-handed-at = Handed over
message-deadline = Not later than
message-tries = Tries
message-goods = Goods
message-channel-said = What the mail server said
message-not-rendered = This message was never handed to the mail server, so there is nothing to show.
message-width = Width
message-desktop = Desktop
message-phone = Phone
message-as-sent = The message as it was sent
state-approved = waits to be sent
state-claimed = being prepared
state-handing = being handed over
state-sent = sent
state-never = refused
state-unknown = unknown
state-withheld = withheld
state-ghost = control group
reaction-opened = opened
reaction-clicked = clicked
reaction-machine = opened by a machine
reaction-bad = unsubscribed or came back
message-text = Plain text
message-headers = All headers
message-exact = Byte for byte what was sent: made again from the template and the facts of that moment.
message-not-exact = Made with today's template or program: what was sent may have looked otherwise.
message-erased = What this message said is no longer kept: bodies are erased after 90 days. When it was sent, and why, stays.
message-template-gone = This message cannot be shown: { $why }
message-moments = What happened
message-considered = Considered
message-good-cart = was in the cart
message-good-beside = recommended: goes with what was in the cart
reaction-clicked-machine = link followed by a machine
message-reason = Reason
message-channel = Channel
message-from-day = From day
message-to-day = To day
message-counts-note = Numbers in the lists are those of the last 30 days.
message-unknown-text = The connection to the mail server broke after the last byte: nobody can say whether the mail was taken. It is not sent again by itself, and counts against the limits as if it had been.
message-count-as-sent = Count as sent
message-count-as-sent-sure = Count this message as sent? The numbers of its journey change accordingly.
channel-email = e-mail
channel-none = none (control group)
filter-empty = Show all
flash-counted-as-sent = The message counts as sent now.
flash-not-unknown = The state of this message is known already: nothing was changed.
message-again = Send again
message-again-sure = Send this message again? If the first one did arrive, she gets it twice. It keeps its Message-ID, so many mail programs show one.
message-again-late = Send again, though late
message-again-late-sure = Its deadline has passed. Send it all the same, within a day? What it shows is the cart and the prices of now.
decide-all = Decide on all of them
decide-all-text = Ask the journal of the mail server whether they were taken. Sending again asks consent, unsubscribes, limits and stock anew; counting as sent changes the numbers only. It holds for all the filter finds, on other pages too.
decide-late = Also what is past its deadline
decide-late-help = Such messages then have one day. Without this they stay here.
decide-again = Send all again
decide-again-sure = Send all these messages again? Whose first one did arrive gets it twice.
decide-count = Count all as sent
decide-count-sure = Count all these messages as sent? The numbers of their journeys change accordingly.
decided = What came of it
decided-again = { $count ->
    [one] { $count } message goes out again.
   *[other] { $count } messages go out again.
}
decided-counted = { $count ->
    [one] { $count } message counts as sent now.
   *[other] { $count } messages count as sent now.
}
decided-more = There are more: decide once again.
decided-refused = { $count ->
    [one] { $count } message stays as it is
   *[other] { $count } messages stay as they are
}
decided-refused-text = Something speaks against sending them again. They can still be counted as sent.
decided-back = Back to the messages
flash-sent-again = It goes out again.
