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
