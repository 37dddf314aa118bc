BEGIN TRANSACTION;
CREATE TABLE catalogue (shop INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL);
INSERT INTO "catalogue" VALUES(1,3,1795388622389);
CREATE TABLE category (
    shop INTEGER NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (shop, id)
) WITHOUT ROWID;
INSERT INTO "category" VALUES(1,'1','','Tea');
CREATE TABLE category_next (
    shop INTEGER NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (shop, id)
) WITHOUT ROWID;
CREATE TABLE document (
    shop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    plane_version INTEGER NOT NULL,
    PRIMARY KEY (shop, kind, name)
) WITHOUT ROWID;
INSERT INTO "document" VALUES(1,'journey','abandoned-cart',2,'{"text":"# Abandoned cart: reminds a shopper of the goods she left behind.\n#\n# It starts when she has been gone for 15 minutes on every device, has something in the cart, and can be\n# written to. By default three letters go out: after 15 minutes, after 2 days and after 5 days.\n# Any order, an emptied cart or an unsubscription ends it at once.\n\njourney: abandoned-cart        # part of every message''s number: never change it\ntitle:\n  en: Abandoned cart\n  ru: Брошенная корзина\n\nclass: A                       # hot trigger: only other hot or requested mail within 4 hours holds it back\npriority: 94                   # of waiting messages the highest goes; steps 2 and 3 have 90\nholdout: 5%                    # this part of the people gets nothing, so that the gain can be measured\nabout: cart                    # one series per cart\n\nentry:\n  on: left                     # she is gone from the site and the app\n  after: 15m                   # for so long; any sign of life starts the clock anew\n  when: [cart_not_empty, reachable]\n  fresh_for: 1h                # what is reported later than this starts nothing\n  shift:                       # she has just bought something else: the whole series moves\n    by: 2d\n    when: {did: Order Completed, within: 5d}\n\nexits: [order, cart_emptied, unsubscribed]\n\ngoal:\n  event: Order Completed\n  within: 3d\n\nsteps:\n  # Four series to choose from. The test is off: everybody gets `classic`. Remove the line `only` (or set\n  # `variant` to `test` on the screen) and shoppers are divided by the shares below, for good.\n  - split: variant\n    only: classic\n    arms:\n\n      # One letter and no more.\n      once:\n        share: 20\n        steps:\n          - message: once-first\n            template: abandoned-cart-1\n            at_most_every: 24h  # a cart that changes starts the series anew, but not with the same letter\n            deadline: 24h       # not sent later than this after it fell due\n            when_beaten: postpone\n\n      # All within three days: 15 minutes, 1 day, 3 days.\n      three-days:\n        share: 20\n        steps:\n          - message: three-days-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-1d\n            for: 1d\n            from: start         # counted from the moment she left\n          - message: three-days-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-3d\n            for: 3d\n            from: start\n          - message: three-days-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The default: 15 minutes, 2 days, 5 days.\n      classic:\n        share: 40\n        steps:\n          - message: classic-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-2d\n            for: 2d\n            from: start\n          - message: classic-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-5d\n            for: 5d\n            from: start\n          - message: classic-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The first letter only after 4 hours, then 2 days and 5 days.\n      later:\n        share: 20\n        steps:\n          - wait: later-4h\n            for: 4h\n            from: start\n          - message: later-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-2d\n            for: 2d\n            from: start\n          - message: later-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-5d\n            for: 5d\n            from: start\n          - message: later-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n","on":true,"on_since":1795388622492,"set":{"holdout":"0"},"graph":1,"texts":{"1":"# Abandoned cart: reminds a shopper of the goods she left behind.\n#\n# It starts when she has been gone for 15 minutes on every device, has something in the cart, and can be\n# written to. By default three letters go out: after 15 minutes, after 2 days and after 5 days.\n# Any order, an emptied cart or an unsubscription ends it at once.\n\njourney: abandoned-cart        # part of every message''s number: never change it\ntitle:\n  en: Abandoned cart\n  ru: Брошенная корзина\n\nclass: A                       # hot trigger: only other hot or requested mail within 4 hours holds it back\npriority: 94                   # of waiting messages the highest goes; steps 2 and 3 have 90\nholdout: 5%                    # this part of the people gets nothing, so that the gain can be measured\nabout: cart                    # one series per cart\n\nentry:\n  on: left                     # she is gone from the site and the app\n  after: 15m                   # for so long; any sign of life starts the clock anew\n  when: [cart_not_empty, reachable]\n  fresh_for: 1h                # what is reported later than this starts nothing\n  shift:                       # she has just bought something else: the whole series moves\n    by: 2d\n    when: {did: Order Completed, within: 5d}\n\nexits: [order, cart_emptied, unsubscribed]\n\ngoal:\n  event: Order Completed\n  within: 3d\n\nsteps:\n  # Four series to choose from. The test is off: everybody gets `classic`. Remove the line `only` (or set\n  # `variant` to `test` on the screen) and shoppers are divided by the shares below, for good.\n  - split: variant\n    only: classic\n    arms:\n\n      # One letter and no more.\n      once:\n        share: 20\n        steps:\n          - message: once-first\n            template: abandoned-cart-1\n            at_most_every: 24h  # a cart that changes starts the series anew, but not with the same letter\n            deadline: 24h       # not sent later than this after it fell due\n            when_beaten: postpone\n\n      # All within three days: 15 minutes, 1 day, 3 days.\n      three-days:\n        share: 20\n        steps:\n          - message: three-days-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-1d\n            for: 1d\n            from: start         # counted from the moment she left\n          - message: three-days-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-3d\n            for: 3d\n            from: start\n          - message: three-days-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The default: 15 minutes, 2 days, 5 days.\n      classic:\n        share: 40\n        steps:\n          - message: classic-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-2d\n            for: 2d\n            from: start\n          - message: classic-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-5d\n            for: 5d\n            from: start\n          - message: classic-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The first letter only after 4 hours, then 2 days and 5 days.\n      later:\n        share: 20\n        steps:\n          - wait: later-4h\n            for: 4h\n            from: start\n          - message: later-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-2d\n            for: 2d\n            from: start\n          - message: later-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-5d\n            for: 5d\n            from: start\n          - message: later-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n"}}',1795388622492,'command line',5);
INSERT INTO "document" VALUES(1,'key','03YIUFk1Xbs88RwyWM4wfABphqMgx7Us1-E5RAHrLuE',1,'{"kind":"server","hint":"sk_YkOp…"}',1795388622167,'init',1);
INSERT INTO "document" VALUES(1,'key','wk_gH6YHl60f5kw9QmbfwYa',1,'{"kind":"write","hint":"wk_gH6YHl60f5kw9QmbfwYa"}',1795388622167,'init',1);
INSERT INTO "document" VALUES(1,'secret','main',1,'"XDPHcSbws7pjbEeKxPK4/Vr3jzcsGVc4nx2haEYsbo4="',1795388622167,'init',1);
INSERT INTO "document" VALUES(1,'settings','main',2,'{"mode":"open","global_holdout_ppm":0,"stopped":false,"time_zone":"Europe/Moscow","quiet_until_hour":9,"quiet_from_hour":21,"attribution_days":5,"smtp_url":"","from":"","dkim_domain":"","dkim_selector":"","dkim_key":"","public_origin":""}',1795388622492,'command line',5);
INSERT INTO "document" VALUES(1,'shop','main',2,'{"name":"Tea","site":"https://shop.example/","phones":[],"hours":"","address":"","email":"","logo":"","cart_url":"","locale":"en"}',1795388622432,'feed',4);
INSERT INTO "document" VALUES(1,'staff','owner@shop.example',1,'{"password":"$argon2id$v=19$m=19456,t=2,p=1$AKnkrnMIELep3KPHqx/Ltg$rSltSdSidDlluBac8y1Qko7HrzASsJ71mBzuenra2vU","role":"owner","locale":"en"}',1795388622323,'owner@shop.example',2);
CREATE TABLE document_past (
    shop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (shop, kind, name, version)
) WITHOUT ROWID;
INSERT INTO "document_past" VALUES(1,'journey','abandoned-cart',1,'{"text":"# Abandoned cart: reminds a shopper of the goods she left behind.\n#\n# It starts when she has been gone for 15 minutes on every device, has something in the cart, and can be\n# written to. By default three letters go out: after 15 minutes, after 2 days and after 5 days.\n# Any order, an emptied cart or an unsubscription ends it at once.\n\njourney: abandoned-cart        # part of every message''s number: never change it\ntitle:\n  en: Abandoned cart\n  ru: Брошенная корзина\n\nclass: A                       # hot trigger: only other hot or requested mail within 4 hours holds it back\npriority: 94                   # of waiting messages the highest goes; steps 2 and 3 have 90\nholdout: 5%                    # this part of the people gets nothing, so that the gain can be measured\nabout: cart                    # one series per cart\n\nentry:\n  on: left                     # she is gone from the site and the app\n  after: 15m                   # for so long; any sign of life starts the clock anew\n  when: [cart_not_empty, reachable]\n  fresh_for: 1h                # what is reported later than this starts nothing\n  shift:                       # she has just bought something else: the whole series moves\n    by: 2d\n    when: {did: Order Completed, within: 5d}\n\nexits: [order, cart_emptied, unsubscribed]\n\ngoal:\n  event: Order Completed\n  within: 3d\n\nsteps:\n  # Four series to choose from. The test is off: everybody gets `classic`. Remove the line `only` (or set\n  # `variant` to `test` on the screen) and shoppers are divided by the shares below, for good.\n  - split: variant\n    only: classic\n    arms:\n\n      # One letter and no more.\n      once:\n        share: 20\n        steps:\n          - message: once-first\n            template: abandoned-cart-1\n            at_most_every: 24h  # a cart that changes starts the series anew, but not with the same letter\n            deadline: 24h       # not sent later than this after it fell due\n            when_beaten: postpone\n\n      # All within three days: 15 minutes, 1 day, 3 days.\n      three-days:\n        share: 20\n        steps:\n          - message: three-days-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-1d\n            for: 1d\n            from: start         # counted from the moment she left\n          - message: three-days-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-3d\n            for: 3d\n            from: start\n          - message: three-days-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The default: 15 minutes, 2 days, 5 days.\n      classic:\n        share: 40\n        steps:\n          - message: classic-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-2d\n            for: 2d\n            from: start\n          - message: classic-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-5d\n            for: 5d\n            from: start\n          - message: classic-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The first letter only after 4 hours, then 2 days and 5 days.\n      later:\n        share: 20\n        steps:\n          - wait: later-4h\n            for: 4h\n            from: start\n          - message: later-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-2d\n            for: 2d\n            from: start\n          - message: later-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-5d\n            for: 5d\n            from: start\n          - message: later-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n","on":false,"on_since":0,"set":{},"graph":1,"texts":{"1":"# Abandoned cart: reminds a shopper of the goods she left behind.\n#\n# It starts when she has been gone for 15 minutes on every device, has something in the cart, and can be\n# written to. By default three letters go out: after 15 minutes, after 2 days and after 5 days.\n# Any order, an emptied cart or an unsubscription ends it at once.\n\njourney: abandoned-cart        # part of every message''s number: never change it\ntitle:\n  en: Abandoned cart\n  ru: Брошенная корзина\n\nclass: A                       # hot trigger: only other hot or requested mail within 4 hours holds it back\npriority: 94                   # of waiting messages the highest goes; steps 2 and 3 have 90\nholdout: 5%                    # this part of the people gets nothing, so that the gain can be measured\nabout: cart                    # one series per cart\n\nentry:\n  on: left                     # she is gone from the site and the app\n  after: 15m                   # for so long; any sign of life starts the clock anew\n  when: [cart_not_empty, reachable]\n  fresh_for: 1h                # what is reported later than this starts nothing\n  shift:                       # she has just bought something else: the whole series moves\n    by: 2d\n    when: {did: Order Completed, within: 5d}\n\nexits: [order, cart_emptied, unsubscribed]\n\ngoal:\n  event: Order Completed\n  within: 3d\n\nsteps:\n  # Four series to choose from. The test is off: everybody gets `classic`. Remove the line `only` (or set\n  # `variant` to `test` on the screen) and shoppers are divided by the shares below, for good.\n  - split: variant\n    only: classic\n    arms:\n\n      # One letter and no more.\n      once:\n        share: 20\n        steps:\n          - message: once-first\n            template: abandoned-cart-1\n            at_most_every: 24h  # a cart that changes starts the series anew, but not with the same letter\n            deadline: 24h       # not sent later than this after it fell due\n            when_beaten: postpone\n\n      # All within three days: 15 minutes, 1 day, 3 days.\n      three-days:\n        share: 20\n        steps:\n          - message: three-days-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-1d\n            for: 1d\n            from: start         # counted from the moment she left\n          - message: three-days-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: three-days-3d\n            for: 3d\n            from: start\n          - message: three-days-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The default: 15 minutes, 2 days, 5 days.\n      classic:\n        share: 40\n        steps:\n          - message: classic-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-2d\n            for: 2d\n            from: start\n          - message: classic-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: classic-5d\n            for: 5d\n            from: start\n          - message: classic-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n\n      # The first letter only after 4 hours, then 2 days and 5 days.\n      later:\n        share: 20\n        steps:\n          - wait: later-4h\n            for: 4h\n            from: start\n          - message: later-first\n            template: abandoned-cart-1\n            at_most_every: 24h\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-2d\n            for: 2d\n            from: start\n          - message: later-second\n            template: abandoned-cart-2\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n          - wait: later-5d\n            for: 5d\n            from: start\n          - message: later-third\n            template: abandoned-cart-3\n            priority: 90\n            deadline: 24h\n            when_beaten: postpone\n"}}',1795388622167,'init');
CREATE TABLE import (
    shop INTEGER NOT NULL PRIMARY KEY,
    token INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
);
INSERT INTO "import" VALUES(1,2,1795388622389);
CREATE TABLE import_report (
    seq INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    imported INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    examples TEXT NOT NULL
);
INSERT INTO "import_report" VALUES(1,1,1795388622389,'imported',6,6,0,0,'[]');
CREATE TABLE offer (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    product INTEGER NOT NULL,
    category TEXT NOT NULL,
    minor INTEGER,
    currency TEXT NOT NULL,
    available INTEGER NOT NULL,
    stock INTEGER,
    search TEXT NOT NULL,
    digest INTEGER NOT NULL,
    PRIMARY KEY (shop, number)
) WITHOUT ROWID;
INSERT INTO "offer" VALUES(1,-6841298639715743601,'P-3',-6841298639715743601,'1',10300,'RUB',1,NULL,'tea 3
p-3
',-2736541794128223040);
INSERT INTO "offer" VALUES(1,-5267981287195130641,'P-4',-5267981287195130641,'1',10400,'RUB',1,NULL,'tea 4
p-4
',7544419590737381201);
INSERT INTO "offer" VALUES(1,-3801416324440710016,'P-2',-3801416324440710016,'1',10200,'RUB',1,NULL,'tea 2
p-2
',-3192138459808787213);
INSERT INTO "offer" VALUES(1,-2312030191578063730,'P-0',-2312030191578063730,'1',10000,'RUB',1,NULL,'tea 0
p-0
',-5821982367098725360);
INSERT INTO "offer" VALUES(1,2244143136960226334,'P-5',2244143136960226334,'1',10500,'RUB',1,NULL,'tea 5
p-5
',1635115659883618036);
INSERT INTO "offer" VALUES(1,7794896193931706035,'P-1',7794896193931706035,'1',10100,'RUB',1,NULL,'tea 1
p-1
',5398347659243007091);
CREATE TABLE offer_next (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body TEXT,
    id TEXT,
    product INTEGER,
    category TEXT,
    minor INTEGER,
    currency TEXT,
    available INTEGER,
    stock INTEGER,
    search TEXT,
    digest INTEGER,
    PRIMARY KEY (shop, number)
) WITHOUT ROWID;
CREATE TABLE offer_text (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, number)
) WITHOUT ROWID;
INSERT INTO "offer_text" VALUES(1,-6841298639715743601,'{"id":"P-3","group":"","title":"Tea 3","url":"https://shop.example/p/3","pictures":["https://shop.example/i/3.jpg"],"price":{"minor":10300,"currency":"RUB"},"old_price":null,"available":true,"stock":null,"category":"1","vendor":"","vendor_code":"","description":"","params":[]}');
INSERT INTO "offer_text" VALUES(1,-5267981287195130641,'{"id":"P-4","group":"","title":"Tea 4","url":"https://shop.example/p/4","pictures":["https://shop.example/i/4.jpg"],"price":{"minor":10400,"currency":"RUB"},"old_price":null,"available":true,"stock":null,"category":"1","vendor":"","vendor_code":"","description":"","params":[]}');
INSERT INTO "offer_text" VALUES(1,-3801416324440710016,'{"id":"P-2","group":"","title":"Tea 2","url":"https://shop.example/p/2","pictures":["https://shop.example/i/2.jpg"],"price":{"minor":10200,"currency":"RUB"},"old_price":null,"available":true,"stock":null,"category":"1","vendor":"","vendor_code":"","description":"","params":[]}');
INSERT INTO "offer_text" VALUES(1,-2312030191578063730,'{"id":"P-0","group":"","title":"Tea 0","url":"https://shop.example/p/0","pictures":["https://shop.example/i/0.jpg"],"price":{"minor":10000,"currency":"RUB"},"old_price":null,"available":true,"stock":null,"category":"1","vendor":"","vendor_code":"","description":"","params":[]}');
INSERT INTO "offer_text" VALUES(1,2244143136960226334,'{"id":"P-5","group":"","title":"Tea 5","url":"https://shop.example/p/5","pictures":["https://shop.example/i/5.jpg"],"price":{"minor":10500,"currency":"RUB"},"old_price":null,"available":true,"stock":null,"category":"1","vendor":"","vendor_code":"","description":"","params":[]}');
INSERT INTO "offer_text" VALUES(1,7794896193931706035,'{"id":"P-1","group":"","title":"Tea 1","url":"https://shop.example/p/1","pictures":["https://shop.example/i/1.jpg"],"price":{"minor":10100,"currency":"RUB"},"old_price":null,"available":true,"stock":null,"category":"1","vendor":"","vendor_code":"","description":"","params":[]}');
CREATE TABLE plane (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
INSERT INTO "plane" VALUES(1,5);
CREATE TABLE price_change (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    old INTEGER,
    new INTEGER,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop, number, at)
) WITHOUT ROWID;
CREATE TABLE session (
    token BLOB NOT NULL PRIMARY KEY,
    staff TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX document_changed ON document (plane_version);
CREATE INDEX session_staff ON session (staff);
CREATE INDEX import_report_shop ON import_report (shop, seq);
COMMIT;
PRAGMA user_version = 1;
