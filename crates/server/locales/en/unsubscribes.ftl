settings-unsubscribes = Unsubscribes
unsubscribes-title = Bring in unsubscribes
unsubscribes-text = Whoever unsubscribed, complained or could not be reached elsewhere: in the service you sent with before, at your relay, or in a shop that ran while this one was restored. They get no marketing any more. Bringing somebody in twice changes nothing.
unsubscribes-addresses = Addresses
unsubscribes-help = One per line, or a table whose first line names its columns: email, and if you like status with unsubscribed, complained or bounced.
unsubscribes-reason = Why they are stopped
unsubscribes-reason-help = For lines that do not say it themselves.
unsubscribes-unsubscribed = They unsubscribed
unsubscribes-complained = They reported spam
unsubscribes-bounced = The address does not exist
unsubscribes-file = Or a file
unsubscribes-file-help = CSV or text, up to 8 MB. The same lines as beside; without a status they count as unsubscribed.
unsubscribes-go = Stop these addresses
unsubscribes-confirm = They get no marketing any more, and only they themselves can agree anew. Go on?
unsubscribes-back = Back to “After a restore”
unsubscribes-empty = There is no address in it.
unsubscribes-large = The file has more than 8 MB: bring it in by parts.
unsubscribes-failed = Not every address could be written. Bring the same list in again in a moment.
unsubscribes-stopped = { $count ->
    [one] { $count } address is stopped.
   *[other] { $count } addresses are stopped.
}
unsubscribes-repeated = { $count ->
    [one] { $count } stood there twice.
   *[other] { $count } stood there more than once.
}
unsubscribes-wrong = { $count ->
    [one] { $count } line was not taken
   *[other] { $count } lines were not taken
}
unsubscribes-wrong-text = All others were. These lines stand below again: put them right, or leave them.
unsubscribes-line = Line
unsubscribes-says = What it says
unsubscribes-why = What is wrong
unsubscribes-no-address = There is no address in it.
unsubscribes-bad-address = This is no address: anna@example.com is wanted.
unsubscribes-bad-reason = Its status is none of unsubscribed, complained, bounced. Leave people out who are still subscribed.
