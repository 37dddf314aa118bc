skip = К содержанию
nav = Меню
nav-home = Главная
nav-customers = Покупатели
nav-messages = Сообщения
nav-journeys = Сценарии
nav-catalogue = Каталог
nav-developers = Разработчикам
nav-settings = Настройки
sign-out = Выйти
copy = Копировать
copied = Скопировано
newer = Новее
older = Старее
pages = Страницы
save = Сохранить
confirm-yes = Да, сделать
nav-more = Ещё
nav-dock = Главные страницы
cancel = Отмена
theme-to-light = Включить светлую тему
theme-to-dark = Включить тёмную тему
theme-to-auto = Тема как в системе
stopped-banner = Всё остановлено: ни одно сообщение не уходит.
stopped-open = К выключателю
to-home = На главную
problem-title = Не получилось
problem-right = Ваша роль этого не позволяет. Изменить роль может владелец магазина.
problem-origin = Форма отправлена с другого сайта, поэтому ничего не изменено. Откройте страницу здесь и повторите.
problem-form = Форма устарела или отправлена с другого сайта. Ничего не изменено. Вернитесь, обновите страницу и повторите.
problem-large = Форма слишком велика: принимается не больше 2 МБ.
problem-store = Хранилище сейчас не отвечает. Ничего не изменено. Повторите чуть позже.
problem-away = Хранилище сейчас не отвечает, поэтому никого нельзя узнать. Что не так, скажут `beckon doctor` на сервере, /health/ready и журнал. Страница заработает снова, как только хранилище ответит.
problem-missing = По этому адресу ничего нет.
problem-conflict = Тем временем это изменил кто-то ещё. Перед вами новые значения; введите свои ещё раз.
flash-saved = Сохранено.
flash-removed = Удалено.
flash-signed-out = Вы вышли.
events-count = { $count ->
    [one] { $count } событие
    [few] { $count } события
   *[other] { $count } событий
}
span-seconds = { $count ->
    [one] { $count } секунда
    [few] { $count } секунды
   *[other] { $count } секунд
}
span-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[other] { $count } минут
}
span-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[other] { $count } часов
}
span-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
}
flash-conflict = Тем временем это изменил кто-то ещё, поэтому ничего не изменено. Посмотрите ещё раз.
error-missing = Не заполнено или слишком длинно.
error-long = Слишком длинно: не больше 300 знаков.
error-web = Веб-адрес начинается с http:// или https://.
