settings-programs = Programs
programs-lead = Programs that share the shop's database. One owns the shop: it decides and sends. The others serve pages and recommendations, take events, and go on when the owner ends.
programs-one = One program serves this shop, from a directory. Several can share it when it lies in PostgreSQL.
programs-nobody = Nobody owns the shop now: nothing is decided or sent. Events are kept, and a program that stands by takes over within seconds.
programs-inbox = { $count ->
    [one] { $count } input waits for the owner.
   *[other] { $count } inputs wait for the owner.
}
programs-inbox-empty = Nothing waits for the owner.
program = Program
program-own = this one
program-part = What it does
program-lease = Lease left
program-buckets = Buckets
program-filling = being filled
program-is-owner = owns the shop
program-is-standby = stands by
program-is-draining = about to stop
program-is-silent = not heard of
program-for = for { $time }
program-heard = heard { $time } ago
program-behind = Behind by
program-events = recommendations: { $time }
program-plane = settings and catalogue: { $time }
