reason-bought-together = вместе с «{ $with }» купили в { $count } { $count ->
    [one] заказе
    [few] заказах
   *[other] заказах
}
reason-carted-together = вместе с «{ $with }» в корзину положили { $count } { $count ->
    [one] покупатель
    [few] покупателя
   *[other] покупателей
}
reason-bought-later = после «{ $with }» купили { $count } { $count ->
    [one] раз
    [few] раза
   *[other] раз
}
reason-viewed-together = вместе с «{ $with }» смотрели { $count } { $count ->
    [one] покупатель
    [few] покупателя
   *[other] покупателей
}
reason-also-viewed = из { $of } смотревших «{ $with }» посмотрели и это: { $count }
reason-then-bought = из { $of } смотревших «{ $with }» купили это: { $count }
reason-accessory = аксессуар к «{ $with }»
reason-accessory-learned = к «{ $with }» это взяли в { $count } { $count ->
    [one] заказе
    [few] заказах
   *[other] заказах
}
reason-like-visits = в похожих визитах после «{ $with }» смотрели это
reason-seen-before = вы это смотрели
reason-content = того же рода, что «{ $with }»
reason-similar-brand = похоже на «{ $with }», та же марка
reason-similar = похоже на «{ $with }»
reason-up-sell = лучше, чем «{ $with }», дороже на { $count } %
reason-multi-buy = { $count } по цене { $paid }
reason-bestseller = хит: { $count } { $count ->
    [one] заказ
    [few] заказа
   *[other] заказов
}
reason-bestseller-category = хит категории «{ $category }»: { $count } { $count ->
    [one] заказ
    [few] заказа
   *[other] заказов
}
reason-bestseller-of = хит { $period }: { $count } { $count ->
    [one] заказ
    [few] заказа
   *[other] заказов
}
reason-bestseller-of-category = хит { $period } в категории «{ $category }»: { $count } { $count ->
    [one] заказ
    [few] заказа
   *[other] заказов
}
reason-bestseller-city = хит, { $city }: { $count } { $count ->
    [one] заказ
    [few] заказа
   *[other] заказов
}
reason-popular = { $count } { $count ->
    [one] просмотр
    [few] просмотра
   *[other] просмотров
} за последнее время
reason-popular-category = «{ $category }»: { $count } { $count ->
    [one] просмотр
    [few] просмотра
   *[other] просмотров
} за последнее время
reason-new = новинка
reason-added = { $count ->
    [0] добавлено сегодня
    [one] добавлено { $count } день назад
    [few] добавлено { $count } дня назад
   *[other] добавлено { $count } дней назад
}
reason-coming-soon = скоро в продаже
reason-top-rated = { $stars } из 5, { $count } { $count ->
    [one] оценка
    [few] оценки
   *[other] оценок
}
reason-discounted = скидка { $count } %
reason-holiday = к празднику: { $tag }
reason-favourite = из избранного
reason-left-in-cart = осталось в корзине
reason-subscribed = из категории «{ $category }», на которую есть подписка
reason-fits-profile = подходит: { $name } { $value }
reason-likes-brand = той же марки, что «{ $with }»
reason-likes-category = из любимой категории «{ $category }»
reason-searched = найдено по запросу «{ $query }»
reason-repeat-due = покупают раз в { $count } { $count ->
    [one] день
    [few] дня
   *[other] дней
}, последний раз { $ago } { $ago ->
    [one] день
    [few] дня
   *[other] дней
} назад
reason-habit = уже покупали { $count } { $count ->
    [one] раз
    [few] раза
   *[other] раз
}
reason-pinned = поставлено правилом
reason-in-stock = есть в наличии
reason-period-trend = последнего времени
reason-period-week = недели
reason-period-month = месяца
reason-third-party = рекомендует служба магазина
