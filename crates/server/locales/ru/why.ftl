# Причины решений словами. По сообщению на код ядра; значения `$` названы так, как их называет ядро.

# Вход
why-left = Покупателя нет на сайте с { $left_at }, уже { $after }.
why-event = Началось с события покупателя { $occurred_at }.
why-cart = { $lines ->
    [one] В корзине { $lines } позиция.
    [few] В корзине { $lines } позиции.
   *[many] В корзине { $lines } позиций.
}
why-shifted = Недавно был заказ, поэтому начало сдвинуто на { $by }.
why-late = Событие от { $occurred_at } дошло слишком поздно, чтобы что-то начать.
why-history = О событии от { $occurred_at } рассказали задним числом (загрузка истории), поэтому оно ничего не начинает.
why-too_many_journeys = Покупатель уже в { $most ->
    [one] { $most } сценарии
   *[many] { $most } сценариях
}, больше нельзя.
why-entered_again = Корзина изменилась, и сценарий начался заново.
why-already_inside = Покупатель уже в этом сценарии, с { $began }.
why-entered_lately = Покупатель недавно прошёл этот сценарий: он начался { $began }.
why-cart_empty = В корзине что-то было.
why-any = Ни одно из условий входа не выполнено.
why-not = Выполнено условие, которого быть не должно.
why-cart_not_empty = Корзина была пуста.
why-reachable = Не было адреса почты, на который можно писать.
why-condition-consented = Согласия на рекламные письма не было.
why-did = Покупатель не сделал нужное число раз того, что требует вход.
why-clicked = Не было перехода из нашего письма за срок, который требует вход.
why-trait = Сведения о покупателье не те, что требует вход.

# Проверка перед отправкой
why-due = Срок сообщения наступил { $at }.
why-consented = { $by ->
    [shop] Согласие на рекламные письма дано { $at }, об этом сообщил магазин.
   *[browser] Согласие на рекламные письма дано { $at }, на сайте.
}
why-consent_missing = Согласия на рекламные письма никогда не было.
why-consent_refused = От рекламных писем отказались { $at }.
why-consent_not_needed = Для такого сообщения согласие на рекламу не нужно.
why-no_address = Адрес почты неизвестен.
why-address_stopped = На этот адрес нельзя слать рекламу: от неё отписались, пожаловались, или адреса не существует.
why-held_out = Покупатель в контрольной группе: ему ничего не шлют, чтобы измерить пользу (жребий { $draw }, доля { $share }; весь магазин: жребий { $global_draw }, доля { $global_share }).
why-held_out-short = Покупатель в контрольной группе: ему ничего не шлют, чтобы измерить пользу.
why-not_held_out = Покупатель не в контрольной группе (жребий { $draw }, доля { $share }; весь магазин: жребий { $global_draw }, доля { $global_share }).
why-lost_to = Сначала идёт более важное сообщение: у «{ $journey }» приоритет { $priority }, у этого { $mine }.
why-no_rival = Более важных сообщений не было; приоритет этого — { $priority }.
why-under_caps = Покупателю писали не слишком часто.
why-cap = За { $within } покупателю уже писали { $sent ->
    [one] { $sent } раз
    [few] { $sent } раза
   *[many] { $sent } раз
}, можно не больше { $most }.
why-quiet_hours = У покупателя было тихое время, до { $until }.
why-deadline = Срок прошёл: после { $deadline } слать было нельзя.
why-step_gone = Этого шага в сценарии больше нет.
why-too_many_waiting = Покупателя уже ждут { $most ->
    [one] { $most } сообщение
    [few] { $most } сообщения
   *[many] { $most } сообщений
}, больше нельзя.

# Последний взгляд перед отправкой
why-journey_off = Сценарий выключили.
why-restored = Срок наступил до восстановления магазина из копии: сообщение уже могло уйти.
why-stopped = Вся отправка остановлена в настройках.
why-goods_gone = Ни одного товара из корзины больше нельзя заказать.
why-goods_not_in_catalogue = Ни одного товара из корзины нет в каталоге.
why-cart_emptied = Корзину опустошили.
why-claimed_address_daily = Этот адрес назвал только браузер, поэтому на него идёт не больше письма в день; следующее — после { $next }.
why-order = Покупатель сделал заказ.
why-unsubscribed = Покупатель отписался.
why-complained = С этого адреса пожаловались на спам.
why-bounced = Адреса не существует: письмо вернулось.
why-template = Письмо не удалось собрать: { $channel }
why-merged_into = Его товары вошли в более важное сообщение: у «{ $journey }» приоритет { $priority }, у этого { $mine }.

# Сценарий
why-branch = { $holds ->
    [true] Условие развилки выполнено.
   *[false] Условие развилки не выполнено.
}
why-only_arm = Проверка вариантов выключена, все идут путём «{ $arm }».
why-drawn_arm = По жребию выпал путь «{ $arm }» (жребий { $draw }).
why-exit_step = Сценарий здесь кончается: { $reason }.
why-endless_loop = Пройдено { $most ->
    [one] { $most } шаг
    [few] { $most } шага
   *[many] { $most } шагов
} подряд: сценарий ходит по кругу.
why-step_too_soon = Этот шаг уже писал покупателю { $last_at }; снова — не раньше чем через { $every }.
why-said_before = Этот шаг уже писал покупателю { $at }, до переноса назад; второй раз он не пишет.
why-moved = Сценарий опубликован заново, и покупатель перенесён из версии { $from } в версию { $to }.
why-version_ended = Сценарий опубликован заново, и начатые серии завершены.
why-step_removed = Сценарий опубликован заново, и шага, на котором стоял покупатель, в нём больше нет.

# Объединение
why-merged = Две записи оказались одним человеком, их объединили.
why-different_people = Это разные люди: номера покупателей не совпадают.
why-unreadable = Запись другого профиля не удалось прочесть.

# Канал
why-sent = Почтовый сервер принял: { $channel }
why-retried = Почтовый сервер ответил «не сейчас»: { $channel }
why-never = Почтовый сервер отказал окончательно: { $channel }
why-unknown = Связь оборвалась там, где нельзя узнать, принято ли письмо: { $channel }

why-until = Ждёт до { $until }.

# Промежутки времени
during-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
during-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
during-minutes = { $count ->
    [one] { $count } минуту
    [few] { $count } минуты
   *[many] { $count } минут
}
during-seconds = { $count ->
    [one] { $count } секунду
    [few] { $count } секунды
   *[many] { $count } секунд
}

# Что записано в журнале
what-entered = Вход в сценарий
what-not_entered = Не вошёл в сценарий
what-step = Следующий шаг
what-approved = Сообщение одобрено
what-withheld = Сообщение не отправлено
what-held = Сообщение ждёт
what-skipped = Шаг пропущен
what-exit = Выход из сценария
what-moved = Перенос в новую версию
what-finished = Сценарий пройден
what-merged = Запись влита в другую
what-not_merged = Не объединены
what-absorbed = Принята другая запись
what-opened = Открыто
what-opened_by_machine = Открыто машиной
what-clicked = Переход по ссылке
what-clicked_by_machine = Переход сканера
what-unsubscribed = Отписка
what-complained = Жалоба на спам
what-bounced = Письмо вернулось

# Коды без значений, для таблиц
code-deadline = Срок прошёл
code-cap = Уже писали достаточно часто
code-lost_to = Сначала шло более важное сообщение
code-merged_into = Вошло в более важное сообщение
code-consent_missing = Согласия на рекламу не было
code-consent_refused = Отказ от рекламных писем
code-consented = Согласия на рекламу не было
code-no_address = Нет адреса почты
code-address_stopped = На адрес нельзя слать рекламу
code-quiet_hours = Тихое время
code-late = Событие дошло слишком поздно
code-history = Рассказано задним числом (загрузка истории)
code-step_too_soon = Этот шаг писал недавно
code-claimed_address_daily = Одно письмо в день на адрес, названный браузером
code-too_many_waiting = Слишком много ждущих сообщений
code-too_many_journeys = Уже в слишком многих сценариях
code-template = Письмо не удалось собрать
code-exit_step = Завершено шагом
code-cart_emptied = Корзину опустошили
code-cart_not_empty = Корзина была пуста
code-reachable = Нет адреса, на который можно писать
code-goods_gone = Товаров больше нет в продаже
code-goods_not_in_catalogue = Товаров нет в каталоге
code-order = Сделан заказ
code-unsubscribed = Отписка
code-complained = Жалоба на спам
code-bounced = Адреса не существует
code-entered_again = Начат заново с другой корзиной
code-journey_off = Сценарий выключен
code-restored = Срок до восстановления из копии
code-merged = Записи объединены
code-already_inside = Уже в сценарии
code-entered_lately = Недавно прошёл сценарий
code-cart_empty = В корзине что-то было
code-said_before = Шаг уже писал раньше
code-moved = Перенос в новую версию
code-version_ended = Завершено публикацией
code-step_removed = Шаг убран публикацией
what-repeated = Письмо отправлено снова по решению человека
why-waiting_already = Оно уже ждёт отправки, или у неё ждёт слишком много писем.
why-address_changed = У неё теперь другой адрес; это письмо написано на прежний.
why-repeated = Отправлено снова по решению человека: { $channel }
why-nobody = Такого покупателя больше нет.
why-arrived = Его открывали, значит, оно дошло: считайте его отправленным.
