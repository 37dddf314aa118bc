messages-none = Сообщений пока нет
messages-none-text = Здесь видно каждое рассмотренное сообщение: отправленное, ждущее, неотправленное и сообщения контрольной группы.
messages-not-found = Таких сообщений нет
messages-not-found-text = Выберите другое состояние или сценарий либо очистите поле.
message-when = Когда
message-from = От кого
message-subject = Тема
message-to = Кому
message-state = Состояние
message-journey = Сценарий
message-step = Шаг
message-template = Шаблон
message-reactions = Отклик
message-about = О сообщении
message-due = Наступил срок
message-approved-at = Одобрено
message-handed-at = Передано
message-deadline = Не позднее
message-tries = Попыток
message-goods = Товары
message-channel-said = Ответ почтового сервера
message-not-rendered = Это сообщение не передавали почтовому серверу, показывать нечего.
message-width = Ширина
message-desktop = Компьютер
message-phone = Телефон
message-as-sent = Письмо, как оно ушло
state-approved = ждёт отправки
state-claimed = готовится
state-handing = передаётся
state-sent = отправлено
state-never = отказ сервера
state-unknown = неизвестно
state-withheld = не отправлено
state-ghost = контрольная группа
reaction-opened = открыто
reaction-clicked = переход
reaction-machine = открыто машиной
reaction-bad = отписка или возврат
message-text = Без оформления
message-headers = Все заголовки
message-exact = Байт в байт то, что ушло: собрано заново из шаблона и данных того момента.
message-not-exact = Собрано по сегодняшнему шаблону или программе: отправленное письмо могло выглядеть иначе.
message-erased = Текст этого письма больше не хранится: тела писем стираются через 90 дней. Когда и почему оно ушло, сохраняется.
message-template-gone = Это письмо нельзя показать: { $why }
message-moments = Что происходило
message-considered = Рассмотрено
message-good-cart = лежал в корзине
message-good-beside = рекомендация: подходит к товарам корзины
reaction-clicked-machine = по ссылке перешла машина
message-reason = Причина
message-channel = Канал
message-from-day = С какого дня
message-to-day = По какой день
message-counts-note = Числа в списках — за последние 30 дней.
message-unknown-text = Связь с почтовым сервером оборвалась после последнего байта: никто не знает, принято ли письмо. Само оно повторно не уходит и учитывается в ограничениях так, будто ушло.
message-count-as-sent = Считать отправленным
message-count-as-sent-sure = Считать это письмо отправленным? Числа сценария изменятся.
channel-email = эл. почта
channel-none = нет (контрольная группа)
filter-empty = Показать все
flash-counted-as-sent = Теперь письмо считается отправленным.
flash-not-unknown = Состояние этого письма уже известно: ничего не изменено.
message-again = Отправить снова
message-again-sure = Отправить это письмо снова? Если первое дошло, покупатель получит его дважды. Message-ID тот же, поэтому многие почтовые программы покажут одно.
message-again-late = Отправить, хоть и поздно
message-again-late-sure = Срок письма прошёл. Всё равно отправить его, в течение суток? В нём будут нынешние корзина и цены.
decide-all = Решить сразу обо всех
decide-all-text = Узнайте по журналу почтового сервера, приняты ли они. Повторная отправка заново спросит согласие, отписку, ограничения и наличие; «считать отправленными» меняет только числа. Это касается всех, кого находит фильтр, и на других страницах тоже.
decide-late = И те, чей срок прошёл
decide-late-help = У таких писем будут сутки. Без этой отметки они останутся здесь.
decide-again = Отправить все снова
decide-again-sure = Отправить все эти письма снова? Те, к кому первое дошло, получат его дважды.
decide-count = Считать все отправленными
decide-count-sure = Считать все эти письма отправленными? Числа их сценариев изменятся.
decided = Что получилось
decided-again = { $count ->
    [one] Снова уходит { $count } письмо.
    [few] Снова уходят { $count } письма.
   *[other] Снова уходят { $count } писем.
}
decided-counted = { $count ->
    [one] Теперь считается отправленным { $count } письмо.
    [few] Теперь считаются отправленными { $count } письма.
   *[other] Теперь считаются отправленными { $count } писем.
}
decided-more = Есть ещё: решите ещё раз.
decided-refused = { $count ->
    [one] { $count } письмо остаётся как есть
    [few] { $count } письма остаются как есть
   *[other] { $count } писем остаются как есть
}
decided-refused-text = Что-то мешает отправить их снова. Считать их отправленными по-прежнему можно.
decided-back = К сообщениям
flash-sent-again = Письмо уходит снова.
