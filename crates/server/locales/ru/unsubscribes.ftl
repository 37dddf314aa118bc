settings-unsubscribes = Отписки
unsubscribes-title = Загрузить отписки
unsubscribes-text = Те, кто отписался, пожаловался или недоступен по другим сведениям: в сервисе, через который вы отправляли раньше, на почтовом сервере или в магазине, который работал, пока этот восстанавливали. Рассылок они больше не получат. Загрузить кого-то дважды не страшно: ничего не изменится.
unsubscribes-addresses = Адреса
unsubscribes-help = По одному в строке или таблица, в первой строке которой названы столбцы: email и, если нужно, status со значением unsubscribed, complained или bounced.
unsubscribes-reason = Почему им больше не пишем
unsubscribes-reason-help = Для строк, в которых это не сказано.
unsubscribes-unsubscribed = Они отписались
unsubscribes-complained = Они пожаловались на спам
unsubscribes-bounced = Адреса не существует
unsubscribes-file = Или файл
unsubscribes-file-help = CSV или текст, до 8 МБ. Строки такие же, как рядом; без столбца status считаем, что человек отписался.
unsubscribes-go = Больше не писать на эти адреса
unsubscribes-confirm = Рассылок они больше не получат, и согласиться снова смогут только сами. Продолжить?
unsubscribes-back = Назад: «После восстановления»
unsubscribes-empty = Здесь нет ни одного адреса.
unsubscribes-large = Файл больше 8 МБ: загрузите его по частям.
unsubscribes-failed = Не все адреса удалось записать. Загрузите тот же список ещё раз чуть позже.
unsubscribes-stopped = { $count ->
    [one] { $count } адрес больше не получит рассылок.
    [few] { $count } адреса больше не получат рассылок.
   *[other] { $count } адресов больше не получат рассылок.
}
unsubscribes-repeated = { $count ->
    [one] { $count } адрес повторялся.
    [few] { $count } адреса повторялись.
   *[other] { $count } адресов повторялось.
}
unsubscribes-wrong = { $count ->
    [one] Не принята { $count } строка
    [few] Не приняты { $count } строки
   *[other] Не принято { $count } строк
}
unsubscribes-wrong-text = Все остальные приняты. Эти строки снова стоят ниже: исправьте их или оставьте как есть.
unsubscribes-line = Строка
unsubscribes-says = Что в ней
unsubscribes-why = Что не так
unsubscribes-no-address = Здесь нет адреса.
unsubscribes-bad-address = Это не адрес: нужно, например, anna@example.com.
unsubscribes-bad-reason = В столбце status нет ни unsubscribed, ни complained, ни bounced. Тех, кто всё ещё подписан, в списке быть не должно.
