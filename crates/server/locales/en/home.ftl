home-today = Today
home-events = Events
home-entered = Entered journeys
home-sent = Sent
home-opened = Opened
home-clicked = Clicked
home-orders = Orders credited
home-todo = Needs a decision
home-todo-none = Nothing waits for you.
home-chart = Messages sent, by day
home-chart-day = Day
home-chart-messages = Messages
home-chart-summary = { $count ->
    [one] { $count } message in the last 14 days
   *[other] { $count } messages in the last 14 days
}
todo-look = Look at it
todo-decide = Decide
todo-enter = Enter it
todo-unknown = { $count ->
    [one] { $count } message may or may not have been sent: the line broke at the wrong moment.
   *[other] { $count } messages may or may not have been sent: the line broke at the wrong moment.
}
todo-parked = { $count ->
    [one] { $count } input could not be applied and waits for you.
   *[other] { $count } inputs could not be applied and wait for you.
}
todo-trouble = This cannot be used: { $what }
todo-relay = No mail goes out: the mail relay or the sender is missing or cannot be used.
todo-origin = Links in mails lead to this machine: enter the public address.
todo-address = The postal address is missing: the law wants it in every mail.
todo-catalogue = The catalogue is empty: without it no product can be shown.
todo-suspicion = The data may be a copy or an old backup: { $why }
home-before = yesterday by now { $yesterday }, a week ago { $week }
home-events-chart = Events, by day
home-events-summary = { $count ->
    [one] { $count } event in the last 14 days
   *[other] { $count } events in the last 14 days
}
home-revenue-chart = Earned by orders credited to messages, by day
home-revenue-summary = { $sum } in the last 14 days
todo-import = Import the feed
todo-connect = Connect the shop
todo-switch-on = Switch one on
todo-stopped = Everything is stopped: nothing is sent until somebody goes on.
todo-consent = { $count ->
    [one] { $count } message was withheld in 7 days because nobody agreed to mails, and none was sent: ask for consent where an address is entered, and report it.
   *[other] { $count } messages were withheld in 7 days because nobody agreed to mails, and none was sent: ask for consent where an address is entered, and report it.
}
todo-complaints = { $share } of the messages of 7 days ({ $count }) were reported as spam. Google asks for less than 0.1% and puts mails aside from 0.3% (Email sender guidelines).
todo-bounces = { $share } of the messages of 7 days ({ $count }) came back or were refused. From 5% Amazon SES reviews a sender; from 2% on the list should be cleaned.
todo-feed-failing = The last import of the feed failed: prices and stock in mails may be wrong.
todo-feed-old = The feed was imported { $age } ago: prices and stock in mails may be wrong.
todo-journeys-off = No journey is switched on: nothing is sent by itself.
todo-events = No event has arrived in 30 days: put the snippet on the pages of the shop.
