# What `beckon bench` prints.
bench-head = Events over HTTP: { $profiles } customers, { $connections ->
    [one] { $connections } connection
   *[other] { $connections } connections
}, { $batch ->
    [one] { $batch } event a request
   *[other] { $batch } events a request
}; { $cores ->
    [one] { $cores } core
   *[other] { $cores } cores
}, load { $load }
bench-probe = bare probe
bench-ours = Beckon
bench-ratio = ratio
bench-rate = events a second, median
bench-p50 = half of all requests within, ms
bench-p99 = 99 of 100 requests within, ms
bench-kept = acknowledged events found on disk
bench-refused = requests told to come again
bench-lag = longest wait of a due customer, ms
bench-waiting = most tasks waiting at once
bench-memory = most memory with the load's own, MB
bench-bytes = bytes on disk for each event
bench-commit = time in commits for each event, µs
bench-together = events of a commit
bench-holds = At { $rate } events a second this machine holds about { $visits } visits a month: { $events } events a visit, { $peak } times as many at the peak as on average, half of the machine kept free.
