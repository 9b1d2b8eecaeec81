-- +goose Up
-- A session is complete once all that its user must prove is proved: password, and second factor where there is one.
ALTER TABLE session ADD COLUMN complete BOOLEAN NOT NULL DEFAULT FALSE;

-- The password was given by somebody else: its owner must choose another one first.
ALTER TABLE users ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE;

-- account and address are keyed hashes here and below, so that neither can be read back.
CREATE INDEX login_failure_account ON login_failure (account, address, at);
CREATE INDEX login_failure_address ON login_failure (address, at);

-- From where an account has been logged into: somebody else's guesses elsewhere do not slow its owner down there.
CREATE TABLE login_known (
    account TEXT   NOT NULL,
    address TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (account, address)
);
CREATE INDEX login_known_at ON login_known (at);

-- +goose Down
-- Forward only.
SELECT 1;
