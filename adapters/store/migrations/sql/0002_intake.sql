-- A door numbers its receipts. `answered` = every number up to here was answered, or voided in `door_void`.
CREATE TABLE door (
    door uuid PRIMARY KEY,
    process text NOT NULL,
    opened_at timestamptz NOT NULL,
    answered bigint NOT NULL DEFAULT 0
);

CREATE TABLE door_void (
    door uuid NOT NULL REFERENCES door,
    number bigint NOT NULL,
    PRIMARY KEY (door, number)
);

-- Everything a receipt became. A second copy conflicts here and is counted as redelivered.
CREATE TABLE receipt (
    door uuid NOT NULL,
    number bigint NOT NULL,
    receipt_id uuid NOT NULL,
    source_id text NOT NULL,
    organisation text NOT NULL,
    received_at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('read', 'quarantined')),
    format text,
    signals integer NOT NULL,
    reasons text[] NOT NULL,
    evidence text,
    PRIMARY KEY (door, number)
);
CREATE INDEX receipt_id ON receipt (receipt_id);

CREATE TABLE quarantine (
    receipt_id uuid PRIMARY KEY,
    source_id text NOT NULL,
    organisation text NOT NULL,
    received_at timestamptz NOT NULL,
    reasons text[] NOT NULL,
    headers jsonb NOT NULL,
    raw bytea NOT NULL,
    resent_at timestamptz
);
CREATE INDEX quarantine_organisation ON quarantine (organisation, received_at DESC);

CREATE TABLE evidence (
    content_hash text PRIMARY KEY,
    raw bytea NOT NULL,
    kept_at timestamptz NOT NULL
);

CREATE TABLE signal (
    signal_id uuid PRIMARY KEY,
    receipt_id uuid NOT NULL,
    place integer NOT NULL,
    municipality text NOT NULL,
    verdict text NOT NULL,
    incident_id uuid,
    observed_at timestamptz NOT NULL,
    explanation text NOT NULL,
    normal jsonb NOT NULL,
    UNIQUE (receipt_id, place)
);
CREATE INDEX signal_incident ON signal (incident_id, observed_at DESC) WHERE incident_id IS NOT NULL;
CREATE INDEX signal_noted ON signal (municipality, observed_at DESC) WHERE verdict = 'noted';

CREATE TABLE seen (
    dedupe_key text PRIMARY KEY,
    signal_id text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX seen_age ON seen (at);

-- Counted in the transaction of the batch, so that the ledger never counts millions of rows.
CREATE TABLE tally (
    name text PRIMARY KEY,
    value bigint NOT NULL
);
INSERT INTO tally (name, value)
SELECT name, 0 FROM unnest(ARRAY['read', 'quarantined', 'signals', 'in_incidents', 'noted', 'duplicates',
    'refused_rows', 'redelivered', 'lost']) AS name;

CREATE TABLE intake_position (
    topic text NOT NULL,
    partition integer NOT NULL,
    cluster_id text NOT NULL,
    topic_id text NOT NULL,
    read_to bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

CREATE TABLE spool (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key bytea NOT NULL,
    headers jsonb NOT NULL,
    value bytea NOT NULL,
    spooled_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE raw_body (
    reference uuid PRIMARY KEY,
    body bytea NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON door, door_void, receipt, quarantine, evidence, signal, seen, tally, intake_position, spool,
    raw_body TO driehoek_app;
