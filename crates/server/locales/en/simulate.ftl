# What `beckon simulate` prints.
simulate-head = { $shoppers ->
    [one] { $shoppers } invented shopper
   *[other] { $shoppers } invented shoppers
}, { $days ->
    [one] { $days } day
   *[other] { $days } days
}, seed { $seed }
simulate-journeys = Switched on: { $names }
simulate-goods-invented = The shop's catalogue is empty: the goods are invented
simulate-people = { $events } events; { $people } customers, { $address } with an address, { $consented } agreed to letters
simulate-by-day = Day by day
simulate-day = day
simulate-total = total
simulate-entered = entered
simulate-approved = approved
simulate-sent = sent
simulate-held-out = held out
simulate-withheld = withheld
simulate-opened = opened
simulate-clicked = clicked
simulate-orders = orders
simulate-credited = credited
simulate-more = Besides
simulate-waiting = approved, waiting at the end
simulate-never = refused by the channel for good
simulate-unknown = nobody can say whether they arrived
simulate-retried = tries the channel put off
simulate-unsubscribed = unsubscribed
simulate-complained = reported as spam
simulate-credited-orders = orders credited to a letter
simulate-ordered = all orders
simulate-why-withheld = Why letters were not sent
simulate-why-put-off = Why letters had to wait
simulate-why-not-entered = Why people did not enter
simulate-channel = The channel
simulate-peak = Peak hour: { $at }, { $handed } letters handed over of { $most } the channel could take
simulate-rate-held = The rate held: no letter that was ready waited for longer than { $queue }
simulate-rate-not-held = The rate did not hold: a letter that was ready waited for { $queue }
simulate-longest-wait = The longest wait from due to handed over: { $wait } ({ $journey }, step { $step }, due { $due })
simulate-conflicts = Conflicts and caps
simulate-no-conflicts = No journey had to stand back behind another
simulate-conflict = { $winner } went before { $loser } { $times ->
    [one] once
   *[other] { $times } times
}: { $later } sent later, { $withheld } not sent, { $other } otherwise
simulate-caps = Customers whom a cap held back: { $people }
simulate-cap = { $sent ->
    [one] { $sent } letter
   *[other] { $sent } letters
} in { $within }
simulate-standing = Where people stand at the end
simulate-examples = Customers as examples
simulate-compared = Compared with { $what }
simulate-as-it-is = as it is
simulate-changed = changed
simulate-difference = difference
