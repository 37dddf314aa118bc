journeys-week = за 7 дней
journeys-ready = Готовые сценарии
journeys-none = Сценариев пока нет
journeys-none-text = Примените сценарий из файла: beckon apply PATH.
journey-on = включён
journey-off = выключен
journey-since = Включён с
journey-switch-on = Включить
journey-switch-off = Выключить
journey-off-sure = Выключить сценарий? Никто больше не войдёт, а сообщения в пути не уйдут.
journey-take = Взять
journey-take-text = Сценарий берётся выключенным, чтобы сначала его посмотреть.
flash-journey-on = Сценарий включён.
flash-journey-off = Сценарий выключен.
flash-journey-taken = Сценарий теперь ваш. Он пока выключен.
flash-published = Опубликовано.
tab-map = Карта
tab-numbers = Цифры
tab-settings = Настройки
tab-text = Текст
n-entered = Вошли
n-sent = Отправлено
n-opened = Открыто
n-clicked = Переходы
n-ordered = Заказы
n-revenue = Выручка
n-ghost = Контрольная группа
n-held-out = Контрольная группа
n-treated = Получают письма
n-withheld = Не отправлено
n-not-entered = Не вошли
n-exit = Вышли
n-skipped = Пропущено
n-unsubscribed = Отписки
n-bounced = Не доставлено
n-steps = По шагам
n-in-all = Всего { $count }
n-on-average = В среднем { $count }
n-no-orders = Засчитанных заказов за это время нет.
unit-letters = писем
unit-people = человек
unit-orders = шт.
period = Период
period-day = Сутки
period-week = 7 дней
period-month = 30 дней
period-hour = Час
period-date = День
map-entry = Вход
map-ends = Сразу завершает сценарий
map-left = Нет на сайте { $span }
map-event = Событие: { $name }
map-event-after = Через { $span } после него
map-when = Если: { $condition }
map-shift = На { $span } позже, если: { $condition }
map-not = не ({ $condition })
map-cart-not-empty = корзина не пуста
map-reachable = на адрес можно писать
map-consented = есть согласие на письма
map-clicked = переход из нашего письма за { $span }
map-wait-start = Пока не пройдёт { $span } от начала
map-wait-last-send = Пока не пройдёт { $span } от последнего письма
map-wait-here = Ждать { $span }
map-wait-for = Ждать события: { $name }
map-came = пришло
map-not-came = не пришло за { $span }
map-yes = да
map-no = нет
map-branch = { $condition }?
map-split-only = Все идут путём «{ $arm }»
map-split-test = Деление по долям
map-exit = Конец: { $reason }
map-goal = Цель
map-exit-order = Заказ
map-exit-cart-emptied = Корзина опустошена
map-exit-unsubscribed = Отписка
set-split-test = Проверка: деление по долям
set-global-holdout = Контрольная группа магазина
set-global-holdout-help = Эта часть людей не получает рекламы совсем.
text-line = Строка { $count }:
text-nothing-changed = Ничего не изменено.
text-help = Новые шаги, ожидания и развилки действуют для тех, кто войдёт теперь; тексты и настройки — сразу для всех.
text-version = Версия { $count }.
text-publish = Опубликовать
map-letter = Письмо «{ $template }»
map-came-here = Пришли сюда
map-standing = сейчас здесь
map-stand-here = Сейчас здесь
map-went = Пошли дальше
map-finished = Дошли до конца
map-table = Карта таблицей
map-legend = Число на стрелке — сколько прошло этим путём за выбранное время.
map-inside = { $count ->
    [one] Сейчас внутри { $count } человек.
    [few] Сейчас внутри { $count } человека.
   *[many] Сейчас внутри { $count } человек.
}
period-quarter = 90 дней
period-publication = С последней публикации
step-back = К карте
step-settings = Настройки шага
step-preview = Как выглядит письмо
step-preview-note = Для вымышленного покупателя, по сегодняшнему шаблону.
step-preview-none = Письмо нельзя показать: { $why }
step-withheld = Почему письма не ушли
step-withheld-none = За это время всё ушло.

# Настройки и что они меняют
setting-after = Начинается через
setting-after-effect = Первый шаг делается через { $value } после начала. Короче — больше людей ещё помнят о покупке, но чаще мешаем тем, кто вернулся бы сам.
setting-fresh-for = Насколько опоздавшее событие ещё запускает сценарий
setting-fresh-for-effect = Событие, дошедшее до нас позже чем через { $value }, ничего не запускает. Длиннее — прощаем плохую связь, но можем написать о том, что уже неактуально.
setting-again-after = Повторный вход не раньше чем через
setting-again-after-effect = Кто прошёл сценарий, сможет войти снова через { $value }. Короче — чаще пишем одним и тем же.
setting-shift = Позже для тех, кто только что купил
setting-shift-effect = Кто недавно заказал, начинает на { $value } позже. Короче — раньше пишем тем, кто только что потратил деньги.
setting-priority = Приоритет
setting-priority-effect = Из писем, которые ждут вместе, первым уходит письмо с большим числом; здесь { $value }.
setting-holdout = Контрольная группа сценария
setting-holdout-effect = { $value } людей не получают ничего, чтобы измерить пользу. Больше — ответ раньше, но теряем их заказы.
setting-goal-within = Цель засчитывается в течение
setting-goal-within-effect = Кто заказал за { $value } от начала, достиг цели. Меняется только счёт, не письма.
setting-split = Каким путём
setting-split-effect = Один путь для всех или проверка, делящая людей по долям. Один человек всегда идёт одним путём.
setting-share = Доля «{ $arm }»
setting-share-effect = { $value } частей от суммы долей идут сюда, пока включена проверка. Изменение начинает новую версию.
setting-for = Сколько ждать
setting-for-effect = Следующий шаг — через { $value }. Короче — пишем, пока интерес свеж; длиннее — даём время решить.
setting-up-to = Ждёт не дольше
setting-up-to-effect = Если за { $value } ничего не случилось, идём другим путём.
setting-template = Шаблон
setting-template-effect = Уходит письмо «{ $value }». Новый шаблон действует сразу, и для тех, кто внутри.
setting-deadline = Не позже чем через
setting-deadline-effect = Письмо, задержанное на { $value } после срока, не уйдёт. Длиннее — уйдёт больше писем, но часть устареет.
setting-when-beaten = Если первым уходит более важное письмо
setting-when-beaten-effect = Это письмо ждёт очереди, отменяется, или его товары попадают в другое письмо.
setting-at-most-every = То же письмо не чаще
setting-at-most-every-effect = Один человек получает это письмо не чаще раза в { $value }; 0s — без ограничения.
group-start = Кто входит и когда
group-proof = Приоритет и контрольная группа
group-test = Проверка серий
choice-postpone = Ждёт очереди
choice-drop = Отменяется
choice-merge = Товары попадают в другое письмо
setting-range = От { $min } до { $max }.
setting-default = В тексте: { $value }.
setting-pinned = Действует для новых входов; что станет с теми, кто внутри, вы решите при публикации.
setting-span-how = Пишите 15m, 4h, 2d или 1d12h.
summary-begins = { $class ->
    [left] Начинается через { $after } после последнего действия.
   *[event] Начинается через { $after } после события.
}
summary-letters = { $count ->
    [0] Писем нет.
    [one] { $count } письмо: { $list }.
    [few] { $count } письма: { $list }.
   *[many] { $count } писем: { $list }.
}
summary-test = Идёт проверка серий: { $count }.
summary-holdout = { $share } людей не получают ничего: по ним видно, что дают письма.
inside-title = Схема меняется: что станет с теми, кто внутри?
inside-stay = Новая схема только для тех, кто войдёт теперь
inside-stay-text = Те, кто внутри, пройдут до конца версию, в которую вошли.
inside-move = Перенести тех, кто внутри
inside-move-text = Они продолжат с того же шага; кто стоит на убранном шаге — с указанного вами, иначе выйдет.
inside-end = Завершить серии тех, кто внутри
inside-end-text = Писем этой серии больше не будет.
inside-where = С «{ $step }» ({ $count }) на
inside-leave = выход из сценария
inside-changes = Что изменится
inside-publish = Опубликовать
inside-back = Назад
diff-added = Новый шаг: { $of }
diff-removed = Шаг убран: { $of }
diff-kind = Шаг другого вида: { $of }
diff-wait = { $of }: { $from } → { $to }
diff-share = Доля { $of }: { $from } → { $to }
diff-ways = Ведёт в другое место: { $of }
diff-condition = Другое условие: { $of }
diff-setting = { $of }: { $from } → { $to }
diff-entry = Другие условия входа
diff-exits = Другие выходы
diff-nothing = Меняются только тексты.
tab-versions = Версии
versions-now = Версии, в которых есть люди
versions-version = Версия { $version }
versions-newest = новейшая
versions-stand = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
versions-moving = Перенос в версию { $to }: осталось { $count }
versions-ending = Завершение: осталось { $count }
versions-done = Готово: проверены все.
versions-stay = Они идут по своей версии; она исчезнет, когда опустеет или через 180 дней.
versions-history = История
versions-switched-on = Включение
versions-switched-off = Выключение
versions-began = Опубликована версия { $version }
versions-again = Опубликовать этот текст снова
versions-unknown = до ведения истории

# Этапы
stages = Этапы
stages-month = за 30 дней
stages-order = Какое письмо уходит первым
stages-order-text = Из писем, которые ждут вместе, уходит то, что выше в списке. Перетащите или нажмите стрелку. Шаги со своим приоритетом его сохраняют.
stages-up = Выше
stages-down = Ниже
stage-visit = Визит
stage-cart = Корзина
stage-order = Заказ
stage-after = После заказа
stage-silence = Молчание
stage-none = На этом этапе сценариев пока нет.
stage-ready = готовый
stage-class = { $class ->
    [T] Служебное
    [R] По запросу
    [A] Горячее
    [B] Жизненный цикл
   *[C] Массовое
}
stage-letters = Письма через

# К чему сводятся цифры
n-goal = Достигли цели
n-csv = Таблица (CSV)
rate-opened = Открытия
rate-opened-how = от отправленных писем, людьми; открытия машинами не в счёт
rate-clicked = Переходы
rate-clicked-how = от отправленных писем, людьми
rate-conversion = Конверсия
rate-conversion-how = письма, которые привели к заказу, от отправленных
rate-after-click = Конверсия после перехода
rate-after-click-how = письма, которые привели к заказу, от тех, из которых перешли
rate-goal = Доля цели
rate-goal-how = от начатых серий
rate-unsubscribed = Отписки
rate-unsubscribed-how = от отправленных писем
rate-returned = Вернулись за новым заказом
rate-returned-how = покупателей, чей заказ за этот период засчитан сценарию: после первого такого заказа они сделали ещё хотя бы один, любой
rate-average = Средний чек
rate-average-how = по заказам, засчитанным этому сценарию
proof = Приносит ли это что-нибудь?
proof-gain = Да: те, кому пишем, достигают цели чаще.
proof-loss = Нет: те, кому пишем, достигают цели реже.
proof-open = Пока сказать нельзя: разницы может и не быть.
proof-not-enough = Пока мало: нужно хотя бы по 50 человек в каждой группе, чьё время на цель прошло.
proof-interval = Разница: от { $low } до { $high } процентного пункта.
proof-mixed = { $count ->
    [one] { $count } человек оказался в обеих группах и не учтён ни в одной.
    [few] { $count } человека оказались в обеих группах и не учтены ни в одной.
   *[many] { $count } человек оказались в обеих группах и не учтены ни в одной.
}
proof-people = Люди
proof-converted = Достигли цели
proof-how = Каждый один раз попадает в одну из групп и считается в ней, что бы ни было отправлено. Считаются только те, кто попал в группу раньше, чем { $within } назад: остальные ещё могут заказать. Интервал верен при всех взглядах сразу (95 %): доверительная последовательность с бета-смесью, Robbins 1970, Lindon и Malek 2022.
references = Рядом с опубликованными
references-theirs = Опубликовано
references-own = У вас
references-how = Письма о корзине у других: переходы из 13 % писем, заказы после 36 % переходов. Это другие магазины.
