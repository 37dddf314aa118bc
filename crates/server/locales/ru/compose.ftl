nav-blocks = Рекомендации
choose = Выберите…
block = Блок
blocks-lead = Блок — ряд товаров на сайте, в приложении или в письме: чем он наполняется, что в нём может быть, где он стоит.
blocks-unseen = За четыре недели блоков никто не видел. Поставьте на страницы строку HTML из раздела блока «Разработчику» или спрашивайте адрес из приложения: показы и клики посчитаются сами.
blocks-placed = На своих местах
blocks-idle = Нигде не стоят
blocks-none = Блоков пока нет
blocks-none-text = Создайте первый: выберите, чем его наполнять, и поставьте на место.
blocks-days = 28 дней
blocks-shown-days = { $count ->
    [one] За 28 дней показан { $count } раз
    [few] За 28 дней показан { $count } раза
   *[other] За 28 дней показан { $count } раз
}
block-stands = Где стоит
block-nowhere = нигде
block-shown = Показы
block-clicked = Клики
block-orders = Заказы
block-units = Штуки
block-earned = Принёс
block-changed = Изменён магазином
block-changed-short = изменён
block-own = Свой блок магазина
block-built-in = Встроенный
block-arms = { $count ->
    [one] { $count } способ
    [few] тест: { $count } способа
   *[other] тест: { $count } способов
}
block-filled-by = { $mix }; если не хватает: { $then }
block-whole = Весь блок
block-forget = Вернуть встроенный
block-forget-sure = Вернуть блок таким, каким он встроен? Ваш вариант останется среди версий.
block-delete = Удалить
block-delete-sure = Удалить этот блок? Там, где он стоит, станет одним блоком меньше.
block-make = Новый блок
block-make-strategy = Чем наполнять
block-make-strategy-help = Остальное настраивается на следующей странице, рядом с показом.
block-make-title = Заголовок
block-make-title-help = Что покупатели прочтут над блоком; пусто — название стратегии.
block-make-name = Короткое имя
block-make-name-help = Для HTML и статистики: строчные латинские буквы, цифры и дефисы; пусто — придумается само.
block-make-do = Создать
block-name-taken = Блок с таким именем уже есть.
flash-block-made = Блок создан. Пока он нигде не стоит.
flash-block-forgotten = Собственного блока магазина больше нет.
flash-test-refused = Доли — целые числа от 1 до 1000; ничего не изменено.
flash-past-busy-refused = Сейчас проверяется другой блок; дождитесь конца.
block-tab-compose = Состав
block-tab-places = Места
block-tab-numbers = Цифры и тест
block-tab-past = На прошлых днях
block-tab-code = Разработчику
block-tab-versions = Версии
compose-title = Заголовок
compose-title-lead = Что покупатели читают над блоком.
compose-mix = Чем наполняется
compose-mix-lead = Одна стратегия или несколько: каждая занимает свою долю мест, они чередуются.
compose-fall-back = Если не хватает
compose-fall-back-lead = Эти стратегии по очереди, сверху вниз, занимают оставшиеся места.
compose-filters = Что можно показывать
compose-filters-lead = Этого держатся все стратегии. Товары не в наличии и скрытые, корзина и сам товар страницы не показываются никогда.
compose-rules = Чего вы хотите вопреки цифрам
compose-rules-lead = Закрепить, поднять, опустить и скрыть товары, учесть маржу, перемешать марки.
compose-size = Размер и порядок
compose-size-lead = Сколько мест, насколько разных и каким трудом.
block-set-title-ru = По-русски
block-set-title-en = По-английски
block-set-fill = Добирать всем, что покупают
block-set-fill-help = В конце идут хиты категории, затем магазина. Если выключить, блок может остаться коротким или пустым.
block-set-size = Мест
block-set-size-help = От 1 до 100.
block-set-min-size = Показывать от
block-set-min-size-help = Если товаров меньше, блок не показывается.
block-set-diversity = Разнообразие, %
block-set-diversity-help = 0 — только по оценке. 100 — каждый товар как можно меньше похож на предыдущие.
block-set-profile = Порядок
block-set-profile-help = Быстрый отвечает за десятые доли миллисекунды. Обученный тратит несколько миллисекунд и ставит товары в порядке, выученном на последних визитах этого магазина; пока их мало, он так же быстр.
block-profile-fast = Быстрый
block-profile-reranked = Обученный
block-set-source-strategy = Стратегия
block-set-source-share = Доля мест, %
block-set-source-share-help = Пусто — равная часть оставшегося.
block-set-source-from = Исходя из
block-set-source-from-help = Пусто — товар страницы, иначе корзина, иначе просмотренное последним.
block-source-from-given = товара страницы
block-source-from-cart = корзины
block-source-from-last-purchase = последнего заказа
block-source-from-viewed = просмотренного
block-source-from-favourites = избранного
block-source-from-abandoned-cart = брошенной корзины
block-set-source-scope = Среди чего
block-set-source-scope-help = Пусто — по всему магазину.
block-source-scope-shop = по всему магазину
block-source-scope-category = в категории страницы
block-source-scope-city = в городе покупателя
block-set-source-period = За какое время
block-set-source-period-help = Пусто — последнее время: продажа трёх недель давности считается за половину.
block-source-period-trend = последнее время
block-source-period-week = последние 7 дней
block-source-period-month = последние 30 дней
block-set-source-days = Дней назад
block-set-source-days-help = От 1 до 3650; пусто — как обычно.
block-set-source-band-from = Цена от, % от товара
block-set-source-band-from-help = 100 — та же цена.
block-set-source-band-to = Цена до, % от товара
block-set-source-holiday-tag = Тег товаров
block-set-source-holiday-tag-help = Как в фиде, в параметре «тег».
block-set-source-holiday-from = Первый день
block-set-source-holiday-from-help = Месяц и день: 12-15; пусто — в любой день.
block-set-source-holiday-to = Последний день
block-set-source-holiday-to-help = Например, 01-07; если раньше первого — уже следующего года.
block-set-source-holiday-countries = Страны
block-set-source-holiday-countries-help = По две буквы: RU; пусто — все.
block-set-source-endpoint = Служба
block-set-source-endpoint-help = Её имя; службы добавляются в разделе «Разработчикам».
block-set-source-only-consumed-often = Только товары, которые быстро кончаются
block-set-source-on = Только здесь
block-set-source-on-help = Ничего не отмечено — везде.
block-set-filters-price-minor-from = Цена от
block-set-filters-price-minor-to = Цена до
block-set-filters-price-of-seed-from = Цена от, % от товара
block-set-filters-price-of-seed-from-help = От товара страницы или самого дорогого в корзине; 100 — та же цена.
block-set-filters-price-of-seed-to = Цена до, % от товара
block-set-filters-categories-only = Только категории
block-set-filters-categories-only-help = Названия или номера, по одной в строке, со всем, что внутри.
block-set-filters-categories-not = Кроме категорий
block-set-filters-brands-only = Только марки
block-set-filters-brands-only-help = По одной в строке.
block-set-filters-brands-not = Кроме марок
block-set-filters-tags-only = Только теги
block-set-filters-tags-only-help = Как в фиде, по одному в строке.
block-set-filters-tags-not = Кроме тегов
block-set-filters-age-days-from = В каталоге не меньше, дней
block-set-filters-age-days-to = В каталоге не больше, дней
block-set-filters-rating = Оценка не ниже
block-set-filters-rating-help = Звёзды, от 0 до 5; товары без оценок тогда не показываются.
block-set-filters-margin-percent = Маржа не меньше, %
block-set-filters-margin-percent-help = Товары, чью маржу фид не называет, тогда не показываются.
block-set-filters-not-bought-days = Не показывать купленное, дней
block-set-filters-not-bought-days-help = Купившему товар столько не показывается; пусто — 365.
block-set-filters-not-bought-days-consumed = То же для быстро кончающихся
block-set-filters-not-bought-days-consumed-help = Дней; пусто или 0 — без срока.
block-set-filters-not-viewed = Ничего из просмотренного
block-set-attribute-name = Свойство
block-set-attribute-name-help = Название из фида, например «Цвет».
block-set-attribute-only = Только с такими значениями
block-set-attribute-only-help = По одному в строке.
block-set-attribute-not = Кроме таких значений
block-set-rule-kind = Правило
block-set-rule-item = Товар
block-set-rule-item-help = Его номер; наберите пару букв названия, чтобы найти.
block-set-rule-position = Место
block-set-rule-position-help = Считая с 1.
block-set-rule-times = Во сколько раз
block-set-rule-times-help = От 1 до 1000: на столько умножается или делится оценка.
block-set-rule-items = Товары
block-set-rule-items-help = Номера, по одному в строке. Правило касается товара, если его называет любой из списков.
block-set-rule-categories = Категории
block-set-rule-categories-help = Названия или номера, по одной в строке.
block-set-rule-brands = Марки
block-set-rule-tags = Теги
block-set-rule-weight = Вес маржи
block-set-rule-weight-help = От 0 до 10: при 1 товар с маржой в полцены весит в полтора раза больше.
block-set-rule-count = Не больше
block-set-rule-count-help = Пока есть другие.
rule-pin = Закрепить
rule-pin-says = Этот товар стоит на этом месте, если его вообще можно показать.
rule-boost = Поднять
rule-boost-says = Эти товары идут раньше.
rule-bury = Опустить
rule-bury-says = Эти товары идут позже.
rule-hide = Скрыть
rule-hide-says = Эти товары не показываются никогда.
rule-margin = Учесть маржу
rule-margin-says = Что приносит больше, стоит выше.
rule-at-most-brand = Перемешать марки
rule-at-most-brand-says = Ни одной марки больше, чем столько.
rule-at-most-category = Перемешать категории
rule-at-most-category-says = Ни одной категории больше, чем столько.
row-seldom = Ещё настройки
row-up = Выше
row-down = Ниже
row-away = Убрать
row-up-what = Поднять «{ $what }»
row-down-what = Опустить «{ $what }»
row-away-what = Убрать «{ $what }»
strategies-all = Все стратегии, по фразе о каждой
categories-all = { $count ->
    [one] { $count } категория магазина
    [few] Все { $count } категории магазина
   *[other] Все { $count } категорий магазина
}
fault-not-whole = Напишите целое число.
fault-not-number = Напишите число, например 1,5.
fault-not-sum = Напишите сумму: 1990 или 1990,50.
fault-no-category = Категории «{ $name }» нет.
fault-ambiguous = «{ $name }» называется несколько категорий; напишите номер: { $ids }.
fault-said = Так сохранить нельзя: { $text }
flaw-malformed = Это не прочитать: { $said }
flaw-unknown = «{ $value }» неизвестно. Может быть, «{ $nearest }»?
flaw-missing = Здесь пусто, а должно быть заполнено.
flaw-out-of-range = { $value } не подходит: напишите число от { $from } до { $to }.
flaw-too-many = Слишком много: не больше { $most }.
flaw-backwards = Начало больше конца; поменяйте их местами.
flaw-twice = Стоит дважды; уберите одно.
flaw-not-for-strategy = Для этой стратегии это ничего не значит; оставьте пустым.
flaw-contradiction = «{ $value }» и нужно, и запрещено.
flaw-bad-name = Напишите строчные латинские буквы, цифры и дефисы, от 1 до 60.
flaw-bad-day = «{ $value }» — не день года; напишите месяц и день: 12-31.
flaw-bad-country = «{ $value }» — не страна; напишите две буквы: RU.
preview = Показ
preview-who = Для кого
preview-visitor = новый посетитель
preview-product = На странице товара
preview-no-product = без товара
preview-show = Показать
preview-for = Видит { $who }
preview-on = на странице «{ $product }»
preview-wrong = Исправьте отмеченное в форме, чтобы увидеть показ.
preview-nobody = Никого с таким именем нет: вот что видит новый посетитель.
preview-product-unknown = Такого товара нет.
preview-not-enough = Товаров слишком мало: покупатели этот блок не увидят.
preview-empty = Показать нечего.
preview-fallen = запасное
preview-rule = ваше правило
preview-fell-back = { $count ->
    [one] { $count } место занято запасными стратегиями, первая — «{ $to }»: основным не хватило товаров.
    [few] { $count } места заняты запасными стратегиями, первая — «{ $to }»: основным не хватило товаров.
   *[other] { $count } мест заняты запасными стратегиями, первая — «{ $to }»: основным не хватило товаров.
}
preview-pin-left-out = Закреплённый товар { $item } сейчас показать нельзя: его нет в наличии, он скрыт, в корзине, куплен или отсеян.
preview-unknown-name = Каталог не знает «{ $name }» ({ $field }).
preview-no-seed-price = Здесь нет товара с ценой, поэтому предел от его цены не действует.
preview-mix-relaxed = { $count ->
    [one] { $count } место занято сверх вашего предела марки или категории: другого не осталось.
    [few] { $count } места заняты сверх вашего предела марки или категории: другого не осталось.
   *[other] { $count } мест заняты сверх вашего предела марки или категории: другого не осталось.
}
preview-short = { $count ->
    [one] { $count } место пусто: больше показать нечего.
    [few] { $count } места пусты: больше показать нечего.
   *[other] { $count } мест пусты: больше показать нечего.
}
preview-silent = Служба «{ $name }» ничего не дала: { $why }
preview-silent-unknown = её нет в разделе «Разработчикам», или её пока не спрашивают
preview-held = Отсеяно
preview-how = Как это получилось
preview-asked = по заданию
preview-fall-back = запасная { $step }
preview-filled = Заняла свои места:
preview-some = Нашлось не всё:
preview-nothing = Предложить нечего:
preview-all-refused = Всё, что нашлось, отсеяно:
preview-not-now = Не для этого канала или дня:
preview-of = { $filled } из { $wanted }
preview-refused = { $count ->
    [one] отсеян { $count }
    [few] отсеяно { $count }
   *[other] отсеяно { $count }
}
held-filters-price-minor = { $count ->
    [one] { $count } товар — по цене
    [few] { $count } товара — по цене
   *[other] { $count } товаров — по цене
}
held-filters-price-of-seed = { $count ->
    [one] { $count } товар — по цене относительно страницы
    [few] { $count } товара — по цене относительно страницы
   *[other] { $count } товаров — по цене относительно страницы
}
held-filters-categories = { $count ->
    [one] { $count } товар — по категории
    [few] { $count } товара — по категории
   *[other] { $count } товаров — по категории
}
held-filters-brands = { $count ->
    [one] { $count } товар — по марке
    [few] { $count } товара — по марке
   *[other] { $count } товаров — по марке
}
held-filters-tags = { $count ->
    [one] { $count } товар — по тегам
    [few] { $count } товара — по тегам
   *[other] { $count } товаров — по тегам
}
held-filters-attributes = { $count ->
    [one] { $count } товар — по свойствам
    [few] { $count } товара — по свойствам
   *[other] { $count } товаров — по свойствам
}
held-filters-age-days = { $count ->
    [one] { $count } товар — по времени в каталоге
    [few] { $count } товара — по времени в каталоге
   *[other] { $count } товаров — по времени в каталоге
}
held-filters-rating = { $count ->
    [one] { $count } товар — по оценкам
    [few] { $count } товара — по оценкам
   *[other] { $count } товаров — по оценкам
}
held-filters-margin-percent = { $count ->
    [one] { $count } товар — по марже
    [few] { $count } товара — по марже
   *[other] { $count } товаров — по марже
}
held-filters-not-viewed = { $count ->
    [one] { $count } товар — уже смотрели
    [few] { $count } товара — уже смотрели
   *[other] { $count } товаров — уже смотрели
}
held-filters-not-bought-days = { $count ->
    [one] { $count } товар — уже купили
    [few] { $count } товара — уже купили
   *[other] { $count } товаров — уже купили
}
held-rules = { $count ->
    [one] { $count } товар — скрыт вашими правилами
    [few] { $count } товара — скрыты вашими правилами
   *[other] { $count } товаров — скрыты вашими правилами
}
places-lead = Отметьте, где стоит этот блок. Он встаёт под тем, что там уже есть; порядок задаётся на странице
places-site = На сайте и в приложении
places-messages = В письмах
place-default = по умолчанию
place-others = { $count ->
    [one] там ещё { $count } блок
    [few] там ещё { $count } блока
   *[other] там ещё { $count } блоков
}
placements = Места
placements-lead = Каждое место и его блоки сверху вниз. Что показал один, те, что ниже, не повторяют.
place-empty = Здесь ничего не стоит.
place-add = Добавить блок…
place-add-do = Добавить
place-to-default = Вернуть как было встроено
block-numbers-lead = Последние 28 дней. Показ — это когда половина блока была видна секунду; блок приносит строки заказов с товарами, на которые в нём нажали, если заказ сделан в дни атрибуции.
block-chart-shown = Показы по дням
block-chart-shown-summary = { $count ->
    [one] За 28 дней показан { $count } раз.
    [few] За 28 дней показан { $count } раза.
   *[other] За 28 дней показан { $count } раз.
}
block-chart-clicked = Клики по дням
block-chart-clicked-summary = { $count ->
    [one] За 28 дней { $count } клик.
    [few] За 28 дней { $count } клика.
   *[other] За 28 дней { $count } кликов.
}
block-chart-empty = За эти дни ничего не насчитано.
test = Тест: чем лучше наполнять
test-none = Блок наполняется одним способом. Добавьте другой, чтобы сравнить: покупатели поделятся, и каждый будет видеть одно и то же.
test-arms = Способы наполнения
test-arm = Способ { $arm }
test-way = Способ
test-share = Доля
test-share-of = Доля способа { $arm }
test-per-thousand = Принёс на 1000 показов
test-do = Что сделать
test-over = завершён
test-win = Оставить только его
test-win-sure = Закончить тест и наполнять блок так для всех? Остальные способы останутся среди версий.
test-away = Убрать
test-away-sure = Убрать этот способ из теста? Его покупатели поделятся между остальными.
test-shares = Задать доли
test-add = Проверить другой способ
test-people = Людей
test-people-clicked = кликнули
test-people-bought = заказали
test-goal-clicks = Клики
test-goal-orders = Заказы
test-not-enough = { $goal }: пока мало данных. Каждый способ надо показать хотя бы 50 людям.
test-open = { $goal }: неясно. Доли отличаются на { $low }…{ $high } пункта, и ноль — между ними.
test-gain = { $goal }: лучше первого способа на { $low }…{ $high } пункта.
test-loss = { $goal }: хуже первого способа на { $low }…{ $high } пункта.
test-how = Границы верны, сколько бы раз вы ни смотрели. Считаются люди: каждый один раз, в том способе, который увидел первым. В кликах — кто кликнул в блоке хоть раз; в заказах — кто хоть что-то заказал за окно атрибуции после того, как впервые его увидел. Пока человек не назвался, им считается браузер.
past = Как блок показал бы себя
past-lead = { $count ->
    [one] Beckon учится на том, что покупатели делали раньше, и проходит последние { $count } день шаг за шагом: стоял бы в этом блоке товар, к которому покупатель обратился следующим? Для сравнения на те же вопросы отвечают хиты.
    [few] Beckon учится на том, что покупатели делали раньше, и проходит последние { $count } дня шаг за шагом: стоял бы в этом блоке товар, к которому покупатель обратился следующим? Для сравнения на те же вопросы отвечают хиты.
   *[other] Beckon учится на том, что покупатели делали раньше, и проходит последние { $count } дней шаг за шагом: стоял бы в этом блоке товар, к которому покупатель обратился следующим? Для сравнения на те же вопросы отвечают хиты.
}
past-start = Проверить на последних днях
past-running = Проходим последние дни…
past-failed = Проверить не удалось:
past-none = С запуска программы этот блок ещё не проверяли.
past-little = За эти дни произошло слишком мало, чтобы что-то сказать: меньше 100 шагов.
past-viewed = Что покупатели смотрели следующим
past-taken = Что покупатели клали в корзину или заказывали следующим
past-verdict = В { $n } случаях из 100 (± { $margin }) этот товар стоял бы среди { $size } показанных, в среднем на месте { $place }.
past-verdict-none = Среди { $size } показанных этого товара не было бы ни разу.
past-bar-block = Этот блок: { $share }
past-bar-bestsellers = Столько же хитов: { $share }
past-figures = Для знающих: HR@{ $size } { $hr }, MRR@{ $size } { $mrr }, вопросов: { $questions }.
past-short = В { $share } случаев товаров было бы слишком мало, чтобы показать блок.
past-when = Проверено: { $when }.
past-since = Предсказывали начиная с { $since }.
past-learned = { $count ->
    [one] Выучен { $count } прежний шаг.
    [few] Выучено { $count } прежних шага.
   *[other] Выучено { $count } прежних шагов.
}
past-how = Тогда покупатели этого блока не видели: показ меняет то, что люди делают, поэтому тест скажет больше.
code-lead = Что разработчик ставит на страницу или спрашивает из приложения.
code-site = На сайте
code-tracker = Один раз на каждой странице
code-place = Показывает все блоки места. Какие — решается здесь, страница не меняется.
code-alone = Только этот блок
code-alone-text = Где бы он ни стоял; о чём страница, говорят data-product, data-category или data-query.
code-call = Из сервера или приложения
code-call-text = Ответ — JSON с товарами, ценами и причинами. О показах и кликах сообщайте событиями «Recommendations Viewed» и «Recommendation Clicked».
code-js = Своим скриптом
block-versions-none = Ещё не меняли
block-versions-none-text = Блок такой, каким он встроен. Здесь будет каждое сохранённое изменение, и к любому можно вернуться.
block-version = Версия { $number }
block-version-now = действует
block-version-back = Вернуть
block-version-back-sure = Сделать эту версию снова действующей?
block-version-forgotten = Собственный блок магазина убран.
learned-until = Порядок выучен на { $clicks } просмотрах товаров, по { $until }. Каждые три часа он учится заново.
learned-not-yet = Выученного порядка пока нет: нужно { $needed } просмотров товаров за 90 дней, при последнем подсчёте было { $tried }. До тех пор такие блоки стоят в быстром порядке.
