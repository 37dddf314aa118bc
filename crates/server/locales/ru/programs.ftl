settings-programs = Программы
programs-lead = Программы, у которых общая база магазина. Одна владеет магазином: решает и отправляет. Остальные показывают страницы и рекомендации, принимают события и продолжат, когда владелец остановится.
programs-one = Этот магазин обслуживает одна программа, из каталога на диске. Несколько могут работать вместе, когда магазин лежит в PostgreSQL.
programs-nobody = Сейчас магазином никто не владеет: решений и отправки нет. События сохраняются, и программа наготове продолжит через несколько секунд.
programs-inbox = { $count ->
    [one] Владельца ждёт { $count } сообщение.
    [few] Владельца ждут { $count } сообщения.
   *[other] Владельца ждут { $count } сообщений.
}
programs-inbox-empty = Владельца ничего не ждёт.
program = Программа
program-own = эта
program-part = Что делает
program-lease = Аренда ещё
program-buckets = Части данных
program-filling = наполняются
program-is-owner = владеет магазином
program-is-standby = наготове
program-is-draining = скоро остановится
program-is-silent = не слышно
program-for = уже { $time }
program-heard = слышно { $time } назад
program-behind = Отстаёт на
program-events = рекомендации: { $time }
program-plane = настройки и каталог: { $time }
