CREATE TABLE account (
    account_id uuid PRIMARY KEY,
    login text NOT NULL,
    home_organisation text NOT NULL,
    state jsonb NOT NULL,
    password_hash text,
    totp_secret text,
    totp_step bigint NOT NULL DEFAULT -1
);
CREATE UNIQUE INDEX account_login ON account (lower(login));
CREATE INDEX account_home ON account (home_organisation);

CREATE TABLE holding (
    account_id uuid NOT NULL REFERENCES account,
    organisation text NOT NULL,
    function text NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (account_id, organisation, function)
);
CREATE INDEX holding_of_organisation ON holding (organisation, function);

CREATE TABLE recovery_code (
    account_id uuid NOT NULL REFERENCES account,
    code_hash text NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE one_time_link (
    token_hash text PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    purpose text NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE session (
    session_id uuid PRIMARY KEY,
    token_hash text NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES account,
    expires_at timestamptz NOT NULL,
    state jsonb NOT NULL
);
CREATE INDEX session_of_account ON session (account_id);

CREATE TABLE source (
    source_id text PRIMARY KEY,
    token_hash text NOT NULL UNIQUE,
    organisation text NOT NULL,
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX source_of_organisation ON source (organisation);

CREATE TABLE register_entry (
    municipality text NOT NULL,
    entry text NOT NULL,
    entry_id text NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (municipality, entry, entry_id)
);

CREATE TABLE draft (
    account_id uuid PRIMARY KEY REFERENCES account,
    at timestamptz NOT NULL,
    fields jsonb NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE
    ON account, holding, recovery_code, one_time_link, session, source, register_entry, draft TO driehoek_app;
