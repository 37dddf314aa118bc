# Что печатает `beckon bench`.
bench-head = События по HTTP: { $profiles ->
    [one] { $profiles } покупатель
    [few] { $profiles } покупателя
   *[many] { $profiles } покупателей
}, { $connections ->
    [one] { $connections } соединение
    [few] { $connections } соединения
   *[many] { $connections } соединений
}, { $batch ->
    [one] { $batch } событие
    [few] { $batch } события
   *[many] { $batch } событий
} в запросе; { $cores ->
    [one] { $cores } ядро
    [few] { $cores } ядра
   *[many] { $cores } ядер
}, нагрузка { $load }
bench-probe = голая проба
bench-ours = Beckon
bench-ratio = отношение
bench-rate = событий в секунду, медиана
bench-p50 = половина запросов не дольше, мс
bench-p99 = 99 из 100 запросов не дольше, мс
bench-kept = подтверждённых событий на диске
bench-refused = запросов отправлено прийти позже
bench-lag = дольше всего ждал своего срока, мс
bench-waiting = больше всего задач в очереди
bench-memory = памяти вместе с самой нагрузкой, МБ
bench-bytes = байт на диске на событие
bench-commit = время записи на событие, мкс
bench-together = событий в одной записи
bench-holds = При { $rate } событиях в секунду эта машина держит около { $visits } визитов в месяц: { $events } событий за визит, в пик в { $peak } раз больше среднего, половина машины свободна.
