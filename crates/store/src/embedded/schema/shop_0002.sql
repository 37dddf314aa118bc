-- The shop's plane, version 2.

-- Texts of templates as they were in force, by their digest, so that a message can be shown as it was sent.
CREATE TABLE template_text (
    shop INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, digest)
) WITHOUT ROWID;
