# Что печатает `beckon simulate`.
simulate-head = { $shoppers ->
    [one] { $shoppers } вымышленный покупатель
    [few] { $shoppers } вымышленных покупателя
   *[other] { $shoppers } вымышленных покупателей
}, { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}, зерно { $seed }
simulate-journeys = Включены: { $names }
simulate-goods-invented = Каталог магазина пуст: товары вымышлены
simulate-people = Событий: { $events }; клиентов: { $people }, с адресом: { $address }, согласны на письма: { $consented }
simulate-by-day = По дням
simulate-day = день
simulate-total = итого
simulate-entered = вошли
simulate-approved = одобрено
simulate-sent = отправлено
simulate-held-out = контроль
simulate-withheld = удержано
simulate-opened = открыто
simulate-clicked = клики
simulate-orders = заказы
simulate-credited = с писем
simulate-more = Кроме того
simulate-waiting = одобрено и ждёт в конце
simulate-never = канал отказал окончательно
simulate-unknown = дошло ли, сказать нельзя
simulate-retried = канал отложил попытку
simulate-unsubscribed = отписались
simulate-complained = пожаловались на спам
simulate-credited-orders = заказов с писем
simulate-ordered = все заказы
simulate-why-withheld = Почему письма не отправлены
simulate-why-put-off = Почему письма ждали
simulate-why-not-entered = Почему люди не вошли
simulate-channel = Канал
simulate-peak = Час пик: { $at }, передано писем: { $handed } из { $most }, которые канал мог принять
simulate-rate-held = Скорости хватило: ни одно готовое письмо не ждало дольше чем { $queue }
simulate-rate-not-held = Скорости не хватило: готовое письмо ждало { $queue }
simulate-longest-wait = Дольше всего от срока до передачи: { $wait } ({ $journey }, шаг { $step }, срок { $due })
simulate-conflicts = Столкновения и ограничения частоты
simulate-no-conflicts = Ни одному сценарию не пришлось уступить другому
simulate-conflict = { $winner } впереди { $loser }: { $times ->
    [one] { $times } раз
    [few] { $times } раза
   *[other] { $times } раз
}; отправлено позже: { $later }, не отправлено: { $withheld }, прочее: { $other }
simulate-caps = Клиентов, которых сдержало ограничение частоты: { $people }
simulate-cap = { $sent ->
    [one] { $sent } письмо
    [few] { $sent } письма
   *[other] { $sent } писем
} за { $within }
simulate-standing = Где люди стоят в конце
simulate-examples = Клиенты для примера
simulate-compared = Сравнение: { $what }
simulate-as-it-is = как есть
simulate-changed = изменено
simulate-difference = разница
