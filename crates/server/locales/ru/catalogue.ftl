catalogue-offers = Товары
catalogue-imports = Загрузки
catalogue-search = Название, номер или артикул
catalogue-none = Каталог пуст
catalogue-none-text = Загрузите его из товарного фида (YML) в разделе «Загрузки».
catalogue-not-found = Таких товаров нет
catalogue-not-found-text = Попробуйте другое слово или категорию.
offers-count = { $count ->
    [one] { $count } товар
    [few] { $count } товара
   *[many] { $count } товаров
}
offer-no-price = нет цены
offer-available = в продаже
offer-stock = { $count } шт.
offer-in-stock = В наличии, шт.
offer-price = Цена
offer-id = Номер
offer-category = Категория
offer-vendor = Бренд
offer-vendor-code = Артикул
offer-page = Страница
offer-open = Открыть в магазине
offer-description = Описание
offer-params = Параметры
offer-prices = Цены
import-new = Загрузить фид
import-url = Адрес фида
import-url-help = YML, можно сжатый gzip, например https://shop.example/feed.xml.
import-start = Загрузить
import-file = Или файл
import-file-help = До 64 МБ; большие фиды — по адресу.
import-send = Отправить файл
import-large = Файл больше 64 МБ. Укажите вместо него адрес.
import-empty = Сначала выберите файл.
import-busy = Загрузка уже идёт. Дождитесь её конца.
import-bad-url = Это не адрес в интернете.
import-running = Идёт загрузка:
import-refused = Фид не принят, каталог прежний.
import-line = Строка { $count }:
import-done = Каталог обновлён:
import-changed = новых и изменённых: { $count }
import-removed = удалено: { $count }
import-broken-count = с ошибками: { $count }
import-broken = Товары с ошибками: строка и причина
import-line-head = Строка
import-reason = Что не так
imports-none = Загрузок пока нет
imports-none-text = Каждая загрузка оставит здесь отчёт: товары с ошибками, строка и причина.
imports-past = Прошлые загрузки
import-outcome-imported = загружено
import-outcome-refused = не принято
import-outcome-abandoned = прервано
flash-import-began = Загрузка началась.
offer-beside = Подходит к нему
beside-bought = { $count ->
    [one] куплены вместе в { $count } заказе
    [few] куплены вместе в { $count } заказах
   *[other] куплены вместе в { $count } заказах
}
beside-carted = { $count ->
    [one] вместе в корзине у { $count } посетителя
    [few] вместе в корзине у { $count } посетителей
   *[other] вместе в корзине у { $count } посетителей
}
feed-no-offer = в фиде нет ни одного пригодного товара
feed-no-offer-hint = смотрите отклонённые товары
feed-removes = пропало бы { $gone } из { $old } товаров
feed-removes-hint = исчезло бы больше половины каталога; если так и надо, загрузите его в два приёма
feed-unfetched = фид не удалось получить: { $why }
feed-store = каталог не удалось записать: { $why }
feed-stock-unknown = нет названия, а каталог не знает этого id
feed-ended = загрузка оборвалась без объяснений
