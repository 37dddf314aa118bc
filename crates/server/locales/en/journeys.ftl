journeys-week = last 7 days
journeys-ready = Ready to take over
journeys-none = No journeys yet
journeys-none-text = Apply one from a file: beckon apply PATH.
journey-on = on
journey-off = off
journey-since = On since
journey-switch-on = Switch on
journey-switch-off = Switch off
journey-off-sure = Switch this journey off? Nobody enters any more, and messages on their way are withheld.
journey-take = Take over
journey-take-text = It is taken over switched off, so that you can look at it first.
flash-journey-on = The journey is on.
flash-journey-off = The journey is off.
flash-journey-taken = The journey is yours now. It is still off.
flash-published = Published.
tab-map = Map
tab-numbers = Numbers
tab-settings = Settings
tab-text = Text
n-entered = Entered
n-sent = Sent
n-opened = Opened
n-clicked = Clicked
n-ordered = Orders
n-revenue = Revenue
n-ghost = Control group
n-held-out = Control group
n-treated = Get messages
n-withheld = Withheld
n-not-entered = Did not enter
n-exit = Left
n-skipped = Skipped
n-unsubscribed = Unsubscribed
n-bounced = Bounced
n-steps = By step
n-in-all = { $count } in all
n-on-average = { $count } on average
n-no-orders = No credited orders in this time.
unit-letters = letters
unit-people = people
unit-orders = orders
period = Period
period-day = 24 hours
period-week = 7 days
period-month = 30 days
period-hour = Hour
period-date = Day
map-entry = Entry
map-ends = Ends the journey at once
map-left = Gone from the site for { $span }
map-event = Event: { $name }
map-event-after = { $span } after it
map-when = If: { $condition }
map-shift = Begins { $span } later, if: { $condition }
map-not = not ({ $condition })
map-cart-not-empty = something is in the cart
map-reachable = the address may be written to
map-consented = agreed to e-mail
map-clicked = clicked in our mail within { $span }
map-wait-start = Until { $span } after the start
map-wait-last-send = Until { $span } after the last message
map-wait-here = Wait { $span }
map-wait-for = Wait for: { $name }
map-came = came
map-not-came = not within { $span }
map-yes = yes
map-no = no
map-branch = { $condition }?
map-split-only = Everybody goes “{ $arm }”
map-split-test = Divided by shares
map-exit = End: { $reason }
map-goal = Goal
map-exit-order = Ordered
map-exit-cart-emptied = Cart emptied
map-exit-unsubscribed = Unsubscribed
set-split-test = Test: divided by shares
set-global-holdout = Control group of the whole shop
set-global-holdout-help = This part of the people gets no marketing at all.
text-line = Line { $count }:
text-nothing-changed = Nothing was changed.
text-help = Changed steps, waits and ways hold for those who enter from now on; texts and settings hold for everybody at once.
text-version = Version { $count }.
text-publish = Publish
map-letter = Letter “{ $template }”
map-came-here = Came here
map-standing = stand here now
map-stand-here = Stand here now
map-went = Went on
map-finished = Walked to the end
map-table = The map as a table
map-legend = The number on an arrow is how many went that way in the chosen time.
map-inside = { $count ->
    [one] { $count } person is inside now.
   *[other] { $count } people are inside now.
}
period-quarter = 90 days
period-publication = Since the last publication
step-back = To the map
step-settings = Settings of this step
step-preview = How the letter looks
step-preview-note = Made for an invented customer, with today’s template.
step-preview-none = The letter cannot be shown: { $why }
step-withheld = Why letters were not sent
step-withheld-none = None was withheld in this time.

# Settings with their effect
setting-after = Begins after
setting-after-effect = The first step is taken { $value } after the start. Shorter reaches more people while they remember and interrupts more who would have come back by themselves.
setting-fresh-for = How late an event may come in and still begin it
setting-fresh-for-effect = An event that reaches us later than { $value } after it happened begins nothing. Longer forgives slow connections, but may write about what is over.
setting-again-after = Not again within
setting-again-after-effect = Whoever walked it does not enter again for { $value }. Shorter writes more often to the same people.
setting-shift = Later for those who just bought
setting-shift-effect = Whoever ordered lately begins { $value } later. Shorter writes sooner to people who have just spent money.
setting-priority = Priority
setting-priority-effect = Of messages that wait together the one with the highest number goes first; this one has { $value }.
setting-holdout = Control group of this journey
setting-holdout-effect = { $value } of the people get nothing, so that the gain can be measured. Larger gives an answer sooner and costs the sales of those left out.
setting-goal-within = The goal counts within
setting-goal-within-effect = Whoever orders within { $value } of the start reached the goal. It changes what is counted, not what is sent.
setting-split = Which way
setting-split-effect = One way for everybody, or a test that divides people by the shares. One person always goes the same way.
setting-share = Share of “{ $arm }”
setting-share-effect = { $value } parts of the sum of all shares go this way while the test is on. Changing it begins a new version.
setting-for = How long
setting-for-effect = The next step is taken { $value } later. Shorter writes while the interest is fresh, longer gives time to decide.
setting-up-to = Waits at most
setting-up-to-effect = If it has not come after { $value }, the other way is taken.
setting-template = Template
setting-template-effect = The letter “{ $value }” is sent. A new template takes effect at once, for those inside too.
setting-deadline = Not later than
setting-deadline-effect = A letter that was held back for { $value } after it fell due is dropped. Longer sends more of them, some out of date.
setting-when-beaten = If a more important letter goes first
setting-when-beaten-effect = It waits for its turn, is dropped, or its goods become part of the other letter.
setting-at-most-every = The same letter not again within
setting-at-most-every-effect = The same person gets this letter once in { $value } at most; 0s sets no limit.
group-start = Who enters, and when
group-proof = Priority and control group
group-test = The test of series
choice-postpone = It waits for its turn
choice-drop = It is dropped
choice-merge = Its goods join the other letter
setting-range = From { $min } to { $max }.
setting-default = The text says { $value }.
setting-pinned = Holds for new entrants; what becomes of those inside you choose when you publish.
setting-span-how = As 15m, 4h, 2d or 1d12h.
summary-begins = { $class ->
    [left] Begins { $after } after the last sign of life.
   *[event] Begins { $after } after the event.
}
summary-letters = { $count ->
    [0] It sends no letter.
    [one] One letter: { $list }.
   *[other] { $count } letters: { $list }.
}
summary-test = A test of { $count } series is running.
summary-holdout = { $share } of the people get nothing: they show what the letters bring.
inside-title = The graph changes: what becomes of those inside?
inside-stay = Only those who enter from now on take the new one
inside-stay-text = People inside finish the version they entered.
inside-move = Move those inside
inside-move-text = They go on at the same step; whoever stands at a removed step goes where you say, else leaves.
inside-end = End the series of those inside
inside-end-text = They get no more letters of it.
inside-where = From “{ $step }” ({ $count }) to
inside-leave = leave the journey
inside-changes = What would change
inside-publish = Publish
inside-back = Back
diff-added = New step: { $of }
diff-removed = Step removed: { $of }
diff-kind = Another kind of step: { $of }
diff-wait = { $of }: { $from } → { $to }
diff-share = Share of { $of }: { $from } → { $to }
diff-ways = Leads elsewhere: { $of }
diff-condition = Another condition: { $of }
diff-setting = { $of }: { $from } → { $to }
diff-entry = Other conditions of entry
diff-exits = Other exits
diff-nothing = Nothing changes but texts.
tab-versions = Versions
versions-now = Versions with people
versions-version = Version { $version }
versions-newest = newest
versions-stand = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
versions-moving = Moving to version { $to }: { $count } still to go
versions-ending = Ending: { $count } still to go
versions-done = Done: everybody has been checked.
versions-stay = They finish the version they entered; it is removed once it is empty, or after 180 days.
versions-history = History
versions-switched-on = Switched on
versions-switched-off = Switched off
versions-began = Version { $version } published
versions-again = Publish this text again
versions-unknown = before this was kept

# Stages
stages = Stages
stages-month = last 30 days
stages-order = Which letter goes first
stages-order-text = Of letters that wait together the one higher in this list goes. Drag, or use the arrows. Steps with a priority of their own keep it.
stages-up = Up
stages-down = Down
stage-visit = Visit
stage-cart = Cart
stage-order = Order
stage-after = After the order
stage-silence = Silence
stage-none = No journey works at this stage yet.
stage-ready = ready-made
stage-class = { $class ->
    [T] Service
    [R] Requested
    [A] Hot trigger
    [B] Life cycle
   *[C] Mass
}
stage-letters = Letters after

# What the numbers come to
n-goal = Reached the goal
n-csv = Table for a spreadsheet (CSV)
rate-opened = Opened
rate-opened-how = of sent letters, by people; opens by machines are left out
rate-clicked = Clicked
rate-clicked-how = of sent letters, by people
rate-conversion = Conversion
rate-conversion-how = letters that led to an order, of those sent
rate-after-click = Conversion after a click
rate-after-click-how = letters that led to an order, of those somebody clicked in
rate-goal = Goal rate
rate-goal-how = series that reached the goal, of those that began
rate-unsubscribed = Unsubscribed
rate-unsubscribed-how = of sent letters
rate-returned = Returning buyers
rate-returned-how = of the people with an order credited to this journey in the period: after the first such order they placed at least one more, whatever led to it
rate-average = Average order
rate-average-how = of the orders credited to this journey
proof = Does it earn anything?
proof-gain = Yes: people who are written to reach the goal more often.
proof-loss = No: people who are written to reach the goal less often.
proof-open = It cannot be said yet: the difference may still be nothing.
proof-not-enough = Not enough yet: at least 50 people of each group are needed whose time for the goal is over.
proof-interval = The difference: { $low } to { $high } percentage points.
proof-mixed = { $count ->
    [one] { $count } person turned out to be in both groups and is counted in neither.
   *[other] { $count } people turned out to be in both groups and are counted in neither.
}
proof-people = People
proof-converted = Reached the goal
proof-how = Everybody is drawn once into one of the groups and counted there, whatever was sent. Only people drawn longer ago than { $within } are counted, because the others may still order. The interval holds at every look together (95 %): a confidence sequence by a beta mixture, after Robbins 1970 and Lindon and Malek 2022.
references = Beside published figures
references-theirs = Published
references-own = Yours
references-how = Cart letters as reported by others: 13 % of letters clicked, 36 % of clicks ordered. They measured other shops.
