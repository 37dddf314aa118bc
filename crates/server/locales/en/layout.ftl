skip = Skip to content
nav = Menu
nav-home = Home
nav-customers = Customers
nav-messages = Messages
nav-journeys = Journeys
nav-catalogue = Catalogue
nav-developers = Developers
nav-settings = Settings
sign-out = Sign out
copy = Copy
copied = Copied
newer = Newer
older = Older
pages = Pages
save = Save
confirm-yes = Yes, do it
nav-more = More
nav-dock = Main pages
cancel = Cancel
theme-to-light = Switch to the light theme
theme-to-dark = Switch to the dark theme
theme-to-auto = Follow the system's theme
stopped-banner = Everything is stopped: no message goes out.
stopped-open = Open the switch
to-home = To the home page
problem-title = That did not work
problem-right = Your role does not allow this. An owner of the shop can change your role.
problem-origin = This form was sent from another site, so nothing was changed. Open the page here and try again.
problem-form = This form is too old, or was sent from another site. Nothing was changed. Go back, reload the page and try again.
problem-large = This form is too large: at most 2 MB are taken.
problem-store = The store does not answer now. Nothing was changed. Try again in a moment.
problem-away = The store does not answer now, so nobody can be recognised. What is wrong is said by `beckon doctor` on the server, by /health/ready, and by the log. This page works again as soon as the store answers.
problem-missing = There is nothing at this address.
problem-conflict = Somebody else changed this meanwhile. What you see now are the newer values; enter yours again.
flash-saved = Saved.
flash-removed = Removed.
flash-signed-out = You are signed out.
events-count = { $count ->
    [one] { $count } event
   *[other] { $count } events
}
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
flash-conflict = Somebody else changed this meanwhile, so nothing was changed. Look at it again.
error-missing = This is missing or too long.
error-long = This is too long: at most 300 letters.
error-web = A web address begins with http:// or https://.
